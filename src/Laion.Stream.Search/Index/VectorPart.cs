using LaionStream.Search.Outputs;

namespace LaionStream.Search.Index;

/// <summary>A part whose rows have row numbers: those from <see cref="FirstRow"/> on, in the order of its files.</summary>
/// <param name="Folder">The folder that was opened.</param>
/// <param name="Commit">The commit that wrote the part; for a folder of another program's embeddings the number of the file among its sorted names, from 0.</param>
/// <param name="VectorPath">The file of vectors, relative to the folder, with forward slashes; null when the part has none of this kind.</param>
/// <param name="FirstRow">Row number of its first row.</param>
/// <param name="Rows">Its rows. At most 2,147,483,647.</param>
public sealed record VectorPart(string Folder, long Commit, string? VectorPath, long FirstRow, int Rows)
{
    /// <summary>The part as the output's manifest lists it: its other files are found through it.</summary>
    /// <value>Null for a folder of another program's embeddings.</value>
    public OutputPart? Output { get; init; }

    /// <summary>The Parquet file of the rows' metadata beside the vectors, relative to the folder.</summary>
    /// <value>Null when there is none.</value>
    public string? MetadataPath { get; init; }
}
