using LaionStream.Models.Pictures.JpegEncoding;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Tests.Pictures.Jpeg;
using NetVips;

namespace LaionStream.Models.Tests.Pictures.JpegEncoding;

/// <summary>Files of the encoder are, byte by byte, those of libjpeg-turbo.</summary>
public sealed class JpegEncoderTests
{
    private static readonly (int Width, int Height)[] Sizes =
    [
        (1, 1), (1, 40), (40, 1), (7, 9), (8, 8), (9, 7), (15, 17), (16, 16), (17, 15), (24, 40), (31, 33), (63, 65), (64, 64), (65, 63), (100, 75),
        (129, 130), (256, 341), (341, 256), (257, 24),
    ];

    public static TheoryData<string> Pictures => ["noise", "smooth", "photograph", "extremes", "grey"];

    [SkippableTheory]
    [MemberData(nameof(Pictures))]
    public void Encode_AnySizeAndQuality_BytesAreThoseOfCjpeg(string kind)
    {
        Skip.IfNot(TurboJpeg.Exists, TurboJpeg.MissingReason);
        foreach ((int width, int height) in Sizes)
        {
            byte[] rgb = Rgb(kind, width, height);
            foreach (int quality in new[] { 1, 30, 75, 95, 100 })
            {
                byte[] expected = TurboJpeg.Encode(width, height, 3, rgb, "-quality", $"{quality}", "-sample", "2x2", "-dct", "int", "-baseline");

                Assert.True(WithoutJfif(expected).AsSpan().SequenceEqual(Encode(rgb, width, height, quality)), $"{kind}, {width} × {height}, quality {quality}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Encode_AnySize_BytesAreThoseOfLibvips(string kind)
    {
        foreach ((int width, int height) in Sizes)
        {
            byte[] rgb = Rgb(kind, width, height);
            using Image view = Image.NewFromMemory(rgb, width, height, 3, Enums.BandFormat.Uchar);
            using Image picture = view.Copy(interpretation: Enums.Interpretation.Srgb);

            byte[] expected = picture.JpegsaveBuffer(q: 95, subsampleMode: Enums.ForeignSubsample.On, keep: Enums.ForeignKeep.None);

            Assert.True(expected.AsSpan().SequenceEqual(Encode(rgb, width, height, 95)), $"{kind}, {width} × {height}");
        }
    }

    [Fact]
    public void Encode_WidestPicture_CanBeDecoded()
    {
        byte[] rgb = Rgb("noise", JpegEncoder.MostSide, 3);

        using Image decoded = Image.JpegloadBuffer(Encode(rgb, JpegEncoder.MostSide, 3, 90));

        Assert.Equal((JpegEncoder.MostSide, 3), (decoded.Width, decoded.Height));
    }

    [Fact]
    public void Encode_WiderThanAJpegCanBe_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Encode(new byte[(JpegEncoder.MostSide + 1) * 3], JpegEncoder.MostSide + 1, 1, 90));

    [Fact]
    public void Encode_ByManyThreads_SameBytes()
    {
        byte[] rgb = Rgb("noise", 200, 150);
        byte[] expected = Encode(rgb, 200, 150, 95);

        byte[][] files = [.. Enumerable.Range(0, 64).AsParallel().WithDegreeOfParallelism(8).Select(_ => Encode(rgb, 200, 150, 95))];

        Assert.All(files, file => Assert.Equal(expected, file));
    }

    private static byte[] Encode(byte[] rgb, int width, int height, int quality)
    {
        using DecodedPixels pixels = DecodedPixels.Allocate(width, height, 3);
        for (int y = 0; y < height; y++) { rgb.AsSpan(y * width * 3, width * 3).CopyTo(pixels.Row(y)); }
        return JpegEncoder.Encode(pixels, quality);
    }

    private static byte[] WithoutJfif(byte[] file)
    {
        Assert.Equal([0xFF, 0xD8, 0xFF, 0xE0, 0, 16], file[..6]);
        return [0xFF, 0xD8, .. file[20..]];
    }

    private static byte[] Rgb(string kind, int width, int height)
    {
        var random = new Random((width * 1000) + height);
        var rgb = new byte[width * height * 3];
        for (int i = 0; i < rgb.Length; i++)
        {
            int x = i / 3 % width, y = i / 3 / width, band = i % 3;
            rgb[i] = kind switch
            {
                "noise" => (byte)random.Next(256),
                "smooth" => (byte)((x * 3) + (y * 2) + (band * 40)),
                "extremes" => (byte)(random.Next(2) * 255),
                "grey" => (byte)(x / 3 * 7),
                _ => (byte)Math.Clamp(128 + (60 * Math.Sin((x + (band * 9)) / 11.0)) + (50 * Math.Cos(y / 7.0)) + random.Next(-12, 13), 0, 255),
            };
        }

        return rgb;
    }
}
