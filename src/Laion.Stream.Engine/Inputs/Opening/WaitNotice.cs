namespace LaionStream.Engine.Inputs.Opening;

/// <summary>Reports long waits while they last: after five seconds, then every ten.</summary>
/// <param name="clock">Measures the waits.</param>
/// <param name="report">Receives the time that the current wait has lasted; called on a timer thread.</param>
internal sealed class WaitNotice(TimeProvider clock, Action<TimeSpan> report) : IDisposable
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private ITimer? _timer;
    private long _since;

    /// <summary>Begins a wait, which ends when the result is disposed. One wait at a time.</summary>
    public Wait Begin()
    {
        Volatile.Write(ref _since, clock.GetTimestamp());
        _timer ??= clock.CreateTimer(static notice => ((WaitNotice)notice!)
            .Report(), this, System.Threading.Timeout.InfiniteTimeSpan, System.Threading.Timeout.InfiniteTimeSpan);
        _timer.Change(First, Every);
        return new Wait(this);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    private void Report() => report(clock.GetElapsedTime(Volatile.Read(ref _since)));

    private void End() => _timer?.Change(System.Threading.Timeout.InfiniteTimeSpan, System.Threading.Timeout.InfiniteTimeSpan);

    /// <summary>A wait in progress.</summary>
    internal readonly struct Wait(WaitNotice notice) : IDisposable
    {
        /// <inheritdoc/>
        public void Dispose() => notice.End();
    }
}
