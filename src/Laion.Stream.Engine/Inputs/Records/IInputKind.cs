using LaionStream.Dataset.Parquet;
using LaionStream.Engine.Inputs.Queue;

namespace LaionStream.Engine.Inputs.Records;

/// <summary>A kind of input. <c>InputKinds</c> lists all of them, one line each.</summary>
internal interface IInputKind
{
    /// <summary>Whether later runs request a finished remote file again, to see whether it changed.</summary>
    bool IsCheckedWhenDone => false;

    /// <summary>Whether rows may be appended to a file after it was read.</summary>
    /// <param name="location">Local path or http(s) URL.</param>
    bool TakesMore(string location) => false;

    /// <summary>Called once, before the run reads anything.</summary>
    /// <param name="files">The run's files that have this kind by their names.</param>
    /// <param name="captionRequired">Whether captions are scored.</param>
    /// <param name="stop">Cancels it.</param>
    /// <returns>Columns that the rows have in addition to ours.</returns>
    ValueTask<IReadOnlyList<ExtraColumn>> PrepareAsync(IReadOnlyList<InputFile> files, bool captionRequired, CancellationToken stop) =>
        ValueTask.FromResult<IReadOnlyList<ExtraColumn>>([]);

    /// <summary>Reads the files. Used after <see cref="PrepareAsync"/>.</summary>
    ICandidateReader Reader { get; }
}
