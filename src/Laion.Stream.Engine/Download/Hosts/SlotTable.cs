namespace LaionStream.Engine.Download.Hosts;

/// <summary>The requests in progress: those that hold slots and those that are stalled. Used under the gate's lock only.</summary>
/// <param name="usual">Initial estimate of the time within which most answers come, in ticks.</param>
internal sealed class SlotTable(long usual)
{
    private const int UsualWaits = 2; // a stalled request has waited this many times longer than nine of ten answers take

    private readonly List<FetchSlot> _slots = [];
    private readonly UsualWait _usual = new(usual);
    private int _mostWorking;

    /// <summary>Requests that hold slots.</summary>
    public int Working => _slots.Count - Stalled;

    /// <summary>Requests that are stalled.</summary>
    public int Stalled { get; private set; }

    /// <summary>The highest number of requests that held slots at once since the last call.</summary>
    public int TakeMostWorking()
    {
        int most = _mostWorking;
        _mostWorking = Working;
        return most;
    }

    /// <summary>Assigns a slot to a new request.</summary>
    public FetchSlot Add(HostState host, long now)
    {
        var slot = new FetchSlot(host, now) { Place = _slots.Count };
        _slots.Add(slot);
        host.Active++;
        _mostWorking = Math.Max(_mostWorking, Working);
        return slot;
    }

    /// <summary>Removes a request that has ended.</summary>
    public void Remove(FetchSlot slot)
    {
        if (slot.IsStalled) { Stalled--; }
        FetchSlot last = _slots[^1];
        _slots[last.Place = slot.Place] = last;
        _slots.RemoveAt(_slots.Count - 1);
        slot.Host.Active--;
    }

    /// <summary>The first sign of an answer arrived: records how long it took, as a sample of the usual time.</summary>
    public void Answer(FetchSlot slot, long now)
    {
        if (slot.IsUnanswered) { _usual.Note(now - slot.Progress); }
        slot.IsUnanswered = false;
        slot.Progress = now;
        Resume(slot);
    }

    /// <summary>A stalled request made progress: it holds a slot again, so that the slots in use may exceed the limit for a moment.</summary>
    public void Resume(FetchSlot slot)
    {
        if (!slot.IsStalled) { return; }
        slot.IsStalled = false;
        Stalled--;
        _mostWorking = Math.Max(_mostWorking, Working);
    }

    /// <summary>Marks requests without progress as stalled, which frees their slots.</summary>
    /// <param name="now">The time.</param>
    /// <param name="patience">Minimum time without progress, in ticks.</param>
    /// <param name="most">Maximum number of stalled requests.</param>
    public void MarkStalled(long now, long patience, int most)
    {
        long before = now - Math.Max(patience, UsualWaits * _usual.Ticks);
        foreach (FetchSlot slot in _slots)
        {
            if (Stalled >= most) { return; }
            if (slot.IsStalled || slot.IsPaused || slot.Progress > before) { continue; }
            slot.IsStalled = true;
            Stalled++;
        }
    }
}
