namespace LaionStream.Engine.Inputs.Queue;

/// <summary>
/// Hands out the input files of a run. A file that was taken belongs to this process until it is finished or given back; a queue that several machines share
/// takes a file away from a process that no longer renews it.
/// </summary>
/// <remarks>Safe for several callers. Each file that <see cref="TakeAsync"/> gave ends with one call of <see cref="FinishAsync"/> or <see cref="GiveBackAsync"/>, unless the process dies first.</remarks>
internal interface IInputQueue
{
    /// <summary>How often a file has to be renewed while this process holds it; <see cref="Timeout.InfiniteTimeSpan"/> where nobody else could take it.</summary>
    TimeSpan RenewEvery { get; }

    /// <summary>Whether files wait that nobody has taken yet.</summary>
    bool HasMore { get; }

    /// <summary>Takes the next file.</summary>
    /// <param name="stop">Ends the wait; nothing is taken after it.</param>
    /// <returns>The file, or null where none is left or <paramref name="stop"/> was signalled.</returns>
    ValueTask<InputFile?> TakeAsync(CancellationToken stop);

    /// <summary>Keeps a file that was taken; one that was finished or given back meanwhile is left alone.</summary>
    /// <exception cref="InputLostException">Another process has taken it meanwhile.</exception>
    ValueTask RenewAsync(InputFile file);

    /// <summary>Every row of the file has a durable outcome: nobody reads it again.</summary>
    ValueTask FinishAsync(InputFile file);

    /// <summary>The file is not finished. This run does not take it again; a later run, or another machine, may.</summary>
    ValueTask GiveBackAsync(InputFile file);
}
