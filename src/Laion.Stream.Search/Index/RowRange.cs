namespace LaionStream.Search.Index;

/// <summary>Adjacent rows of a part.</summary>
/// <param name="Block">The part.</param>
/// <param name="From">Position of the first.</param>
/// <param name="To">The position after the last.</param>
internal readonly record struct RowRange(VectorBlock Block, int From, int To)
{
    /// <summary>How many.</summary>
    public int Rows => To - From;
}
