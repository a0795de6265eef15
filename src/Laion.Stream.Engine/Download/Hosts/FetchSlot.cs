namespace LaionStream.Engine.Download.Hosts;

/// <summary>One request under way. Written under the gate's lock, but for the time of its last progress.</summary>
/// <param name="host">Where it goes.</param>
/// <param name="now">When it got its slot, as the clock's timestamp.</param>
internal sealed class FetchSlot(HostState host, long now)
{
    private long _progress = now;
    private volatile bool _isStalled;

    /// <summary>Where it goes.</summary>
    public HostState Host { get; } = host;

    /// <summary>When it last came on.</summary>
    public long Progress
    {
        get => Volatile.Read(ref _progress);
        set => Volatile.Write(ref _progress, value);
    }

    /// <summary>Whether it stands still and has given its slot to another request.</summary>
    public bool IsStalled
    {
        get => _isStalled;
        set => _isStalled = value;
    }

    /// <summary>Whether it has had no answer yet.</summary>
    public bool IsUnanswered { get; set; } = true;

    /// <summary>Whether it waits for our own memory: that is no standing still.</summary>
    public bool IsHeld { get; set; }

    /// <summary>Its place in the gate's list.</summary>
    public int Place { get; set; }
}
