namespace LaionStream.Dataset.Rows;

/// <summary>A row as written to the files beside the Parquet file of rows, under img2dataset's names.</summary>
/// <param name="Row">The row.</param>
/// <param name="Key">The sample's key: part number, then position in the part, both padded with zeros.</param>
/// <param name="Width">Width in pixels of the stored picture; of the original when none is stored.</param>
/// <param name="Height">Height in pixels of the stored picture; of the original when none is stored.</param>
public sealed record ShardRow(SampleRow Row, string Key, int Width, int Height)
{
    /// <summary>The stored picture, for a file with a column of them; copied when the row is added.</summary>
    public ReadOnlyMemory<byte> Picture { get; init; }
}
