namespace LaionStream.Dataset.Rows;

/// <summary>A row as the files beside the Parquet file of rows tell it, under img2dataset's names.</summary>
/// <param name="Row">The row.</param>
/// <param name="Key">The sample's key: part number, then place in the part, both padded with zeros.</param>
/// <param name="Width">Pixels across of the stored picture; of the original where none is stored.</param>
/// <param name="Height">Pixels down of the stored picture; of the original where none is stored.</param>
public sealed record ShardRow(SampleRow Row, string Key, int Width, int Height);
