using System.Buffers.Binary;
using LaionStream.Dataset.Vectors;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Scoring;

namespace LaionStream.Engine.Output;

/// <summary>The vectors of a part, as a NumPy matrix of float16: one a row, in the order of the rows.</summary>
/// <remarks>Rows go to the stream as they come. The head, which counts them, is written last, into the place that was left for it.</remarks>
internal sealed class VectorFile : IPartFile<KeptRow>
{
    private readonly Stream _output;
    private readonly Func<RowPayload, Half[]?> _vectorOf;
    private byte[] _buffer = [];
    private int _filled;
    private int _width;
    private long _rows;

    private VectorFile(Stream output, Func<RowPayload, Half[]?> vectorOf) => (_output, _vectorOf) = (output, vectorOf);

    /// <inheritdoc/>
    public long Bytes => NpyHeader.Bytes + (_rows * _width * NpyHeader.NumberBytes);

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Head => NpyHeader.Make(_rows, _width);

    /// <summary>The kind.</summary>
    /// <param name="role">Which vectors.</param>
    /// <param name="name">How the files are named.</param>
    /// <param name="vectorOf">Takes them from what a row owns.</param>
    public static PartFileKind<KeptRow> Kind(string role, PartName name, Func<RowPayload, Half[]?> vectorOf) =>
        new(role, name, (output, _) => BeginAsync(output, vectorOf)) { HasHead = true };

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The row has no vector, or one of another length than the rows before it.</exception>
    public ValueTask AddAsync(KeptRow row, CancellationToken abort)
    {
        Half[] vector = row.Payload is RowPayload payload
            && _vectorOf(payload) is { } own ? own : throw new InvalidOperationException($"Row {row.Key} came to the writer without its vector.");
        if (_rows == 0) { Begin(vector.Length); }
        if (vector.Length != _width)
        {
            throw new InvalidOperationException($"Row {row.Key} has a vector of {vector.Length} numbers, the rows before it of {_width}.");
        }

        Write(vector, _buffer.AsSpan(_filled));
        _filled += vector.Length * NpyHeader.NumberBytes;
        _rows++;
        return _filled == _buffer.Length ? FlushAsync(abort) : ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask CompleteAsync() => FlushAsync(CancellationToken.None);

    private static async ValueTask<IPartFile<KeptRow>> BeginAsync(Stream output, Func<RowPayload, Half[]?> vectorOf)
    {
        await output.WriteAsync(new byte[NpyHeader.Bytes]);
        return new VectorFile(output, vectorOf);
    }

    /// <summary>Makes the buffer: some 64 KB of whole vectors, for a write costs a system call.</summary>
    private void Begin(int width)
    {
        _width = width;
        _buffer = new byte[Math.Max(1, (64 << 10) / (width * NpyHeader.NumberBytes)) * width * NpyHeader.NumberBytes];
    }

    private static void Write(ReadOnlySpan<Half> vector, Span<byte> to)
    {
        for (int i = 0; i < vector.Length; i++) { BinaryPrimitives.WriteHalfLittleEndian(to[(i * NpyHeader.NumberBytes)..], vector[i]); }
    }

    private async ValueTask FlushAsync(CancellationToken abort)
    {
        await _output.WriteAsync(_buffer.AsMemory(0, _filled), abort);
        _filled = 0;
    }
}
