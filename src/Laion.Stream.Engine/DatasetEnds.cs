using LaionStream.Engine.Checkpoint;
using LaionStream.Engine.Writing;

namespace LaionStream.Engine;

/// <summary>Commits the open files of every set, then the last drops; or abandons the files and keeps the drops.</summary>
internal sealed class DatasetEnds(RowWriters writers, RunState state) : IRunEnds
{
    /// <inheritdoc/>
    public async Task CommitAsync()
    {
        await writers.CompleteAsync();
        await state.FlushAsync();
    }

    /// <inheritdoc/>
    public async Task AbandonAsync() => await writers.AbandonAsync();
}
