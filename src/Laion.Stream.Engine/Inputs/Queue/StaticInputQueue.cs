namespace LaionStream.Engine.Inputs.Queue;

/// <summary>
/// The files that a run was started with, in order. No other process takes from them: machines that share a list each have their own part of it
/// (<c>Laion:Input:Share</c>).
/// </summary>
/// <param name="files">The files to hand out.</param>
internal sealed class StaticInputQueue(IReadOnlyList<InputFile> files) : IInputQueue
{
    private int _taken;

    /// <inheritdoc/>
    public TimeSpan RenewEvery => Timeout.InfiniteTimeSpan;

    /// <inheritdoc/>
    public bool HasMore => Volatile.Read(ref _taken) < files.Count;

    /// <inheritdoc/>
    public ValueTask<InputFile?> TakeAsync(CancellationToken stop)
    {
        int next;
        do
        {
            next = Volatile.Read(ref _taken);
            if (stop.IsCancellationRequested || next == files.Count) { return ValueTask.FromResult<InputFile?>(null); }
        }
        while (Interlocked.CompareExchange(ref _taken, next + 1, next) != next);

        return ValueTask.FromResult<InputFile?>(files[next]);
    }

    /// <inheritdoc/>
    public ValueTask RenewAsync(InputFile file) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    /// <remarks>Records nothing: the ledger's done line keeps the next run from reading the file.</remarks>
    public ValueTask FinishAsync(InputFile file) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    /// <remarks>Records nothing: a file without a done line is among the next run's.</remarks>
    public ValueTask GiveBackAsync(InputFile file) => ValueTask.CompletedTask;
}
