namespace LaionStream.Models.Pictures.Pixels;

/// <summary>Turns one row as stored into 8-bit RGB.</summary>
/// <param name="stored">A row of the decoded picture.</param>
/// <param name="rgb">Three bytes per pixel, written whole.</param>
internal delegate void RowReader(ReadOnlySpan<byte> stored, Span<byte> rgb);
