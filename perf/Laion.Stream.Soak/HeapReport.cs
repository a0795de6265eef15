using System.Globalization;

namespace LaionStream.Soak;

/// <summary>The cost of the managed heap up to some moment.</summary>
/// <param name="Allocated">Bytes.</param>
/// <param name="Collections">Number in generations 0, 1 and 2.</param>
/// <param name="Paused">Pause time of all threads.</param>
internal sealed record HeapReport(long Allocated, IReadOnlyList<int> Collections, TimeSpan Paused)
{
    /// <summary>Reads the runtime's counters.</summary>
    public static HeapReport Now() => new(GC.GetTotalAllocatedBytes(), [.. Enumerable.Range(0, 3).Select(GC.CollectionCount)], GC.GetTotalPauseDuration());

    /// <summary>The cost since another moment, as one line.</summary>
    public string Since(HeapReport before, long pictures) =>
        string.Create(CultureInfo.InvariantCulture, $"heap: {(Allocated - before.Allocated) / 1000.0 / Math.Max(1, pictures):F1} kB allocated a picture, "
        + $"collections {string.Join('/', Collections.Zip(before.Collections, (now, then) => now - then))}, paused {(Paused - before.Paused).TotalMilliseconds:F0} ms");
}
