using System.Buffers.Binary;
using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Models.Pictures.Headers;

/// <summary>
/// What a file says of itself, read from its bytes before any decoder sees them. Never throws: a field that is missing or broken keeps its
/// default, and a width or height of 0 means that no sound header was found.
/// </summary>
internal readonly record struct ImageHeader
{
    /// <summary>The format by its signature.</summary>
    public ImageFormat Format { get; init; }

    /// <summary>Pixels across, as stored.</summary>
    public int Width { get; init; }

    /// <summary>Pixels down, as stored.</summary>
    public int Height { get; init; }

    /// <summary>Pictures inside: 1, or more for animations and multi-page files.</summary>
    public int Frames { get; init; }

    /// <summary>EXIF orientation 1 to 8; 1 where none is given or it makes no sense.</summary>
    public int Orientation { get; init; }

    /// <summary>Colour components as stored, alpha included; 1 for indexed pictures.</summary>
    public int Components { get; init; }

    /// <summary>Bits per component (per index for indexed pictures).</summary>
    public int BitsPerComponent { get; init; }

    /// <summary>Whether the pixels are indices into a palette.</summary>
    public bool Indexed { get; init; }

    /// <summary>Whether the pixels carry an alpha channel of their own; a PNG's <c>tRNS</c> colour key is none.</summary>
    public bool Alpha { get; init; }

    /// <summary>Whether the decoder must hold the whole picture: JPEG that is progressive or has scans of single components, interlaced PNG.</summary>
    public bool Buffered { get; init; }

    /// <summary>Scans of a JPEG whose picture the decoder must hold, each a pass over all pixels; 1 for other files.</summary>
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
        if (BinaryPrimitives.ReadUInt32LittleEndian(body[14..]) == 12) // OS/2: 16-bit sides
        {
            return header with { Width = BinaryPrimitives.ReadUInt16LittleEndian(body[18..]), Height = BinaryPrimitives.ReadUInt16LittleEndian(body[20..]) };
        }

        int width = BinaryPrimitives.ReadInt32LittleEndian(body[18..]);
        int height = BinaryPrimitives.ReadInt32LittleEndian(body[22..]); // negative: top row first
        return width <= 0 || height is 0 or int.MinValue ? header : header with { Width = width, Height = Math.Abs(height) };
    }
}
