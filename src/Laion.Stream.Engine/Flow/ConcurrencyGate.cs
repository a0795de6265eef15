namespace LaionStream.Engine.Flow;

/// <summary>Limits how many rows work at once; the limit may change at any time. First come, first served.</summary>
/// <param name="limit">Returns the limit; called at every entry and exit.</param>
public sealed class ConcurrencyGate(Func<int> limit)
{
    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private int _inside;

    /// <summary>Rows working now.</summary>
    public int Inside
    {
        get
        {
            lock (_gate) { return _inside; }
        }
    }

    /// <summary>Waits for a place. Every completed wait requires one call of <see cref="Exit"/>.</summary>
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

    /// <summary>Releases the place.</summary>
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
            // A cancelled waiter takes no place.
            if (!next.TrySetResult()) { continue; }
            _inside++;
            free--;
        }
    }
}
