namespace LaionStream.Dataset.Cutting;

/// <summary>Which rows of a part stay, by their places from 0.</summary>
/// <param name="isKept">Asked once for each row of a file, in order.</param>
/// <param name="kept">How many stay.</param>
public sealed class RowFilter(Func<long, bool> isKept, long kept)
{
    /// <summary>How many rows stay.</summary>
    public long Kept => kept;

    /// <summary>Whether a row stays.</summary>
    public bool Keeps(long row) => isKept(row);
}
