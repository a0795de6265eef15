using System.Globalization;

namespace LaionStream.Soak;

/// <summary>What the managed heap cost until some moment.</summary>
/// <param name="Allocated">Bytes.</param>
/// <param name="Collections">Of generations 0, 1 and 2.</param>
/// <param name="Paused">All threads together.</param>
internal sealed record HeapReport(long Allocated, IReadOnlyList<int> Collections, TimeSpan Paused)
{
    /// <summary>Reads the runtime's counts.</summary>
    public static HeapReport Now() => new(GC.GetTotalAllocatedBytes(), [.. Enumerable.Range(0, 3).Select(GC.CollectionCount)], GC.GetTotalPauseDuration());

    /// <summary>The cost since another moment, as one line.</summary>
    public string Since(HeapReport before, long pictures) => string.Create(CultureInfo.InvariantCulture, $"heap: {(Allocated - before.Allocated) / 1000.0 / Math.Max(1, pictures):F1} kB allocated a picture, "
        + $"collections {string.Join('/', Collections.Zip(before.Collections, (now, then) => now - then))}, paused {(Paused - before.Paused).TotalMilliseconds:F0} ms");
}
