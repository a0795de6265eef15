using LaionStream.Search.Vectors;

namespace LaionStream.Search.Index;

/// <summary>A part with its vectors.</summary>
/// <param name="Part">The part.</param>
/// <param name="Vectors">One per row; null where the file was moved away.</param>
internal sealed record VectorBlock(VectorPart Part, MappedVectors? Vectors)
{
    /// <summary>The row number after the last one of the part.</summary>
    public long End => Part.FirstRow + Part.Rows;

    /// <summary>Positions that must not be found although the files have them; null for none.</summary>
    public RowSet? Dead { get; init; }

    /// <summary>Whether a position may be found.</summary>
    public bool Has(long position) => Vectors is not null && Dead?.Contains(position) != true;
}
