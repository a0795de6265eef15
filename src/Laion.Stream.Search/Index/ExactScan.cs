using LaionStream.Search.Vectors;

namespace LaionStream.Search.Index;

/// <summary>Compares a query with the rows of a part one by one.</summary>
internal static class ExactScan
{
    private const int RowsBetweenChecks = 4096;

    /// <summary>The scores of the rows, in their order. One without a direction has the score NaN.</summary>
    /// <param name="block">The part.</param>
    /// <param name="scorer">Has the query.</param>
    /// <param name="within">Only these rows; null for all.</param>
    /// <param name="abort">Looked at every few thousand rows.</param>
    public static IEnumerable<Hit> Of(VectorBlock block, CosineScorer scorer, RowSet? within, CancellationToken abort)
    {
        if (block.Vectors is not { } vectors) { yield break; }

        int compared = 0;
        for (long row = First(within, block.Part.FirstRow); row >= 0 && row < block.End; row = First(within, row + 1))
        {
            if (compared++ % RowsBetweenChecks == 0) { abort.ThrowIfCancellationRequested(); }
            yield return new Hit(row, scorer.Score(vectors, row - block.Part.FirstRow));
        }
    }

    private static long First(RowSet? within, long from) => within is null ? from : within.Next(from);
}
