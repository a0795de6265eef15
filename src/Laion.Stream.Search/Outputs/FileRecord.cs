namespace LaionStream.Search.Outputs;

/// <summary>A file, as a manifest names it.</summary>
/// <param name="Path">Relative to the folder that it belongs to.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Lower-case hex SHA-256 of its bytes.</param>
internal sealed record FileRecord(string Path, long Bytes, string Sha256);
