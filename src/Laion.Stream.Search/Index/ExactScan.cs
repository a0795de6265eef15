using LaionStream.Search.Vectors;

namespace LaionStream.Search.Index;

/// <summary>Compares a query with the rows of a part one by one.</summary>
internal static class ExactScan
{
    private const int RowsBetweenChecks = 4096;

    /// <summary>Adds the rows of a range to the best.</summary>
    /// <param name="range">The rows.</param>
    /// <param name="scorer">Has the query.</param>
    /// <param name="within">Only these rows; null for all.</param>
    /// <param name="best">Receives them.</param>
    /// <param name="abort">Looked at every few thousand rows.</param>
    public static void Add(RowRange range, CosineScorer scorer, RowSet? within, NearestRows best, CancellationToken abort)
    {
        VectorBlock block = range.Block;
        if (block.Vectors is not { } vectors) { return; }

        int compared = 0;
        (long first, long end) = (block.Part.FirstRow, block.Part.FirstRow + range.To);
        for (long row = Next(within, first + range.From); row >= 0 && row < end; row = Next(within, row + 1))
        {
            if (compared++ % RowsBetweenChecks == 0) { abort.ThrowIfCancellationRequested(); }
            if (block.Dead is null || block.Has(row - first)) { best.Add(new Hit(row, scorer.Score(vectors, row - first))); }
        }
    }

    /// <summary>The rows of a part that score at least as much as asked, in their order.</summary>
    /// <param name="block">The part.</param>
    /// <param name="scorer">Has the query.</param>
    /// <param name="least">The lowest score.</param>
    /// <param name="within">Only these rows; null for all.</param>
    /// <param name="abort">Looked at every few thousand rows.</param>
    public static IEnumerable<Hit> AtLeast(VectorBlock block, CosineScorer scorer, float least, RowSet? within, CancellationToken abort)
    {
        if (block.Vectors is not { } vectors) { yield break; }

        int compared = 0;
        long first = block.Part.FirstRow;
        for (long row = Next(within, first); row >= 0 && row < block.End; row = Next(within, row + 1))
        {
            if (compared++ % RowsBetweenChecks == 0) { abort.ThrowIfCancellationRequested(); }
            if (!block.Has(row - first)) { continue; }

            float score = scorer.Score(vectors, row - first);
            if (score >= least) { yield return new Hit(row, score); } // false for NaN
        }
    }

    private static long Next(RowSet? within, long from) => within is null ? from : within.Next(from);
}
