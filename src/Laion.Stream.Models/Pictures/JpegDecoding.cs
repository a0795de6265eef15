namespace LaionStream.Models.Pictures;

/// <summary>The decoder of JPEGs. Both give the same pixels; they differ in which damaged files they accept.</summary>
public enum JpegDecoding
{
    /// <summary>
    /// Our own decoder, which reports what is irregular in a file and where; kinds it does not support (arithmetic coding, 12 bit, lossless) go to libvips.
    /// </summary>
    Own,

    /// <summary>libvips with libjpeg, which refuses at the first warning that is not about markers alone.</summary>
    Vips,
}
