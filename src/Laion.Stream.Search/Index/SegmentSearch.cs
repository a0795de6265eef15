using System.Buffers;
using LaionStream.Search.Native;
using LaionStream.Search.Vectors;

namespace LaionStream.Search.Index;

/// <summary>Finds the rows of one segment that are nearest to a query: candidates by the graph, their order by exact scores.</summary>
internal static class SegmentSearch
{
    /// <summary>Adds the nearest rows to others.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="query">The query.</param>
    /// <param name="k">How many.</param>
    /// <param name="within">Only these rows; null for all.</param>
    /// <param name="best">Receives them.</param>
    /// <param name="abort">Ends it.</param>
    public static void Add(Segment segment, SearchQuery query, int k, RowSet? within, NearestRows best, CancellationToken abort)
    {
        KeyMap keys = segment.Keys;
        long matching = within is null ? keys.Alive : keys.Ranges.Sum(range => within.CountIn(range.Block.Part.FirstRow + range.From, range.Block.Part.FirstRow + range.To));
        if (matching == 0) { return; }

        if (!SearchRules.IsExactCheaper(matching, within is null ? null : segment.Entry.Rows, k) && TryGraph(segment, query, Math.Min(k, matching), (SearchRules.Kept(k), SearchRules.Compared(k)), within, best))
        {
            return;
        }


        var scorer = new CosineScorer(query.Unit);
        foreach (RowRange range in keys.Ranges) { ExactScan.Add(range, scorer, within, best, abort); }
    }

    /// <summary>Adds the nearest rows by the graph.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="query">The query.</param>
    /// <param name="wanted">Rows that there must be.</param>
    /// <param name="effort">Candidates that the graph keeps, and how many of them are compared.</param>
    /// <param name="within">Only these rows; null for all.</param>
    /// <param name="best">Receives them.</param>
    /// <returns>False, and nothing is added, when the graph gave fewer rows than there are: nothing leads to the others.</returns>
    internal static bool TryGraph(Segment segment, SearchQuery query, long wanted, (int Kept, int Compared) effort, RowSet? within, NearestRows best)
    {
        int kept = effort.Kept;
        ulong[] keys = ArrayPool<ulong>.Shared.Rent(kept);
        try
        {
            int found = segment.Graph.Search(query.Int8, keys.AsSpan(0, kept), Condition(segment.Keys, within));
            if (found < wanted) { return false; }

            var scorer = new CosineScorer(query.Unit);
            for (int i = 0; i < Math.Min(found, effort.Compared); i++)
            {
                (VectorBlock? block, int position) = segment.Keys.PlaceOf(keys[i]);
                best.Add(new Hit(block!.Part.FirstRow + position, scorer.Score(block.Vectors!, position)));
            }

            return true;
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(keys);
        }
    }

    private static Graph.Accepts? Condition(KeyMap keys, RowSet? within)
    {
        if (within is not null)
        {
            return key => keys.PlaceOf(key) is ({ } block, int position) && within.Contains(block.Part.FirstRow + position);
        }

        return keys.HasDead ? key => keys.PlaceOf(key).Block is not null : null;
    }
}
