using System.Diagnostics;
using System.Globalization;

namespace LaionStream.Soak;

/// <summary>Reports memory use twice a minute, so that a run's slope can be distinguished from its peak.</summary>
internal sealed class MemoryWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Timer _timer;

    /// <summary>Starts watching.</summary>
    public MemoryWatch() => _timer = new Timer(_ => Tell(), null, Interval, Interval);

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Tell()
    {
        using var process = Process.GetCurrentProcess();
        GCMemoryInfo last = GC.GetGCMemoryInfo(GCKind.Any);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"memory after {_clock.Elapsed.TotalSeconds:F0} s: RSS {process.WorkingSet64 >> 20} MB, managed heap {last.TotalCommittedBytes >> 20} MB committed, "
            + $"{last.HeapSizeBytes >> 20} MB at the last collection (generations {string.Join('/', last.GenerationInfo.ToArray().Select(generation => generation.SizeAfterBytes >> 20))})"));
    }
}
