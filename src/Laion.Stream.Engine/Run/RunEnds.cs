using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Output;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Run;

/// <summary>Commits the open files, then the last drops; or deletes the files and keeps the drops.</summary>
internal sealed partial class RunEnds(IReadOnlyList<IPartWriter> writers, RunState state, ILogger<RunEnds> log) : IRunEnds
{
    /// <inheritdoc/>
    public async Task CommitAsync()
    {
        foreach (IPartWriter writer in writers) { await writer.CompleteAsync(); }
        await state.FlushAsync();
    }

    /// <inheritdoc/>
    public async Task AbandonAsync()
    {
        // Runs after a fault, perhaps the disk's own: a failure here is logged and must not hide the cause.
        try
        {
            foreach (IPartWriter writer in writers) { await writer.AbandonAsync(); }
            await state.FlushAsync();
        }
        catch (IOException e)
        {
            Log.NotTidied(log, e.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(920, LogLevel.Warning, "Could not clean up after the abort; the next start will: {Cause}")]
        public static partial void NotTidied(ILogger log, string cause);
    }
}
