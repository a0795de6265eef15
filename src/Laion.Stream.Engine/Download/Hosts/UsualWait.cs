namespace LaionStream.Engine.Download.Hosts;

/// <summary>
/// Estimates the time within which nine of ten answers arrive. A slower answer raises the estimate by one step, a faster one lowers it by a ninth of a
/// step, so that a single answer, however late, changes it by at most one step. Not thread-safe.
/// </summary>
/// <param name="start">The initial estimate, in ticks.</param>
internal sealed class UsualWait(long start)
{
    private const double Share = 0.9;
    private const double Step = 0.05;
    private double _ticks = start;

    /// <summary>The estimate, in ticks.</summary>
    public long Ticks => (long)_ticks;

    /// <summary>Adds the time that an answer took, in ticks.</summary>
    public void Note(long ticks) => _ticks = Math.Max(1, _ticks * (1 + (ticks > _ticks ? Step * Share : -Step * (1 - Share))));
}
