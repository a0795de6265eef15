namespace LaionStream.Search.Rows;

/// <summary>A part of a row file.</summary>
/// <param name="Offset">Bytes before it, a multiple of 8.</param>
/// <param name="Bytes">Its length in bytes.</param>
internal readonly record struct RowRegion(long Offset, long Bytes);
