using LaionStream.Engine.Decoding;
using LaionStream.Models.Pictures;
using LaionStream.Models.Pictures.Colour;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Jpeg;
using LaionStream.Models.Pictures.Pixels;
using NetVips;

namespace LaionStream.Engine.Tests.Fuzz;

/// <summary>Parsers of pictures: headers, EXIF, profiles, our JPEG code, and the whole path from header to pixels.</summary>
internal static class PictureParsers
{
    private const int MostPixels = 1 << 18; // for damaged pictures that are decoded
    private static readonly TimeSpan DecodeTimeout = TimeSpan.FromMilliseconds(500);

    private static readonly ImagingOptions Lenient = new()
    {
        MinSide = 1,
        MaxPixels = MostPixels,
        MaxAspectRatio = 1000,
        Avif = true,
        Gif = true,
        Tiff = true,
        Heic = true,
    };

    /// <summary>The parsers.</summary>
    public static IEnumerable<ByteParser> All { get; } =
    [
        new("image header", PictureSeeds.OfAllFormats, Header)
        {
            MostBytes = 1 << 16, SweptPlaces = 600, Rounds = 40_000,
        },
        new("exif", () => PictureSeeds.ExifBlocks, file => Assert.InRange(ExifOrientation.Of(file), 1, 8)) { MostBytes = 1 << 14, Rounds = 20_000 },
        new("icc profile", () => PictureSeeds.Profiles, Profile) { MostBytes = 1 << 16, Rounds = 5000 },
        new("jpeg cleaning", () => PictureSeeds.Jpegs.Value, Cleaning) { MostBytes = 1 << 18, Rounds = 5000 },
        new("jpeg profile", () => PictureSeeds.Jpegs.Value, file => Assert.InRange(JpegProfile.Read(file)?.Length ?? 0, 0, file.Length))
        {
            MostBytes = 1 << 16, Rounds = 5000,
        },
        new("jpeg decoder", () => PictureSeeds.Jpegs.Value, file => JpegDecoder.Decode(file, new JpegLimits(MostPixels, 50), CancellationToken.None).Dispose())
        {
            Allowed = [typeof(JpegException)], MostBytes = 32 << 20, SweptPlaces = 40, Rounds = 1500,
        },
        Whole("decode jpeg", () => PictureSeeds.Jpegs.Value),
        Whole("decode png", () => PictureSeeds.Pngs.Value),
        Whole("decode webp", () => PictureSeeds.WebPs.Value),
        Whole("decode gif", () => PictureSeeds.Gifs.Value),
        Whole("decode tiff", () => PictureSeeds.Tiffs.Value),
        Whole("decode avif", () => PictureSeeds.Boxes),
    ];

    private static ByteParser Whole(string name, Func<IReadOnlyList<byte[]>> seeds) => new(name, seeds, Decode)
    {
        Allowed = [typeof(VipsException), typeof(DecodeException)],
        MostBytes = 8 << 20,
        SweptPlaces = 40,
        Rounds = 400,
    };

    private static void Header(byte[] file)
    {
        ImageHeader header = ImageHeader.Read(file);
        Assert.True(header.Width >= 0 && header.Height >= 0 && header.Frames >= 1 && header.Scans >= 0 && header.Components is >= 0 and <= 255);
        Assert.InRange(header.Orientation, 1, 8);
        if (ImageRules.Reject(header, Lenient) is null)
        {
            Assert.InRange(ImageRules.DecodeBytes(header, file.Length), header.Pixels * 3, (MostPixels * 2048L) + (1L << 30));
        }
    }

    private static void Cleaning(byte[] file)
    {
        if (ImageSignature.Of(file) == ImageFormat.Jpeg) { Assert.InRange(JpegCleaning.Clean(file).Length, 0, file.Length + 2); }
    }

    private static void Profile(byte[] file)
    {
        if (!IccMatrix.TryRead(file, out IccMatrix? matrix) || matrix is null) { return; }
        Span<byte> pixels = stackalloc byte[30 * 3];
        matrix.ToSrgb(pixels);
    }

    private static void Decode(byte[] file)
    {
        ImageHeader header = ImageHeader.Read(file);
        if (ImageRules.Reject(header, Lenient) is not null) { return; }

        using var deadline = new CancellationTokenSource(DecodeTimeout);
        using DecodedPixels pixels = ImageDecoder.Decode(file, header, applyProfile: true, deadline.Token);
        long bytes = (long)pixels.Stride * pixels.Height;
        Assert.True(bytes <= ImageRules.DecodeBytes(header, file.Length), $"{bytes} bytes of pixels, {ImageRules.DecodeBytes(header, file.Length)} reserved");
    }
}
