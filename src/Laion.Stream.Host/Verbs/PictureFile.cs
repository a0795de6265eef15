namespace LaionStream.Host.Verbs;

/// <summary>A picture that was named, alone or within a folder or an archive.</summary>
/// <param name="Name">Its path; within an archive that and the entry's.</param>
/// <param name="Bytes">The file; null where it could not be read.</param>
/// <param name="Error">Why not.</param>
internal readonly record struct PictureFile(string Name, byte[]? Bytes, string? Error = null);
