namespace LaionStream.Host.Verbs;

/// <summary>A picture given by name, or found in a folder or an archive.</summary>
/// <param name="Name">Its path; in an archive, the archive's path and the entry's.</param>
/// <param name="Bytes">The file; null when it could not be read.</param>
/// <param name="Error">Why it could not be read.</param>
internal readonly record struct PictureFile(string Name, byte[]? Bytes, string? Error = null);
