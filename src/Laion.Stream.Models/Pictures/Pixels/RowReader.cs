namespace LaionStream.Models.Pictures.Pixels;

/// <summary>Converts one stored row to 8-bit RGB.</summary>
/// <param name="stored">A row of the decoded picture.</param>
/// <param name="rgb">Three bytes per pixel; all are written.</param>
internal delegate void RowReader(ReadOnlySpan<byte> stored, Span<byte> rgb);
