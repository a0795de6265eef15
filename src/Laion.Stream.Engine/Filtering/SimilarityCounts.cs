using System.Collections.Concurrent;
using LaionStream.Dataset.Summary;

namespace LaionStream.Engine.Filtering;

/// <summary>Counts the similarities of a run's rows in bins of 0.01. Safe to use from several threads.</summary>
internal sealed class SimilarityCounts
{
    private const int PerUnit = 100;
    private const int Bins = 2 * PerUnit;

    private readonly ConcurrentDictionary<string, long[]> _sets = new(StringComparer.Ordinal);

    /// <summary>Counts one row; one without a similarity, or with one that is not a number, counts nowhere.</summary>
    /// <param name="set">Output set.</param>
    /// <param name="similarity">−1..1; values outside count in the outermost bins.</param>
    public void Add(string set, double? similarity)
    {
        if (similarity is not { } value || double.IsNaN(value)) { return; }
        long[] bins = _sets.GetOrAdd(set, static _ => new long[Bins]);
        Interlocked.Increment(ref bins[Math.Clamp((int)Math.Floor((value * PerUnit) + 1e-9) + PerUnit, 0, Bins - 1)]);
    }

    /// <summary>Adds what earlier sessions counted.</summary>
    /// <param name="earlier">The histograms of their summary.</param>
    public void AddEarlier(IReadOnlyDictionary<string, SimilarityHistogram> earlier)
    {
        foreach ((string set, SimilarityHistogram histogram) in earlier)
        {
            long[] bins = _sets.GetOrAdd(set, static _ => new long[Bins]);
            int first = (int)Math.Round(histogram.From * PerUnit) + PerUnit;
            for (int i = 0; i < histogram.Counts.Count; i++) { Interlocked.Add(ref bins[Math.Clamp(first + i, 0, Bins - 1)], histogram.Counts[i]); }
        }
    }

    /// <summary>The histograms so far, by set.</summary>
    public IReadOnlyDictionary<string, SimilarityHistogram> Histograms() =>
        _sets.OrderBy(set => set.Key, StringComparer.Ordinal).ToDictionary(set => set.Key, set => Histogram(set.Value), StringComparer.Ordinal);

    private static SimilarityHistogram Histogram(long[] bins)
    {
        long[] counts = [.. bins.Select(static (_, i) => i).Select(i => Volatile.Read(ref bins[i]))];
        int first = Math.Max(0, Array.FindIndex(counts, static count => count > 0));
        int last = Array.FindLastIndex(counts, static count => count > 0);
        return new SimilarityHistogram((first - PerUnit) / (double)PerUnit, 1.0 / PerUnit, counts[first..(last + 1)]);
    }
}
