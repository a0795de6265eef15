using System.Collections.Concurrent;
using LaionStream.Engine.Inputs.Queue;

namespace LaionStream.Engine.Inputs;

/// <summary>
/// The input files that this process has taken from its queue. A file that was read to its end is not finished: its last rows are still in the graph. It stays
/// held, and is renewed, until its done line is durable.
/// </summary>
/// <param name="queue">The queue.</param>
/// <param name="isDone">Whether a file's done line is durable.</param>
/// <param name="clock">Schedules renewals.</param>
internal sealed class HeldInputs(IInputQueue queue, Func<int, bool> isDone, TimeProvider clock)
{
    // True once the file is read to its end. Until then a done line is from an earlier run, whose rows a retry has not reopened yet.
    private readonly ConcurrentDictionary<InputFile, bool> _held = new();

    /// <summary>Takes the next file; null when none is left or reading has to stop.</summary>
    public async ValueTask<InputFile?> TakeAsync(CancellationToken stop)
    {
        InputFile? file = await queue.TakeAsync(stop);
        if (file is not null) { _held[file] = false; }
        return file;
    }

    /// <summary>Records that the file is read to its end; its rows may still be in the graph.</summary>
    public void NoteRead(InputFile file) => _held[file] = true;

    /// <summary>Gives back a file that was not read to its end: another run may take it.</summary>
    public async ValueTask GiveBackAsync(InputFile file)
    {
        if (_held.TryRemove(file, out _)) { await queue.GiveBackAsync(file); }
    }

    /// <summary>Renews what is held, and finishes what is done, until <paramref name="ended"/>.</summary>
    /// <exception cref="InputLostException">Another process has taken a file.</exception>
    public async Task KeepAsync(CancellationToken ended)
    {
        if (queue.RenewEvery == Timeout.InfiniteTimeSpan) { return; }
        using var timer = new PeriodicTimer(queue.RenewEvery, clock);
        while (!ended.IsCancellationRequested)
        {
            await ((Task)timer.WaitForNextTickAsync(ended).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ended.IsCancellationRequested) { return; }
            await FinishDoneAsync();
            foreach (InputFile file in _held.Keys) { await queue.RenewAsync(file); }
        }
    }

    /// <summary>Called when the run has ended and its ledger is flushed: finishes the files that are done and gives the others back.</summary>
    public async ValueTask ReleaseAsync()
    {
        await FinishDoneAsync();
        foreach (InputFile file in _held.Keys) { await GiveBackAsync(file); }
    }

    private async ValueTask FinishDoneAsync()
    {
        foreach ((InputFile file, bool isRead) in _held)
        {
            if (isRead && isDone(file.Number) && _held.TryRemove(file, out _)) { await queue.FinishAsync(file); }
        }
    }
}
