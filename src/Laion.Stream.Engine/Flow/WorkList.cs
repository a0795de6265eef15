namespace LaionStream.Engine.Flow;

/// <summary>The calls of one stage that have not returned. A list through the calls themselves: entering and leaving allocate nothing.</summary>
internal sealed class WorkList
{
    private readonly Lock _gate = new();
    private StageWork? _first;

    /// <summary>A call begins.</summary>
    public void Add(StageWork work)
    {
        lock (_gate)
        {
            work.Next = _first;
            if (_first is not null) { _first.Previous = work; }
            _first = work;
        }
    }

    /// <summary>A call has returned.</summary>
    public void Remove(StageWork work)
    {
        lock (_gate)
        {
            if (work.Previous is { } previous) { previous.Next = work.Next; }
            else { _first = work.Next; }
            if (work.Next is { } next) { next.Previous = work.Previous; }
        }
    }

    /// <summary>The calls of this moment.</summary>
    public void CopyTo(List<StageWork> works)
    {
        lock (_gate)
        {
            for (StageWork? work = _first; work is not null; work = work.Next) { works.Add(work); }
        }
    }
}
