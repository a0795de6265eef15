using LaionStream.Dataset.Rows;
using LaionStream.Models.Pictures;
using LaionStream.Models.Pictures.Headers;

namespace LaionStream.Engine.Decoding;

/// <summary>Which files are accepted, judged by the header alone, and how much memory their decode needs.</summary>
internal static class ImageRules
{
    /// <summary>
    /// Most pixels × scans of a JPEG that is buffered: every scan is a pass over the whole picture, so a small file of thousands of empty scans
    /// could keep a decoder busy for minutes. An ordinary 89-megapixel file with the usual 10 scans stays below.
    /// </summary>
    private const long MaxScannedPixels = 2_000_000_000;

    /// <summary>Memory that a decode needs whatever the size: row buffers, tables, the resampler's rows.</summary>
    private const long FixedBytes = 1 << 20;

    /// <summary>
    /// Bytes per column of a JPEG that is decoded row by row: of three components with the largest sampling factor, 4, two rows of MCUs as samples and one as
    /// coefficients (192 each), and a few rows of pixels and sums.
    /// </summary>
    private const long StreamedBytesPerColumn = 450;

    /// <summary>Every drop reason that depends only on a picture's bytes, except for pictures that broke the decoder.</summary>
    public static IReadOnlyList<DropReason> Reasons { get; } =
        [DropReason.NotAnImage, DropReason.UnsupportedFormat, DropReason.DecodeFailed, DropReason.TooSmall, DropReason.TooManyPixels, DropReason.AspectRatio,
            DropReason.EncodeFailed];

    /// <summary>Why the file is not taken, or null.</summary>
    /// <param name="header">The file's header.</param>
    /// <param name="options">The limits.</param>
    public static DropReason? Reject(in ImageHeader header, ImagingOptions options)
    {
        if (!IsImage(header.Format)) { return DropReason.NotAnImage; }
        if (!IsTaken(header.Format, options)) { return DropReason.UnsupportedFormat; }
        if (header.Width <= 0 || header.Height <= 0) { return DropReason.DecodeFailed; }
        if (header.Pixels > options.MaxPixels) { return DropReason.TooManyPixels; }
        if (header.Pixels * header.Scans > MaxScannedPixels) { return DropReason.DecodeFailed; }

        int shorter = Math.Min(header.Width, header.Height);
        int longer = Math.Max(header.Width, header.Height);
        if (shorter < options.MinSide) { return DropReason.TooSmall; }
        return longer > options.MaxAspectRatio * shorter ? DropReason.AspectRatio : null;
    }

    /// <summary>
    /// Bytes to reserve before the decode: the decoded pixels and the decoder's other memory. The decoders' shares are measured (DecodeMemoryTests, 25 and
    /// 89 megapixels).
    /// </summary>
    /// <param name="header">A header that <see cref="Reject"/> accepted.</param>
    /// <param name="bodyBytes">Bytes of the file: a JPEG's scans are copied without their stuffing.</param>
    /// <param name="library">The decoder of other formats than JPEG.</param>
    /// <param name="streamed">Whether the picture is decoded row by row, without a copy of the whole (<see cref="PicturePass.Streams"/>).</param>
    public static long DecodeBytes(in ImageHeader header, int bodyBytes, PictureLibrary library = PictureLibrary.Vips, bool streamed = false)
    {
        if (streamed) { return InsideBytes(header, decoded: 0, bodyBytes) + ((long)header.Width * StreamedBytesPerColumn) + FixedBytes; }
        if (library == PictureLibrary.ImageSharp && header.Format != ImageFormat.Jpeg) { return SharpBytes(header, bodyBytes); }

        int bytesPerComponent = header.BitsPerComponent > 8 ? 2 : 1;
        int bands = header.Indexed ? 4 : header.Components + (header.Format == ImageFormat.Png ? 1 : 0); // a colour key becomes alpha
        if (header.Format is not (ImageFormat.Jpeg or ImageFormat.Png)) { bands = Math.Max(bands, 3); }
        long decoded = header.Pixels * bands * bytesPerComponent;
        return decoded + InsideBytes(header, decoded, bodyBytes) + (decoded / 16) + FixedBytes;
    }

    /// <summary>ImageSharp decodes into a picture of its own, from which the pixels are copied; PNGs are decoded without it.</summary>
    private static long SharpBytes(in ImageHeader header, int bodyBytes)
    {
        int bands = header.Indexed ? 4 : Math.Max(header.Components, header.Format == ImageFormat.Png ? 1 : 3);
        if (header is { Format: ImageFormat.Png, Alpha: false, Indexed: false }) { bands++; } // a colour key becomes alpha
        long decoded = header.Pixels * bands * (header is { Format: ImageFormat.Png, BitsPerComponent: > 8 } ? 2 : 1);
        long inside = header.Format switch
        {
            ImageFormat.Png => 0,
            ImageFormat.WebP => Math.Max(decoded, header.Pixels * 9),
            ImageFormat.Tiff => Math.Max(decoded, header.Pixels * Math.Max(4, header.Components * 2)), // a strip may be the whole picture
            _ => decoded,
        };
        return decoded + inside + (decoded / 16) + bodyBytes + FixedBytes;
    }

    private static long InsideBytes(in ImageHeader header, long decoded, int bodyBytes) => header.Format switch
    {
        ImageFormat.Jpeg => bodyBytes + (header.Buffered ? header.Pixels * header.Components * 2 : 0) // 16-bit coefficients of the whole picture
            + (header.Components > 3 ? header.Pixels : 0),
        ImageFormat.Png => header.Buffered ? decoded : 0,
        ImageFormat.WebP => header.Pixels * (header.Frames > 1 ? 13 : 9), // the frame and its planes; an animation's canvas
        ImageFormat.Gif => header.Pixels * 6, // the canvas and the frame's indices
        ImageFormat.Tiff => header.Pixels * 2, // strips or a row of tiles; libvips refuses a tile as large as the picture
        _ => header.Pixels * (header.BitsPerComponent > 8 ? 22 : 13), // AVIF: all planes, and the frame twice
    };

    private static bool IsImage(ImageFormat format) => format is not (ImageFormat.Unknown or ImageFormat.Html or ImageFormat.Pdf);

    private static bool IsTaken(ImageFormat format, ImagingOptions options) => format switch
    {
        ImageFormat.Jpeg or ImageFormat.Png or ImageFormat.WebP => true,
        ImageFormat.Avif => options.Avif && options.Decoder == PictureLibrary.Vips,
        ImageFormat.Gif => options.Gif,
        ImageFormat.Tiff => options.Tiff,
        ImageFormat.Heic => options.Heic && options.Decoder == PictureLibrary.Vips,
        _ => false,
    };
}
