namespace LaionStream.Search.Index;

/// <summary>Decides which segments are built. Pure: it looks at numbers of rows only.</summary>
internal static class IndexPlan
{
    private const int MergedAtOnce = 4;
    private const double MostDead = 0.1;

    /// <summary>Segments over rows that none has: as many rows each as the options say; a rest that is small stays without.</summary>
    /// <param name="uncovered">The rows, in order.</param>
    /// <param name="options">Sizes.</param>
    public static List<IndexWork> New(IReadOnlyList<RowRange> uncovered, IndexOptions options)
    {
        var work = new List<IndexWork>();
        var ranges = new List<RowRange>();
        long rows = 0;
        foreach (RowRange range in uncovered.SelectMany(range => InPieces(range, options)))
        {
            ranges.Add(range);
            rows += range.Rows;
            if (rows < options.SegmentRows) { continue; }

            work.Add(new IndexWork(ranges, []));
            (ranges, rows) = ([], 0);
        }

        if (rows >= options.ExactBelow) { work.Add(new IndexWork(ranges, [])); }
        return work;
    }

    /// <summary>The next segment that takes the place of others; null when there is none.</summary>
    /// <remarks>
    /// Four adjacent segments of about the same size become one, until they have as many rows as a whole one: while a run is followed each vector is built two
    /// or three times, and a query searches few segments.
    /// </remarks>
    /// <param name="segments">Rows of each segment that may be found, and those that could when it was built, in order.</param>
    /// <param name="options">Sizes.</param>
    /// <param name="compacts">Whether to merge as many as fit together, and to rewrite each that has removed rows.</param>
    /// <returns>Places of the first segment and how many.</returns>
    public static (int First, int Count)? Merge(IReadOnlyList<(long Alive, long Built)> segments, IndexOptions options, bool compacts)
    {
        for (int i = 0; i < segments.Count; i++)
        {
            (long alive, long built) = segments[i];
            if (compacts && segments.Count > 1 && Run(segments, i, options) is > 1 and int count) { return (i, count); }
            if (alive > 0 && built - alive > (compacts ? 0 : MostDead * built)) { return (i, 1); }
            if (!compacts && IsRunOfEquals(segments, i, options)) { return (i, MergedAtOnce); }
        }

        return null;
    }

    private static int Run(IReadOnlyList<(long Alive, long Built)> segments, int first, IndexOptions options)
    {
        long rows = 0;
        int count = 0;
        while (first + count < segments.Count && rows + segments[first + count].Alive <= options.MaxSegmentRows) { rows += segments[first + count++].Alive; }
        return count;
    }

    private static bool IsRunOfEquals(IReadOnlyList<(long Alive, long Built)> segments, int first, IndexOptions options)
    {
        if (first + MergedAtOnce > segments.Count) { return false; }

        long[] rows = [.. Enumerable.Range(first, MergedAtOnce).Select(i => segments[i].Alive)];
        return rows.Min() > 0 && rows.Max() < options.SegmentRows && rows.Max() <= rows.Min() * MergedAtOnce && rows.Sum() <= options.MaxSegmentRows;
    }

    private static IEnumerable<RowRange> InPieces(RowRange range, IndexOptions options)
    {
        if (range.Rows <= options.MaxSegmentRows) { return [range]; }

        int pieces = range.Rows / options.SegmentRows; // each at least a whole segment, but for the last
        int size = (range.Rows + pieces - 1) / pieces;
        return Enumerable.Range(0, pieces).Select(i => range with { From = range.From + (i * size), To = (int)Math.Min(range.To, range.From + ((i + 1L) * size)) });
    }
}
