using System.Buffers;
using System.IO.Pipelines;

namespace LaionStream.Host.Verbs.Explain;

/// <summary>Reads questions and writes answers, line by line. Answers are flushed whenever the input pauses, so that a script may wait for each one.</summary>
internal static class ExplainLoop
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Runs to the end of the input.</summary>
    /// <param name="input">UTF-8 lines; a byte order mark is skipped.</param>
    /// <param name="output">Receives one line per line; flushed on every exit.</param>
    /// <param name="answer">Answers one line, without its line end.</param>
    /// <param name="stop">Ends the loop, also while it waits for input.</param>
    /// <exception cref="OperationCanceledException">Stopped; all answers so far are written.</exception>
    public static async Task RunAsync(Stream input, TextWriter output, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<string>> answer,
        CancellationToken stop)
    {
        PipeReader reader = PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: 1 << 16));
        try
        {
            bool first = true;
            for (bool ended = false; !ended;)
            {
                // The wait is cancelled, not the read: a read of a terminal or a pipe cannot be cancelled.
                ReadResult read = await reader.ReadAsync(CancellationToken.None).AsTask().WaitAsync(stop);
                ended = read.IsCompleted;
                ReadOnlySequence<byte> left = read.Buffer;
                while (TryTakeLine(ref left, ended, out ReadOnlySequence<byte> line))
                {
                    stop.ThrowIfCancellationRequested();
                    ReadOnlyMemory<byte> bytes = line.IsSingleSegment ? line.First : line.ToArray();
                    if (first && bytes.Span.StartsWith(ByteOrderMark)) { bytes = bytes[ByteOrderMark.Length..]; }
                    first = false;
                    await output.WriteLineAsync(await answer(bytes, stop));
                }

                reader.AdvanceTo(left.Start, left.End);
                await output.FlushAsync(CancellationToken.None);
            }
        }
        finally
        {
            await output.FlushAsync(CancellationToken.None);
        }
    }

    /// <summary>Takes a complete line; at the end of the input, also one without a line end.</summary>
    private static bool TryTakeLine(ref ReadOnlySequence<byte> left, bool ended, out ReadOnlySequence<byte> line)
    {
        if (left.PositionOf((byte)'\n') is { } end)
        {
            line = left.Slice(0, end);
            left = left.Slice(left.GetPosition(1, end));
            return true;
        }

        line = left;
        if (!ended || left.IsEmpty) { return false; }
        left = left.Slice(left.End);
        return true;
    }
}
