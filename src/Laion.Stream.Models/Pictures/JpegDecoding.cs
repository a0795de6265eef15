namespace LaionStream.Models.Pictures;

/// <summary>What decodes JPEGs. Both give the same pixels; they differ in which flawed files are whole enough.</summary>
public enum JpegDecoding
{
    /// <summary>Our own decoder, which tells what is odd in a file and where; kinds that it does not know (arithmetic coding, 12 bit, lossless) go to libvips.</summary>
    Own,

    /// <summary>libvips with libjpeg, which refuses at the first warning that is not in a marker alone.</summary>
    Vips,
}
