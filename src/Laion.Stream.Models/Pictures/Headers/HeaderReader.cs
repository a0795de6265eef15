namespace LaionStream.Models.Pictures.Headers;

/// <summary>Reads the header of a picture file; <see cref="ImageHeader.Read"/> in production.</summary>
/// <param name="body">The whole file.</param>
internal delegate ImageHeader HeaderReader(ReadOnlySpan<byte> body);
