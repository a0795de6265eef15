namespace LaionStream.Search.Index;

/// <summary>Follows the rows of a part through removals and rewritten parts.</summary>
internal sealed class RemovedRows(IReadOnlyList<RemovalEntry> removals)
{
    private readonly ILookup<long, RemovalEntry> _byCommit = removals.ToLookup(removal => removal.Commit);
    private readonly Dictionary<long, long> _replaced = removals.Where(removal => removal.ReplacedBy is not null)
        .GroupBy(removal => removal.ReplacedBy!.Value).ToDictionary(group => group.Key, group => group.First().Commit);

    /// <summary>Where the rows of a part are now.</summary>
    /// <param name="commit">The part's commit.</param>
    /// <param name="rows">Its rows.</param>
    /// <returns>
    /// The commit that has them now and how many rows it must have; and the position there of each, −1 for those that were removed; null positions when all are where they were.
    /// </returns>
    public (long Commit, int Rows, int[]? Positions) Follow(long commit, int rows)
    {
        int[]? positions = null;
        int left = rows;
        // A chain is as long as there are removals; a damaged manifest may close it to a ring.
        for (int step = 0; step <= removals.Count && _byCommit.Contains(commit); step++)
        {
            long? next = null;
            foreach (RemovalEntry removal in _byCommit[commit])
            {
                positions ??= [.. Enumerable.Range(0, rows)];
                Apply(positions, removal);
                if (removal.ReplacedBy is null) { continue; }

                next = removal.ReplacedBy;
                left -= removal.Ranges().Sum(range => range.Count);
                break;
            }

            if (next is null) { break; }
            commit = next.Value;
        }

        return (commit, left, positions);
    }

    /// <summary>The rows of a part, by position, that must not be found although its files have them.</summary>
    /// <param name="commit">The part's commit.</param>
    /// <returns>Null when there are none.</returns>
    public RowSet? DeadOf(long commit)
    {
        var path = new List<long> { commit };
        for (long at = commit; path.Count <= removals.Count && _replaced.TryGetValue(at, out long before); at = before) { path.Add(before); }

        RowSet? dead = null;
        for (int i = path.Count - 1; i >= 0; i--)
        {
            foreach (RemovalEntry removal in _byCommit[path[i]])
            {
                if (removal.ReplacedBy is null) { Mark(dead ??= new RowSet(), removal); }
                else if (dead is not null && i > 0 && removal.ReplacedBy == path[i - 1]) { dead = Moved(dead, removal); }
            }
        }

        return dead is { Count: > 0 } ? dead : null;
    }

    private static void Mark(RowSet dead, RemovalEntry removal)
    {
        foreach ((int first, int count) in removal.Ranges())
        {
            for (int i = 0; i < count; i++) { dead.Add(first + i); }
        }
    }

    private static RowSet Moved(RowSet dead, RemovalEntry removal)
    {
        var gone = new RowSet();
        Mark(gone, removal);
        var moved = new RowSet();
        for (long row = dead.Next(0); row >= 0; row = dead.Next(row + 1))
        {
            if (!gone.Contains(row)) { moved.Add(row - gone.CountIn(0, row)); }
        }

        return moved;
    }

    private static void Apply(int[] positions, RemovalEntry removal)
    {
        var gone = new RowSet();
        Mark(gone, removal);
        long before = 0;
        long last = 0;
        for (int i = 0; i < positions.Length; i++)
        {
            int at = positions[i];
            if (at < 0) { continue; }

            before += gone.CountIn(last, at); // ascending: each word is counted once
            last = at;
            if (gone.Contains(at)) { positions[i] = -1; }
            else if (removal.ReplacedBy is not null) { positions[i] = at - (int)before; }
        }
    }
}
