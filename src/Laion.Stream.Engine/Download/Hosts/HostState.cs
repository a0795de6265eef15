namespace LaionStream.Engine.Download.Hosts;

/// <summary>What the gate knows of one host. Read and written under the gate's lock only; times are the clock's timestamps.</summary>
internal sealed class HostState(string name)
{
    private long _heldSince;
    private long _heldTotal;
    private int _holds;

    /// <summary>Host and port.</summary>
    public string Name { get; } = name;

    /// <summary>Rows that wait, oldest first.</summary>
    public LinkedList<HostWaiter> Waiters { get; } = new();

    /// <summary>Requests under way.</summary>
    public int Active { get; set; }

    /// <summary>Theoretical start of the next request by the rate.</summary>
    public long Due { get; set; }

    /// <summary>No request before this time: the host asked for quiet.</summary>
    public long QuietUntil { get; set; }

    /// <summary>Answers 429 and 503 in a row.</summary>
    public int Strikes { get; set; }

    /// <summary>Failures in a row.</summary>
    public int Failures { get; set; }

    /// <summary>The breaker is open until this time; 0 for closed.</summary>
    public long DownUntil { get; set; }

    /// <summary>Whether the host stands in the ring of those that could start a request.</summary>
    public bool IsReady { get; set; }

    /// <summary>When the gate wakes it; 0 for not asleep.</summary>
    public long WakeAt { get; set; }

    /// <summary>Smoothed ticks between two ends of requests; 0 while unknown.</summary>
    public double Pace { get; private set; }

    /// <summary>When the last request ended.</summary>
    public long LastEnd { get; private set; }

    /// <summary>Ticks during which the host was held up by us, not by its own limits: we had no connection slot or no memory.</summary>
    public long Held(long now) => _heldTotal + (_holds > 0 ? now - _heldSince : 0);

    /// <summary>We hold the host up from now on.</summary>
    public void Hold(long now)
    {
        if (_holds++ == 0) { _heldSince = now; }
    }

    /// <summary>One cause of holding up has gone.</summary>
    public void Unhold(long now)
    {
        if (--_holds == 0) { _heldTotal += now - _heldSince; }
    }

    /// <summary>A request has ended.</summary>
    public void End(long now)
    {
        const double Weight = 0.2;
        if (LastEnd != 0) { Pace = Pace == 0 ? now - LastEnd : Pace + (Weight * (now - LastEnd - Pace)); }
        LastEnd = now;
    }
}
