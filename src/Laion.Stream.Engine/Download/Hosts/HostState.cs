namespace LaionStream.Engine.Download.Hosts;

/// <summary>The gate's state of one host. Read and written under the gate's lock only; times are the clock's timestamps.</summary>
internal sealed class HostState(string name)
{
    private long _pausedSince;
    private long _pausedTotal;
    private int _pauses;

    /// <summary>Host and port.</summary>
    public string Name { get; } = name;

    /// <summary>Waiting rows, oldest first.</summary>
    public LinkedList<HostWaiter> Waiters { get; } = new();

    /// <summary>Requests in progress, stalled ones included.</summary>
    public int Active { get; set; }

    /// <summary>Theoretical start of the next request according to the rate (see <see cref="HostRules.EarliestStart"/>).</summary>
    public long Due { get; set; }

    /// <summary>No request is sent before this time: the host answered 429 or 503.</summary>
    public long BackOffUntil { get; set; }

    /// <summary>Consecutive 429 and 503 answers.</summary>
    public int Strikes { get; set; }

    /// <summary>Consecutive failures.</summary>
    public int Failures { get; set; }

    /// <summary>The breaker is open until this time; 0 when it is closed.</summary>
    public long DownUntil { get; set; }

    /// <summary>Whether the host is in the ring of hosts that may start a request.</summary>
    public bool IsReady { get; set; }

    /// <summary>When the gate wakes the host; 0 when it is not asleep.</summary>
    public long WakeAt { get; set; }

    /// <summary>Smoothed ticks between the ends of consecutive requests; 0 while unknown.</summary>
    public double Pace { get; private set; }

    /// <summary>When the last request ended.</summary>
    public long LastEnd { get; private set; }

    /// <summary>Ticks during which our own resources delayed the host, not its limits: there was no connection slot or no memory.</summary>
    public long Paused(long now) => _pausedTotal + (_pauses > 0 ? now - _pausedSince : 0);

    /// <summary>Pauses the waiting time of the host's rows. Calls nest.</summary>
    public void Pause(long now)
    {
        if (_pauses++ == 0) { _pausedSince = now; }
    }

    /// <summary>Ends one pause.</summary>
    public void Resume(long now)
    {
        if (--_pauses == 0) { _pausedTotal += now - _pausedSince; }
    }

    /// <summary>A request has ended.</summary>
    public void End(long now)
    {
        const double Weight = 0.2;
        if (LastEnd != 0) { Pace = Pace == 0 ? now - LastEnd : Pace + (Weight * (now - LastEnd - Pace)); }
        LastEnd = now;
    }
}
