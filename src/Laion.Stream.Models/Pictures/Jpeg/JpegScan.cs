namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>The contents of a start-of-scan segment.</summary>
/// <param name="Components">1 to 4 components, each once.</param>
/// <param name="First">First coefficient of the band, in zigzag order.</param>
/// <param name="Last">Last coefficient of the band.</param>
/// <param name="High">The bit position sent before; 0 for the first scan of a band.</param>
/// <param name="Low">The bit position that this scan sends.</param>
/// <param name="Offset">Offset of the segment's marker in the file.</param>
/// <param name="DataOffset">Offset of its entropy-coded data.</param>
internal sealed record JpegScan(JpegComponent[] Components, int First, int Last, int High, int Low, int Offset, int DataOffset);
