namespace LaionStream.Search.Index;

/// <summary>A segment that is to be built.</summary>
/// <param name="Ranges">Its rows.</param>
/// <param name="Replaces">Numbers of the segments whose place it takes.</param>
internal sealed record IndexWork(IReadOnlyList<RowRange> Ranges, IReadOnlyList<int> Replaces)
{
    /// <summary>Rows in it.</summary>
    public long Rows => Ranges.Sum(range => (long)range.Rows);
}
