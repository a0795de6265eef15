namespace LaionStream.Engine.Flow;

/// <summary>The calls of one stage that have not returned. An intrusive linked list, so that entering and leaving do not allocate.</summary>
internal sealed class WorkList
{
    private readonly Lock _gate = new();
    private StageWork? _first;

    /// <summary>Adds a call that begins.</summary>
    public void Add(StageWork work)
    {
        lock (_gate)
        {
            work.Next = _first;
            if (_first is not null) { _first.Previous = work; }
            _first = work;
        }
    }

    /// <summary>Removes a call that has returned.</summary>
    public void Remove(StageWork work)
    {
        lock (_gate)
        {
            if (work.Previous is { } previous) { previous.Next = work.Next; }
            else { _first = work.Next; }
            if (work.Next is { } next) { next.Previous = work.Previous; }
        }
    }

    /// <summary>A snapshot of the current calls.</summary>
    public void CopyTo(List<StageWork> works)
    {
        lock (_gate)
        {
            for (StageWork? work = _first; work is not null; work = work.Next) { works.Add(work); }
        }
    }
}
