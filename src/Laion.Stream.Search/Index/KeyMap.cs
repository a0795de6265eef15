namespace LaionStream.Search.Index;

/// <summary>From the keys of a segment to row numbers.</summary>
internal sealed class KeyMap
{
    private readonly long[] _firstKeys;
    private readonly VectorBlock?[] _blocks;
    private readonly SegmentSlice[] _slices;
    private readonly int[]?[] _positions;

    private KeyMap(SegmentSlice[] slices, VectorBlock?[] blocks, int[]?[] positions)
    {
        (_slices, _blocks, _positions) = (slices, blocks, positions);
        _firstKeys = new long[slices.Length];
        for (int i = 1; i < slices.Length; i++) { _firstKeys[i] = _firstKeys[i - 1] + slices[i - 1].Rows; }

        Ranges = [.. Enumerable.Range(0, slices.Length).Select(RangeOf).OfType<RowRange>()];
        Alive = Ranges.Sum(range => (long)range.Rows) - DeadKeys();
    }

    /// <summary>The rows that the segment has now.</summary>
    public IReadOnlyList<RowRange> Ranges { get; }

    /// <summary>Keys of rows that may be found.</summary>
    public long Alive { get; }

    /// <summary>Whether some keys may not be found.</summary>
    public bool HasDead => Alive < _slices.Sum(slice => (long)slice.Rows);

    /// <summary>Finds the parts of a segment among those that a folder has now.</summary>
    /// <param name="slices">The segment's slices.</param>
    /// <param name="blocks">The parts, by <see cref="IdentityOf(VectorPart)"/>.</param>
    /// <param name="removed">Follows rewritten parts.</param>
    public static KeyMap Of(IReadOnlyList<SegmentSlice> slices, IReadOnlyDictionary<string, VectorBlock> blocks, RemovedRows removed)
    {
        var found = new VectorBlock?[slices.Count];
        var positions = new int[]?[slices.Count];
        for (int i = 0; i < slices.Count; i++)
        {
            SegmentSlice slice = slices[i];
            (long commit, int rows, int[]? now) = removed.Follow(slice.Commit, slice.PartRows);
            string identity = slice.Sha256 is null ? "path " + slice.Path : FormattableString.Invariant($"commit {commit}");
            if (!blocks.TryGetValue(identity, out VectorBlock? block) || block.Vectors is null || block.Part.Rows != rows) { continue; }

            // A rewritten part has another file; its rows are those that were left, in the same order.
            bool isSame = slice.Sha256 is null ? SegmentSource.IsSame(slice, block) : commit != slice.Commit || SegmentSource.DigestOf(block) == slice.Sha256;
            if (isSame) { (found[i], positions[i]) = (block, now); }
        }

        return new KeyMap([.. slices], found, positions);
    }

    /// <summary>By what a part is found again: its commit, or the name of another program's file.</summary>
    public static string IdentityOf(VectorPart part) => part.Output is null ? "path " + part.VectorPath : FormattableString.Invariant($"commit {part.Commit}");

    /// <summary>The part and position of a key.</summary>
    /// <param name="key">Below the number of keys.</param>
    /// <returns>A null part when the row is gone or was removed.</returns>
    public (VectorBlock? Block, int Position) PlaceOf(ulong key)
    {
        int found = Array.BinarySearch(_firstKeys, (long)key);
        int at = found >= 0 ? found : ~found - 1;
        if (_blocks[at] is not { } block) { return (null, 0); }

        int position = _slices[at].From + (int)((long)key - _firstKeys[at]);
        if (_positions[at] is { } now) { position = now[position]; }
        return position < 0 ? (null, 0) : (block, position);
    }

    private RowRange? RangeOf(int slice)
    {
        if (_blocks[slice] is not { } block) { return null; }

        (int from, int to) = (_slices[slice].From, _slices[slice].From + _slices[slice].Rows);
        if (_positions[slice] is not { } now) { return new RowRange(block, from, to); }

        // Between two slices of a part there are only removed rows, so that the first and last that are left bound the range.
        ReadOnlySpan<int> left = now.AsSpan(from, to - from);
        int first = left.IndexOfAnyExcept(-1);
        return first < 0 ? null : new RowRange(block, left[first], left[left.LastIndexOfAnyExcept(-1)] + 1);
    }

    private long DeadKeys()
    {
        long dead = 0;
        foreach (RowRange range in Ranges) { dead += range.Block.Dead?.CountIn(range.From, range.To) ?? 0; }
        return dead;
    }
}
