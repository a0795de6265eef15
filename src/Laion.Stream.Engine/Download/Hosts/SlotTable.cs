namespace LaionStream.Engine.Download.Hosts;

/// <summary>The requests under way: those that hold slots, and those that stand still beside them. Used under the gate's lock only.</summary>
/// <param name="usual">Ticks in which most answers are expected, to begin with.</param>
internal sealed class SlotTable(long usual)
{
    private const int UsualWaits = 2; // so many times longer than nine of ten answers take

    private readonly List<FetchSlot> _slots = [];
    private readonly UsualWait _usual = new(usual);
    private int _mostWorking;

    /// <summary>Requests that hold slots.</summary>
    public int Working => _slots.Count - Stalled;

    /// <summary>Requests that stand still.</summary>
    public int Stalled { get; private set; }

    /// <summary>The most requests that held slots at once since the last call.</summary>
    public int TakeMostWorking()
    {
        int most = _mostWorking;
        _mostWorking = Working;
        return most;
    }

    /// <summary>A request gets a slot.</summary>
    public FetchSlot Add(HostState host, long now)
    {
        var slot = new FetchSlot(host, now) { Place = _slots.Count };
        _slots.Add(slot);
        host.Active++;
        _mostWorking = Math.Max(_mostWorking, Working);
        return slot;
    }

    /// <summary>A request has ended.</summary>
    public void Remove(FetchSlot slot)
    {
        if (slot.IsStalled) { Stalled--; }
        FetchSlot last = _slots[^1];
        _slots[last.Place = slot.Place] = last;
        _slots.RemoveAt(_slots.Count - 1);
        slot.Host.Active--;
    }

    /// <summary>A request was answered: what is usual is learnt from the first sign of each answer.</summary>
    public void Answer(FetchSlot slot, long now)
    {
        if (slot.IsUnanswered) { _usual.Note(now - slot.Progress); }
        slot.IsUnanswered = false;
        slot.Progress = now;
        Unpark(slot);
    }

    /// <summary>A request came on: it is back among those that hold slots, which may for a moment be more than the limit.</summary>
    public void Unpark(FetchSlot slot)
    {
        if (!slot.IsStalled) { return; }
        slot.IsStalled = false;
        Stalled--;
        _mostWorking = Math.Max(_mostWorking, Working);
    }

    /// <summary>Takes the slots of those that stand still.</summary>
    /// <param name="now">The time.</param>
    /// <param name="patience">Ticks without progress, at least.</param>
    /// <param name="most">Requests that may stand still.</param>
    public void Park(long now, long patience, int most)
    {
        long before = now - Math.Max(patience, UsualWaits * _usual.Ticks);
        foreach (FetchSlot slot in _slots)
        {
            if (Stalled >= most) { return; }
            if (slot.IsStalled || slot.IsHeld || slot.Progress > before) { continue; }
            slot.IsStalled = true;
            Stalled++;
        }
    }
}
