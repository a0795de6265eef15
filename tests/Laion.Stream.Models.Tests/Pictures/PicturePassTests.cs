using System.Security.Cryptography;
using LaionStream.Models.Pictures;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Pictures.Resampling;
using LaionStream.Models.Pictures.Storing;
using LaionStream.Models.Tests.Pictures.Jpeg;
using LaionStream.TestWorld;

namespace LaionStream.Models.Tests.Pictures;

/// <summary>A picture decoded row by row gives the bytes that its whole copy gives.</summary>
public sealed class PicturePassTests
{
    private static readonly PixelSpec[] Specs =
    [
        PixelSpec.Clip224, new(64, 48, PixelFit.SquashBilinear), new(224, 224, PixelFit.SquashBilinearAlignCorners), new(336, 336, PixelFit.ShorterSideBicubicCrop),
        new(32, 32, PixelFit.ShorterSideBicubicCrop),
    ];

    private static readonly ResizeOptions[] Sizes =
    [
        new() { Size = 64, Format = StoredFormat.Png, Quality = 1 }, new() { Size = 48, Mode = ResizeMode.CenterCrop, Format = StoredFormat.Png, Quality = 1 },
        new() { Size = 300, Mode = ResizeMode.Border, Format = StoredFormat.Png, Quality = 1 }, new() { Mode = ResizeMode.No, Format = StoredFormat.Png, Quality = 1 },
    ];

    private static readonly string[] Samplings =
        ["1x1,1x1,1x1", "2x1,1x1,1x1", "2x2,1x1,1x1", "1x2,1x1,1x1", "4x1,1x1,1x1", "2x2,2x1,1x2", "1x1,2x2,1x1", "1x4,1x2,1x1"];

    [SkippableFact]
    public void Read_EverySamplingMannerAndSize_EqualsTheWholePicture()
    {
        Skip.IfNot(TurboJpeg.Exists, TurboJpeg.MissingReason);

        string[][] manners = [[], ["-progressive"], ["-restart", "1"], ["-progressive", "-restart", "2B"], ["-grayscale"], ["-rgb"], ["-optimize", "-quality", "96"]];
        var random = new Random(31);
        int turn = 0;
        foreach (string sampling in Samplings)
        {
            foreach (string[] manner in manners)
            {
                (int width, int height) = turn % 3 == 0 ? (random.Next(1, 40), random.Next(1, 40)) : (random.Next(200, 500), random.Next(150, 400));
                byte[] noise = new byte[width * height * 3];
                random.NextBytes(noise);
                for (int i = 3; i < noise.Length; i++) { noise[i] = (byte)((noise[i] >> 3) + (noise[i - 3] * 7 / 8)); }
                AssertSame(TurboJpeg.Encode(width, height, 3, noise, [.. manner, "-sample", sampling]), turn++);
            }
        }
    }

    [Fact]
    public void Read_DemoPictures_EqualTheWholePicture()
    {
        int turn = 0;
        string folder = Path.Combine(AppContext.BaseDirectory, "Demo", "pictures");
        foreach (string path in Directory.EnumerateFiles(folder, "*.jpg").Order(StringComparer.Ordinal)) { AssertSame(File.ReadAllBytes(path), turn++); }
        Assert.True(turn > 20);
    }

    [SkippableFact]
    public void Read_FoundPictures_EqualTheWholePicture()
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);

        int turn = 0;
        string[] found = [.. Directory.EnumerateFiles(SharedData.Root!, "*.jp*g", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        for (int i = 0; i < found.Length; i += 1 + (found.Length / 150)) { AssertSame(File.ReadAllBytes(found[i]), turn++); }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Read_TurnedJpeg_IsStreamedAndEqualsTheUprightPicture(int orientation)
    {
        byte[] plain = MadePictures.Encode(ImageFormat.Jpeg, 530, 371, seed: orientation), file = MadePictures.WithOrientation(plain, orientation);
        ImageHeader header = ImageHeader.Read(file);
        using DecodedPixels pixels = ImageDecoder.Decode(plain, ImageHeader.Read(plain), applyProfile: true, default);
        var stored = new Picture(pixels, null);
        using DecodedPixels upright = Orientation.Of(orientation).Upright(stored, new byte[stored.ScratchBytes]);
        var storage = new PictureStorage(Sizes[orientation % Sizes.Length]);
        (PixelInput[] expectedInputs, string expectedHash) = ImagePreparation.Prepare(upright, header with { Orientation = 1 }, ImagingCompat.None, Specs);
        string expected = Digest(expectedInputs, expectedHash, storage.Make(pixels, header));

        var pass = new PicturePass(ImagingCompat.None, Specs);
        StoredRows? rows = null;
        (int width, int height, PixelInput[] inputs, string hash) =
            pass.Read(file, header, default, (pictureWidth, pictureHeight) => rows = storage.Begin(header, pictureWidth, pictureHeight), whole: false);

        Assert.True(pass.Streams(header));
        Assert.Equal((530, 371), (width, height));
        Assert.Equal(expected, Digest(inputs, hash, storage.Finish(rows!, header)));
        rows!.Dispose();
        AssertSame(file, orientation);
    }

    private static void AssertSame(byte[] file, int turn)
    {
        ImageHeader header = ImageHeader.Read(file);
        if (header.Format != ImageFormat.Jpeg || header.Width == 0) { return; }
        foreach (ImagingCompat compat in Enum.GetValues<ImagingCompat>())
        {
            PixelSpec[] specs = turn % 4 == 3 ? [] : Specs;
            var storage = new PictureStorage(Sizes[turn % Sizes.Length]);
            string whole, pass;
            try
            {
                using DecodedPixels pixels = ImageDecoder.Decode(file, header, compat == ImagingCompat.None, default);
                (PixelInput[] inputs, string hash) = ImagePreparation.Prepare(pixels, header, compat, specs);
                whole = Digest(inputs, hash, storage.Make(pixels, header));
            }
            catch (DecodeException e)
            {
                whole = e.Message;
            }

            StoredRows? rows = null;
            try
            {
                (_, _, PixelInput[] inputs, string hash) =
                    new PicturePass(compat, specs).Read(file, header, default, (width, height) => rows = storage.Begin(header, width, height));
                pass = Digest(inputs, hash, storage.Finish(rows!, header));
            }
            catch (DecodeException e)
            {
                pass = e.Message;
            }

            rows?.Dispose();
            Assert.Equal(whole, pass);
        }
    }

    private static string Digest(PixelInput[] inputs, string hash, StoredFile stored)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (PixelInput input in inputs)
        {
            digest.AppendData(input.Rgb);
            input.Dispose();
        }

        digest.AppendData(stored.Bytes);
        return $"{hash} {stored.Width}x{stored.Height} {Convert.ToHexString(digest.GetHashAndReset())}";
    }
}
