namespace LaionStream.Search.Index;

/// <summary>Where a row is stored.</summary>
/// <param name="Part">The part that has it.</param>
/// <param name="Position">Its position in the part's files, from 0: in the Parquet file of rows, in the NumPy files, in the metadata, in the tar.</param>
public readonly record struct RowPlace(VectorPart Part, int Position);
