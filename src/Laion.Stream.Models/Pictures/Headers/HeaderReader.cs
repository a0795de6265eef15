namespace LaionStream.Models.Pictures.Headers;

/// <summary>Reads what a picture's file says of itself; <see cref="ImageHeader.Read"/> in production.</summary>
/// <param name="body">The whole file.</param>
internal delegate ImageHeader HeaderReader(ReadOnlySpan<byte> body);
