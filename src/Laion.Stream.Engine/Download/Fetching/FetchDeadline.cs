namespace LaionStream.Engine.Download.Fetching;

/// <summary>
/// The time limit of one URL. Time runs only between <see cref="Run"/> and <see cref="Pause"/>, so that waiting for our own memory or for politeness does not
/// count. Also detects stalled bodies. Used by one row, by one thread at a time.
/// </summary>
internal sealed class FetchDeadline : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _registration;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _total;
    private TimeSpan _used;
    private TimeSpan _window = Timeout.InfiniteTimeSpan;
    private long _runningSince;
    private bool _running;

    /// <summary>Creates a deadline whose time does not run yet.</summary>
    /// <param name="total">The total time.</param>
    /// <param name="clock">Measures the time.</param>
    /// <param name="abort">The abort of the run.</param>
    public FetchDeadline(TimeSpan total, TimeProvider clock, CancellationToken abort)
    {
        _total = total;
        _clock = clock;
        Abort = abort;
        _source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        _registration = abort.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    /// <summary>The abort of the run, as opposed to the end of this URL's time.</summary>
    public CancellationToken Abort { get; }

    /// <summary>Cancelled when the time is up, when a body stalls, or on abort.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Time used so far.</summary>
    public TimeSpan Used => _running ? _used + _clock.GetElapsedTime(_runningSince) : _used;

    /// <summary>Time left; zero or negative when it is up.</summary>
    public TimeSpan Left => _total - Used;

    /// <summary>Starts or resumes the time.</summary>
    public void Run()
    {
        if (_running) { return; }
        _running = true;
        _runningSince = _clock.GetTimestamp();
        Arm();
    }

    /// <summary>Pauses the time.</summary>
    public void Pause()
    {
        if (!_running) { return; }
        _used = Used;
        _running = false;
        _source.CancelAfter(Timeout.InfiniteTimeSpan);
    }

    /// <summary>Requires progress within <paramref name="window"/> from now; infinite for no requirement.</summary>
    public void Expect(TimeSpan window)
    {
        _window = window;
        if (_running) { Arm(); }
    }

    /// <summary>Waits; the time runs meanwhile.</summary>
    /// <returns>False when less time is left than the wait takes.</returns>
    /// <exception cref="OperationCanceledException">The run was aborted.</exception>
    public async ValueTask<bool> TrySleepAsync(TimeSpan delay)
    {
        if (Left <= delay) { return false; }
        Run();
        try
        {
            await Task.Delay(delay, _clock, Token);
            return true;
        }
        catch (OperationCanceledException) when (!Abort.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            Pause();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _registration.Dispose();
        _source.Dispose();
    }

    private void Arm()
    {
        TimeSpan left = Left;
        if (_window >= TimeSpan.Zero && _window < left) { left = _window; }
        // Rounded up to whole milliseconds, the resolution of timers, so that the time is up when the timer fires.
        _source.CancelAfter(left <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)));
    }
}
