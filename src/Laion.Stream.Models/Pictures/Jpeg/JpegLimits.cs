namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>What one file may ask of the decoder. Work is bounded by (pixels × scans + bytes).</summary>
/// <param name="MaxPixels">Most pixels a header may claim.</param>
/// <param name="MaxScans">Most scans a file may hold.</param>
internal readonly record struct JpegLimits(long MaxPixels, int MaxScans)
{
    /// <summary>PIL's limit of pixels, and more scans than an encoder makes of 4 components (64 bands with 14 bit positions would be legal).</summary>
    public static JpegLimits Default { get; } = new(89_478_484, 200);
}
