namespace LaionStream.Engine.Inputs.Tars;

/// <summary>A file in a tar.</summary>
/// <param name="Name">Its name, which is never used as a path.</param>
/// <param name="Start">Offset of its first byte in the tar.</param>
/// <param name="Bytes">Number of bytes; all of them are in the tar.</param>
internal readonly record struct TarEntry(string Name, long Start, long Bytes);
