namespace LaionStream.Engine.Candidates;

/// <summary>Where the bytes of a picture are stored on this machine: a file, or a range of one, such as an entry of a tar.</summary>
/// <param name="Path">The file.</param>
/// <param name="Start">Offset of the first byte.</param>
/// <param name="Bytes">Number of bytes; null for all up to the file's end.</param>
public sealed record LocalPicture(string Path, long Start = 0, long? Bytes = null);
