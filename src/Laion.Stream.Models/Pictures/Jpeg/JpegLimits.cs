namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>The limits for one file. Work is bounded by (pixels × scans + bytes).</summary>
/// <param name="MaxPixels">Most pixels in a header.</param>
/// <param name="MaxScans">Most scans in a file.</param>
internal readonly record struct JpegLimits(long MaxPixels, int MaxScans)
{
    /// <summary>PIL's limit of pixels, and more scans than an encoder writes for 4 components (64 bands with 14 bit positions would be legal).</summary>
    public static JpegLimits Default { get; } = new(89_478_484, 200);
}
