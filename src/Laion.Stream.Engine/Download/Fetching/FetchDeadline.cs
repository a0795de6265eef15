namespace LaionStream.Engine.Download.Fetching;

/// <summary>
/// The total time of one URL. Runs only between <see cref="Run"/> and <see cref="Pause"/>, so that waits for our own memory or for a polite moment do not
/// count; and watches that a body keeps moving. Used by one row, by one thread at a time.
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

    /// <summary>Makes a deadline that does not run yet.</summary>
    /// <param name="total">Time in all.</param>
    /// <param name="clock">Measures it.</param>
    /// <param name="abort">Ends everything at once.</param>
    public FetchDeadline(TimeSpan total, TimeProvider clock, CancellationToken abort)
    {
        _total = total;
        _clock = clock;
        Abort = abort;
        _source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        _registration = abort.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    /// <summary>The end of the run, not of this URL.</summary>
    public CancellationToken Abort { get; }

    /// <summary>Fires when the time is up, when a body stands still, or on abort.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Time used so far.</summary>
    public TimeSpan Used => _running ? _used + _clock.GetElapsedTime(_runningSince) : _used;

    /// <summary>Time left; zero or less when it is up.</summary>
    public TimeSpan Left => _total - Used;

    /// <summary>Lets the time run.</summary>
    public void Run()
    {
        if (_running) { return; }
        _running = true;
        _runningSince = _clock.GetTimestamp();
        Arm();
    }

    /// <summary>Stops the time.</summary>
    public void Pause()
    {
        if (!_running) { return; }
        _used = Used;
        _running = false;
        _source.CancelAfter(Timeout.InfiniteTimeSpan);
    }

    /// <summary>From now on something has to happen within <paramref name="window"/>; infinite for no such demand.</summary>
    public void Expect(TimeSpan window)
    {
        _window = window;
        if (_running) { Arm(); }
    }

    /// <summary>Waits while the time runs.</summary>
    /// <returns>False where the time does not last for the wait.</returns>
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
        // Rounded up to timers' milliseconds, so that the time is up when the timer says so.
        _source.CancelAfter(left <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)));
    }
}
