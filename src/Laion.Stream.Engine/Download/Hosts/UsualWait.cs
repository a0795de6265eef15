namespace LaionStream.Engine.Download.Hosts;

/// <summary>
/// The time in which nine of ten answers come, followed by steps: up by a little for a slower answer, down by a ninth of that for a quicker one, so that
/// no single answer, however late, counts for more than a step. Not safe to call from many threads.
/// </summary>
/// <param name="start">Ticks to begin with.</param>
internal sealed class UsualWait(long start)
{
    private const double Share = 0.9;
    private const double Step = 0.05;
    private double _ticks = start;

    /// <summary>The time, in ticks.</summary>
    public long Ticks => (long)_ticks;

    /// <summary>An answer came after so many ticks.</summary>
    public void Note(long ticks) => _ticks = Math.Max(1, _ticks * (1 + (ticks > _ticks ? Step * Share : -Step * (1 - Share))));
}
