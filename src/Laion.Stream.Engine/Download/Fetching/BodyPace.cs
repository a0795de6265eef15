using LaionStream.Engine.Download.Hosts;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>Watches that a body keeps moving: tells the deadline of each quota that came in time, and the gate of progress.</summary>
internal struct BodyPace
{
    private readonly FetchPlan _plan;
    private readonly FetchDeadline _deadline;
    private readonly HostGate _gate;
    private readonly FetchSlot _slot;
    private readonly long _quota;
    private long _due;
    private int _moved;

    /// <summary>Begins to watch.</summary>
    public BodyPace(FetchPlan plan, FetchDeadline deadline, HostGate gate, FetchSlot slot)
    {
        (_plan, _deadline, _gate, _slot) = (plan, deadline, gate, slot);
        _quota = (long)(plan.MinThroughput * plan.Window.TotalSeconds);
        if (_quota > 0) { deadline.Expect(plan.Window); }
    }

    /// <summary>So many bytes came.</summary>
    public void Note(int read)
    {
        if ((_moved += read) >= _plan.Progress)
        {
            _moved = 0;
            _gate.Moved(_slot);
        }

        if (_quota > 0 && (_due += read) >= _quota)
        {
            _due = 0;
            _deadline.Expect(_plan.Window);
        }
    }
}
