namespace LaionStream.Engine.Flow;

/// <summary>Lets a number of rows work at once that may change at any time; first come, first served.</summary>
/// <param name="limit">Asked at every entry and exit.</param>
public sealed class ConcurrencyGate(Func<int> limit)
{
    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private int _inside;

    /// <summary>Rows inside now.</summary>
    public int Inside
    {
        get
        {
            lock (_gate) { return _inside; }
        }
    }

    /// <summary>Waits for a place. Every completed wait owes one <see cref="Exit"/>.</summary>
    /// <param name="abort">Ends the wait.</param>
    public ValueTask EnterAsync(CancellationToken abort)
    {
        TaskCompletionSource place;
        lock (_gate)
        {
            if (_waiting.Count == 0 && _inside < limit())
            {
                _inside++;
                return ValueTask.CompletedTask;
            }

            place = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(place);
            Admit(); // the limit may have risen since the last exit
        }

        return new ValueTask(WaitAsync(place, abort));
    }

    /// <summary>Gives the place back.</summary>
    public void Exit()
    {
        lock (_gate)
        {
            _inside--;
            Admit();
        }
    }

    private static async Task WaitAsync(TaskCompletionSource place, CancellationToken abort)
    {
        await using CancellationTokenRegistration registration = abort.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), place);
        await place.Task;
    }

    private void Admit()
    {
        int free = limit() - _inside;
        while (free > 0 && _waiting.TryDequeue(out TaskCompletionSource? next))
        {
            // A waiter whose wait was cancelled takes no place.
            if (!next.TrySetResult()) { continue; }
            _inside++;
            free--;
        }
    }
}
