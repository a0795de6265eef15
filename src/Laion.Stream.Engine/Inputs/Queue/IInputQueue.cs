namespace LaionStream.Engine.Inputs.Queue;

/// <summary>
/// Hands out the input files of a run. A file that was taken belongs to this process until it is finished or given back; a queue that several machines share
/// reassigns a file whose process no longer renews it.
/// </summary>
/// <remarks>
/// Safe for concurrent use. Each file that <see cref="TakeAsync"/> returned ends with one call of <see cref="FinishAsync"/> or <see cref="GiveBackAsync"/>,
/// unless the process dies first.
/// </remarks>
internal interface IInputQueue
{
    /// <summary>
    /// How often a file has to be renewed while this process holds it; <see cref="Timeout.InfiniteTimeSpan"/> when no other process could take it.
    /// </summary>
    TimeSpan RenewEvery { get; }

    /// <summary>Whether there are files that no process has taken yet.</summary>
    bool HasMore { get; }

    /// <summary>Takes the next file.</summary>
    /// <param name="stop">Cancels the wait; nothing is taken after it.</param>
    /// <returns>The file, or null when none is left or <paramref name="stop"/> was cancelled.</returns>
    ValueTask<InputFile?> TakeAsync(CancellationToken stop);

    /// <summary>Renews a file that was taken; does nothing if it was finished or given back meanwhile.</summary>
    /// <exception cref="InputLostException">Another process has taken it meanwhile.</exception>
    ValueTask RenewAsync(InputFile file);

    /// <summary>Every row of the file has a durable outcome: no process reads it again.</summary>
    ValueTask FinishAsync(InputFile file);

    /// <summary>The file is not finished. This run does not take it again; a later run, or another machine, may.</summary>
    ValueTask GiveBackAsync(InputFile file);
}
