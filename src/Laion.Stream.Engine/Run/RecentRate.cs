namespace LaionStream.Engine.Run;

/// <summary>Rates of a count that grows, over its last seconds. Not thread-safe.</summary>
internal sealed class RecentRate
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Shown = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(0.9); // a view that is drawn more often keeps no more points

    private readonly LinkedList<(TimeSpan At, double Count)> _points = new();
    private (TimeSpan At, double Count) _last;

    /// <summary>The rate of the last ten seconds, in units a second.</summary>
    public double PerSecond => Over(Shown);

    /// <summary>The rate of the last minute, for what is still to come.</summary>
    public double Steady => Over(Kept);

    /// <summary>Takes a count.</summary>
    /// <param name="at">Time since the start.</param>
    /// <param name="count">The count then.</param>
    public void Take(TimeSpan at, double count)
    {
        _last = (at, count);
        if (_points.Last is { } last && at - last.Value.At < Apart) { return; }
        _points.AddLast(_last);
        while (_points.Count > 2 && at - _points.First!.Next!.Value.At >= Kept) { _points.RemoveFirst(); }
    }

    /// <summary>Time until the count reaches <paramref name="total"/>; null while it does not grow.</summary>
    public TimeSpan? Until(double total)
    {
        double seconds = (total - _last.Count) / Steady;
        return double.IsFinite(seconds) && seconds >= 0 && seconds < TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds(Math.Ceiling(seconds)) : null;
    }

    private double Over(TimeSpan span)
    {
        LinkedListNode<(TimeSpan At, double Count)>? from = _points.First;
        while (from?.Next is { } next && _last.At - next.Value.At >= span) { from = next; }
        double seconds = (_last.At - (from?.Value.At ?? _last.At)).TotalSeconds;
        return seconds > 0 ? (_last.Count - from!.Value.Count) / seconds : 0;
    }
}
