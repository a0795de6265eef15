using System.Buffers.Binary;
using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Models.Pictures.Headers;

/// <summary>
/// A file's header, read from its bytes before any decoder. Never throws: a field that is missing or broken keeps its
/// default, and a width or height of 0 means that no valid header was found.
/// </summary>
internal readonly record struct ImageHeader
{
    /// <summary>The format, by its signature.</summary>
    public ImageFormat Format { get; init; }

    /// <summary>Width in pixels, as stored.</summary>
    public int Width { get; init; }

    /// <summary>Height in pixels, as stored.</summary>
    public int Height { get; init; }

    /// <summary>Pictures inside: 1, or more for animations and multi-page files.</summary>
    public int Frames { get; init; }

    /// <summary>EXIF orientation 1 to 8; 1 when none is given or it is invalid.</summary>
    public int Orientation { get; init; }

    /// <summary>Where the EXIF block begins in the file: at its byte order mark.</summary>
    public int ExifStart { get; init; }

    /// <summary>Length of the EXIF block in bytes; 0 when there is none.</summary>
    public int ExifLength { get; init; }

    /// <summary>Colour components as stored, alpha included; 1 for indexed pictures.</summary>
    public int Components { get; init; }

    /// <summary>Bits per component (per index for indexed pictures).</summary>
    public int BitsPerComponent { get; init; }

    /// <summary>Whether the pixels are indices into a palette.</summary>
    public bool Indexed { get; init; }

    /// <summary>Whether the pixels have their own alpha channel; a PNG's <c>tRNS</c> colour key does not count.</summary>
    public bool Alpha { get; init; }

    /// <summary>
    /// Whether the decoder must buffer the whole picture: a JPEG that is progressive or has scans of single components, or an interlaced PNG.
    /// </summary>
    public bool Buffered { get; init; }

    /// <summary>Scans of a JPEG that the decoder must buffer, each a pass over all pixels; 1 for other files.</summary>
    public int Scans { get; init; }

    /// <summary>Width × height.</summary>
    public long Pixels => (long)Width * Height;

    /// <summary>Reads the header of a file.</summary>
    /// <param name="body">The whole file.</param>
    public static ImageHeader Read(ReadOnlySpan<byte> body)
    {
        ImageFormat format = ImageSignature.Of(body);
        ImageHeader header = new() { Format = format, Frames = 1, Orientation = 1, Components = 3, BitsPerComponent = 8, Scans = 1 };
        return format switch
        {
            ImageFormat.Jpeg => JpegHeader.Read(body, header),
            ImageFormat.Png => PngHeader.Read(body, header),
            ImageFormat.WebP => WebPHeader.Read(body, header),
            ImageFormat.Gif => ReadGif(body, header),
            ImageFormat.Bmp => ReadBmp(body, header),
            ImageFormat.Tiff => TiffHeader.Read(body, header),
            ImageFormat.Avif or ImageFormat.Heic => HeifHeader.Read(body, header),
            _ => header,
        };
    }

    private static ImageHeader ReadGif(ReadOnlySpan<byte> body, ImageHeader header) => body.Length < 13 ? header : header with
    {
        Width = BinaryPrimitives.ReadUInt16LittleEndian(body[6..]),
        Height = BinaryPrimitives.ReadUInt16LittleEndian(body[8..]),
        Components = 1,
        Indexed = true,
        Frames = GifFrames.Count(body),
    };

    private static ImageHeader ReadBmp(ReadOnlySpan<byte> body, ImageHeader header)
    {
        if (body.Length < 26) { return header; }
        if (BinaryPrimitives.ReadUInt32LittleEndian(body[14..]) == 12) // OS/2: 16-bit width and height
        {
            return header with { Width = BinaryPrimitives.ReadUInt16LittleEndian(body[18..]), Height = BinaryPrimitives.ReadUInt16LittleEndian(body[20..]) };
        }

        int width = BinaryPrimitives.ReadInt32LittleEndian(body[18..]);
        int height = BinaryPrimitives.ReadInt32LittleEndian(body[22..]); // negative: top row first
        return width <= 0 || height is 0 or int.MinValue ? header : header with { Width = width, Height = Math.Abs(height) };
    }
}
