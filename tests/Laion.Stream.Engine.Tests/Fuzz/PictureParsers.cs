using System.Security.Cryptography;
using LaionStream.Engine.Decoding;
using LaionStream.Models.Pictures;
using LaionStream.Models.Pictures.Colour;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Jpeg;
using LaionStream.Models.Pictures.Metadata;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Pictures.Resampling;

namespace LaionStream.Engine.Tests.Fuzz;

/// <summary>Parsers of pictures: headers, EXIF, profiles, our JPEG code, and the whole path from header to pixels.</summary>
internal static class PictureParsers
{
    private const int MostPixels = 1 << 18; // for damaged pictures that are decoded
    private static readonly TimeSpan DecodeTimeout = TimeSpan.FromMilliseconds(500);

    private static readonly PixelSpec[] Specs =
        [new(32, 32, PixelFit.ShorterSideBicubicCrop), new(20, 16, PixelFit.SquashBilinear), new(17, 23, PixelFit.SquashBilinearAlignCorners)];

    private static readonly ImagingOptions Lenient = MakeLenient(PictureLibrary.Vips);

    private static readonly ImagingOptions LenientManaged = MakeLenient(PictureLibrary.ImageSharp);

    /// <summary>The parsers.</summary>
    public static IEnumerable<ByteParser> All { get; } =
    [
        new("image header", PictureSeeds.OfAllFormats, Header)
        {
            MostBytes = 1 << 16, SweptPlaces = 600, Rounds = 40_000,
        },
        new("exif", () => PictureSeeds.ExifBlocks, file => Assert.InRange(ExifOrientation.Of(file), 1, 8)) { MostBytes = 1 << 14, Rounds = 20_000 },
        new("picture metadata", () => MetadataSeeds.Files, file => PictureStatement.Of(file)) { MostBytes = 40 << 20, SweptPlaces = 400, Rounds = 10_000 },
        new("picture rights", () => MetadataSeeds.Rights, file => RightsReader.Read(file)) { MostBytes = 40 << 20, SweptPlaces = 300, Rounds = 5000 },
        new("metadata bombs", () => MetadataSeeds.Bombs.Value, file => (PictureStatement.Of(file), RightsReader.Read(file)).ToString()) { MostBytes = 128 << 20, SweptPlaces = 2, Rounds = 60 },
        new("xmp", () => MetadataSeeds.Packets, packet => DataMining.IsProhibited(packet)) { MostBytes = 8 << 20, SweptPlaces = 100, Rounds = 10_000 },
        new("c2pa store", () => MetadataSeeds.Stores, store => Jumbf.Find(store).Any(assertion => assertion.Forbids)) { MostBytes = 4 << 20, SweptPlaces = 400, Rounds = 20_000 },
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
        new("jpeg in one pass", () => PictureSeeds.TurnedJpegs.Value, OnePass) { MostBytes = 32 << 20, SweptPlaces = 40, Rounds = 1500 },
        .. Whole("jpeg", () => PictureSeeds.Jpegs.Value),
        .. Whole("png", () => PictureSeeds.Pngs.Value),
        .. Whole("webp", () => PictureSeeds.WebPs.Value),
        .. Whole("gif", () => PictureSeeds.Gifs.Value),
        .. Whole("tiff", () => PictureSeeds.Tiffs.Value),
        .. Whole("avif", () => PictureSeeds.Boxes),
    ];

    /// <summary>The whole path from header to pixels, with either decoder.</summary>
    private static IEnumerable<ByteParser> Whole(string format, Func<IReadOnlyList<byte[]>> seeds) =>
        Enum.GetValues<PictureLibrary>().Select(library => new ByteParser(
            library == PictureLibrary.Vips ? $"decode {format}" : $"decode {format} managed", seeds, file => Decode(file, library))
        {
            Allowed = [typeof(DecodeException)],
            MostBytes = 8 << 20,
            SweptPlaces = 40,
            Rounds = 400,
        });

    private static ImagingOptions MakeLenient(PictureLibrary library) => new()
    {
        MinSide = 1,
        MaxPixels = MostPixels,
        MaxAspectRatio = 1000,
        Avif = true,
        Gif = true,
        Tiff = true,
        Heic = true,
        Decoder = library,
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

    /// <summary>A picture whose rows go straight into what is made of them has the verdict, the inputs and the hash of its whole copy.</summary>
    private static void OnePass(byte[] file)
    {
        ImageHeader header = ImageHeader.Read(file);
        if (header.Format != ImageFormat.Jpeg || ImageRules.Reject(header, Lenient) is not null) { return; }

        foreach (ImagingCompat compat in Enum.GetValues<ImagingCompat>())
        {
            var pass = new PicturePass(compat, Specs);
            string rows = Outcome(() => pass.Read(file, header, CancellationToken.None) is var (_, _, inputs, hash) ? (inputs, hash) : default);
            string whole = Outcome(() =>
            {
                using DecodedPixels pixels = ImageDecoder.Decode(file, header, compat == ImagingCompat.None, CancellationToken.None);
                return ImagePreparation.Prepare(pixels, header, compat, Specs);
            });
            Assert.Equal(whole, rows);
        }
    }

    private static string Outcome(Func<(PixelInput[] Inputs, string Hash)> read)
    {
        try
        {
            (PixelInput[] inputs, string hash) = read();
            string outcome = hash;
            foreach (PixelInput input in inputs)
            {
                outcome += " " + Convert.ToHexString(SHA256.HashData(input.Rgb));
                input.Dispose();
            }

            return outcome;
        }
        catch (DecodeException)
        {
            return "does not decode"; // libvips, which takes what is left to it, says the reason in words that depend on what it read before
        }
    }

    private static void Decode(byte[] file, PictureLibrary library)
    {
        ImageHeader header = ImageHeader.Read(file);
        if (ImageRules.Reject(header, library == PictureLibrary.Vips ? Lenient : LenientManaged) is not null) { return; }

        using var deadline = new CancellationTokenSource(DecodeTimeout);
        using DecodedPixels pixels = ImageDecoder.Decode(file, header, applyProfile: true, deadline.Token, library: library);
        long bytes = (long)pixels.Stride * pixels.Height;
        long reserved = ImageRules.DecodeBytes(header, file.Length, library);
        Assert.True(bytes <= reserved, $"{bytes} bytes of pixels, {reserved} reserved");
    }
}
