namespace LaionStream.Dataset.Manifest;

/// <summary>One file of a commit.</summary>
/// <param name="Path">Where it ends up, relative to the output folder, with forward slashes.</param>
/// <param name="Temp">Where it lay when the commit was written, relative to the output folder.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Lower-case hex SHA-256 of its bytes.</param>
public sealed record ManifestFile(string Path, string Temp, long Bytes, string Sha256);
