namespace LaionStream.Search.Outputs;

/// <summary>A Parquet file of rows that a query reads.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Set">Its output set; null for a file that belongs to no output folder.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Lower-case hex SHA-256 of its bytes.</param>
/// <param name="Part">The part it belongs to; null for a file that belongs to no output folder.</param>
internal sealed record RowsFile(string Path, string? Set, long Bytes, string Sha256, OutputPart? Part);
