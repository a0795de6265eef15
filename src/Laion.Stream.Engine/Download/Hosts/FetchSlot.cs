namespace LaionStream.Engine.Download.Hosts;

/// <summary>One request in progress. Written under the gate's lock, except for the time of its last progress.</summary>
/// <param name="host">The host it is sent to.</param>
/// <param name="now">When it got its slot, as the clock's timestamp.</param>
internal sealed class FetchSlot(HostState host, long now)
{
    private long _progress = now;
    private volatile bool _isStalled;

    /// <summary>The host it is sent to.</summary>
    public HostState Host { get; } = host;

    /// <summary>Timestamp of its last progress.</summary>
    public long Progress
    {
        get => Volatile.Read(ref _progress);
        set => Volatile.Write(ref _progress, value);
    }

    /// <summary>Whether it is stalled and has given its slot to another request.</summary>
    public bool IsStalled
    {
        get => _isStalled;
        set => _isStalled = value;
    }

    /// <summary>Whether no answer has arrived yet.</summary>
    public bool IsUnanswered { get; set; } = true;

    /// <summary>Whether it waits for our own memory, during which it is never treated as stalled.</summary>
    public bool IsPaused { get; set; }

    /// <summary>Its index in the slot table.</summary>
    public int Place { get; set; }
}
