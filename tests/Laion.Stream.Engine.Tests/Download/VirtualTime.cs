namespace LaionStream.Engine.Tests.Download;

/// <summary>
/// A clock that jumps from timer to timer once nothing is left to do, on one thread: code that waits only for its timers, and for other tasks of the
/// same kind, runs in the same order every time, and hours take moments.
/// </summary>
/// <remarks>
/// Relies on awaits that post to the synchronization context in which they started; code that leaves it (ConfigureAwait(false), Task.Run) is not ordered.
/// </remarks>
internal sealed class VirtualTime : TimeProvider
{
    private readonly PriorityQueue<(Timer Timer, long At), (long At, long Order)> _timers = new();
    private readonly Queue<(SendOrPostCallback Run, object? State)> _posted = new();
    private long _now;
    private long _order;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(_now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Runs a task to its end.</summary>
    /// <exception cref="InvalidOperationException">It waits for something that will not happen.</exception>
    public void Run(Func<Task> work)
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new Context(_posted));
        try
        {
            Task task = work();
            while (!task.IsCompleted)
            {
                while (_posted.TryDequeue(out (SendOrPostCallback Run, object? State) next)) { next.Run(next.State); }
                if (!task.IsCompleted && !Jump()) { throw new InvalidOperationException("Nothing is left that could end this work."); }
            }

            task.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private bool Jump()
    {
        while (_timers.TryDequeue(out (Timer Timer, long At) next, out _))
        {
            if (next.Timer.At != next.At) { continue; } // changed or disposed since
            _now = Math.Max(_now, next.At);
            next.Timer.Fire();
            return true;
        }

        return false;
    }

    private sealed class Context(Queue<(SendOrPostCallback Run, object? State)> posted) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => posted.Enqueue((d, state));

        public override SynchronizationContext CreateCopy() => this;
    }

    private sealed class Timer(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        public long At { get; private set; } = -1;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            At = dueTime < TimeSpan.Zero ? -1 : time._now + dueTime.Ticks;
            if (At >= 0) { time._timers.Enqueue((this, At), (At, time._order++)); }
            return true;
        }

        public void Fire()
        {
            Change(_period > TimeSpan.Zero ? _period : global::System.Threading.Timeout.InfiniteTimeSpan, _period);
            callback(state);
        }

        public void Dispose() => At = -1;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
