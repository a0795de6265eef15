using LaionStream.Dataset.Rows;
using LaionStream.Engine.Download;
using LaionStream.Engine.Flow;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Decoding.Isolation;

/// <summary>The decode stage through a child process: the same outcomes, and one more when the picture ends the process or exceeds its limits.</summary>
/// <param name="children">The processes.</param>
/// <param name="reuse">Whether a process may have decoded other pictures before.</param>
/// <param name="pixels">The slice of the memory budget for decoded pixels.</param>
/// <param name="note">Records a picture that is found to be poison, before its row is dropped.</param>
/// <param name="log">Logs it.</param>
/// <param name="keeper">Keeps what the output stores of a picture; null for nothing.</param>
internal sealed partial class IsolatedDecode(
    DecodeChildren children, bool reuse, ByteBudget pixels, Action<FetchedImage, ChildEnd> note, ILogger<IsolatedDecode> log, PictureKeeper? keeper = null)
{
    private const int Attempts = 3;

    private readonly PoisonBudget _poison = new();

    /// <summary>Prepares one picture.</summary>
    /// <param name="image">The fetched bytes; disposed on every path.</param>
    /// <param name="abort">Cancels the wait for memory, and ends the process.</param>
    /// <exception cref="InvalidOperationException">No process can be started, or more pictures were poison than <see cref="PoisonBudget"/> allows.</exception>
    public async ValueTask<Step<PreparedImage>> RunAsync(FetchedImage image, CancellationToken abort)
    {
        _poison.NoteRow();
        using (image)
        {
            for (int attempt = 1; ; attempt++)
            {
                abort.ThrowIfCancellationRequested();
                DecodeChild child = children.Take(fresh: !reuse || attempt > 1);
                bool sound = false;
                try
                {
                    Step<PreparedImage> step = await TryAsync(child, image, abort);
                    sound = true;
                    return step;
                }
                catch (ChildDiedException e)
                {
                    // The end may have been caused by a picture before this one, or from outside: then a new process decides.
                    bool certain = child.Pictures == 1 && !e.End.FromOutside;
                    if (certain || attempt == Attempts) { return Poison(image, e); }
                    Log.DecodedAgain(log, image.Key, e.End);
                }
                finally
                {
                    if (sound && reuse) { children.Give(child); }
                    else { child.Dispose(); }
                }
            }
        }
    }

    private async ValueTask<Step<PreparedImage>> TryAsync(DecodeChild child, FetchedImage image, CancellationToken abort)
    {
        ChildAnswer head = child.Judge(image.Body.Memory, abort);
        if (head.Reason is not null || head.Broken is not null) { return Drop(image, head); }

        ByteLease lease = await pixels.ReserveAsync(head.Bytes, abort);
        bool joined = false;
        try
        {
            ChildAnswer answer = child.Prepare(image.Body.Memory.Length, head.Bytes, abort);
            if (answer.Picture is not { } picture) { return Drop(image, answer); }

            PictureKeeper keeps = keeper ?? PictureKeeper.None;
            FileFacts file = keeps.FactsOf(image);
            joined = true;
            return keeps.Join(image, picture, file, lease);
        }
        finally
        {
            if (!joined) { lease.Dispose(); }
        }
    }

    private DropReason Drop(FetchedImage image, in ChildAnswer answer)
    {
        if (answer.Broken is { } cause)
        {
            Log.Broke(log, image.Key, cause);
            _poison.Spend(new InvalidOperationException(cause));
            return DropReason.Poison;
        }

        if (answer.Reason == DropReason.DecodeFailed) { Log.IsolatedDecodeFailed(log, image.Key, answer.Cause); }
        return answer.Reason!.Value;
    }

    private DropReason Poison(FetchedImage image, ChildDiedException death)
    {
        Log.ProcessEnded(log, image.Key, death.End, KnownPoison.Digest(image.Body.Memory.Span));
        note(image, death.End);
        _poison.Spend(death);
        return DropReason.Poison;
    }

    private static partial class Log
    {
        [LoggerMessage(1522, LogLevel.Warning, "Row {Row} ended its decoding process ({End}): it is dropped as poison. SHA-256 of the picture: {Digest}")]
        public static partial void ProcessEnded(ILogger log, RowKey row, ChildEnd end, string digest);

        [LoggerMessage(1523, LogLevel.Information, "The process that decoded row {Row} ended ({End}): the row is decoded once more in a process of its own")]
        public static partial void DecodedAgain(ILogger log, RowKey row, ChildEnd end);

        [LoggerMessage(1524, LogLevel.Warning, "Row {Row} broke the decoder: {Cause}")]
        public static partial void Broke(ILogger log, RowKey row, string cause);

        [LoggerMessage(1525, LogLevel.Debug, "Row {Row} does not decode: {Cause}")]
        public static partial void IsolatedDecodeFailed(ILogger log, RowKey row, string cause);
    }
}
