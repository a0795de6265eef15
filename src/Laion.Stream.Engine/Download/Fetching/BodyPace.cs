using LaionStream.Engine.Download.Hosts;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>Monitors a body's throughput: extends the deadline for each quota of bytes received in time, and reports progress to the gate.</summary>
internal struct BodyPace
{
    private readonly FetchPlan _plan;
    private readonly FetchDeadline _deadline;
    private readonly HostGate _gate;
    private readonly FetchSlot _slot;
    private readonly long _quota;
    private long _due;
    private int _moved;

    /// <summary>Starts monitoring.</summary>
    public BodyPace(FetchPlan plan, FetchDeadline deadline, HostGate gate, FetchSlot slot)
    {
        (_plan, _deadline, _gate, _slot) = (plan, deadline, gate, slot);
        _quota = (long)(plan.MinThroughput * plan.Window.TotalSeconds);
        if (_quota > 0) { deadline.Expect(plan.Window); }
    }

    /// <summary>Records received bytes.</summary>
    public void Note(int read)
    {
        if ((_moved += read) >= _plan.Progress)
        {
            _moved = 0;
            _gate.Progressed(_slot);
        }

        if (_quota > 0 && (_due += read) >= _quota)
        {
            _due = 0;
            _deadline.Expect(_plan.Window);
        }
    }
}
