using LaionStream.Models.Pictures.Jpeg;
using LaionStream.TestWorld;
using Xunit.Abstractions;

namespace LaionStream.Models.Tests.Pictures.Jpeg;

/// <summary>Compares our pixels with libjpeg-turbo's, byte for byte.</summary>
public sealed class JpegDifferentialTests(ITestOutputHelper output)
{
    private static readonly string[] Samplings =
    [
        "1x1,1x1,1x1", "2x1,1x1,1x1", "2x2,1x1,1x1", "1x2,1x1,1x1", "4x1,1x1,1x1", "1x4,1x1,1x1", "4x2,1x1,1x1", "2x1,1x1,2x1", "2x2,2x1,1x2", "3x1,1x1,1x1",
        "1x4,1x2,1x1", "1x1,2x2,1x1", "2x2,1x2,2x1", "1x3,1x1,1x3",
    ];

    [SkippableFact]
    public void Decode_EveryFoundPicture_EqualsLibjpegTurbo()
    {
        Skip.IfNot(TurboJpeg.Exists, TurboJpeg.MissingReason);
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);

        int whole = 0, damaged = 0, left = 0;
        List<string> differ = [];
        foreach (string path in Found())
        {
            byte[] file = File.ReadAllBytes(path);
            try
            {
                using JpegPicture picture = JpegDecoder.Decode(file, JpegLimits.Default, default);
                (byte[]? pixels, string? warning) = TurboJpeg.Decode(file, picture.Width, picture.Height, picture.Components);
                string log = string.Join(", ", picture.Warnings.All);
                if (log.Length > 0 || warning is not null) { output.WriteLine($"{Path.GetFileName(path)}: {log} | {warning}"); }
                if (!picture.Warnings.PixelsWhole)
                {
                    damaged++;
                    continue;
                }

                whole++;
                if (pixels is null || !Pixels(picture).SequenceEqual(pixels)) { differ.Add(path); }
            }
            catch (JpegException e)
            {
                left++;
                output.WriteLine($"{Path.GetFileName(path)}: {e.Kind}: {e.Message}");
            }
        }

        output.WriteLine($"{whole} whole, {damaged} damaged, {left} not decoded");
        Assert.Empty(differ);
        Assert.True(whole > 50);
    }

    [SkippableFact]
    public void Decode_EverySamplingAndSize_EqualsLibjpegTurbo()
    {
        Skip.IfNot(TurboJpeg.Exists, TurboJpeg.MissingReason);

        List<string> differ = [];
        var random = new Random(5);
        int made = 0;
        foreach (string sampling in Samplings)
        {
            foreach ((int width, int height) in Sizes(random))
            {
                byte[] file = TurboJpeg.Encode(width, height, 3, Picture(random, width, height, 3), [.. Manner(random), "-sample", sampling]);
                made++;
                Compare(file, $"{sampling} {width}x{height}", differ);
            }
        }

        output.WriteLine($"{made} files");
        Assert.Empty(differ);
    }

    [SkippableTheory]
    [InlineData("-grayscale")]
    [InlineData("-rgb")]
    [InlineData("-progressive")]
    [InlineData("-progressive", "-restart", "1")]
    [InlineData("-restart", "1B")]
    [InlineData("-restart", "3B", "-optimize")]
    [InlineData("-quality", "100")]
    [InlineData("-quality", "1")]
    [InlineData("-progressive", "-quality", "100")]
    public void Decode_EveryMannerOfEncoding_EqualsLibjpegTurbo(params string[] manner)
    {
        Skip.IfNot(TurboJpeg.Exists, TurboJpeg.MissingReason);

        List<string> differ = [];
        var random = new Random(6);
        foreach ((int width, int height) in Sizes(random))
        {
            Compare(TurboJpeg.Encode(width, height, 3, Picture(random, width, height, 3), manner), $"{width}x{height}", differ);
        }
        Compare(TurboJpeg.Encode(333, 222, 3, Picture(random, 333, 222, 3), manner), "333x222", differ);
        Assert.Empty(differ);
    }

    [SkippableFact]
    public void Decode_ScansOfTheirOwn_EqualsLibjpegTurbo()
    {
        Skip.IfNot(TurboJpeg.Exists, TurboJpeg.MissingReason);

        string script = Path.GetTempFileName();
        List<string> differ = [];
        try
        {
            foreach (string scans in (string[])["0;1;2;", "0;1 2;", "2;0 1;",
                "0 1 2: 0 0, 0 3; 0 1 2: 0 0, 3 2; 0: 1 63, 0 0; 1: 1 63, 0 0; 2: 1 63, 0 0; 0 1 2: 0 0, 2 1; 0 1 2: 0 0, 1 0;"])
            {
                File.WriteAllText(script, scans);
                var random = new Random(7);
                foreach ((int width, int height) in Sizes(random))
                {
                    string sampling = Samplings[random.Next(Samplings.Length)];
                    byte[] file = TurboJpeg.Encode(width, height, 3, Picture(random, width, height, 3), "-sample", sampling, "-scans", script, "-restart",
                        $"{random.Next(4)}B");
                    Compare(file, $"{scans} {sampling} {width}x{height}", differ);
                }
            }
        }
        finally
        {
            File.Delete(script);
        }

        Assert.Empty(differ);
    }

    [SkippableTheory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Decode_FourComponentsWithAnyTransform_EqualsLibjpegTurbo(int transform)
    {
        Skip.IfNot(TurboJpeg.Exists, TurboJpeg.MissingReason);

        List<string> differ = [];
        foreach (bool progressive in (bool[])[false, true])
        {
            var random = new Random(8);
            byte[] four = MadeJpeg.WithFourthComponent(TurboJpeg.Encode(77, 55, 3, Picture(random, 77, 55, 3), "-sample", "2x2,1x1,1x1"), transform);
            Compare(progressive
                ? TurboJpeg.Transcode(four, "-progressive", "-copy", "all")
                : four, $"transform {transform}, progressive {progressive}", differ);
        }

        Assert.Empty(differ);
    }

    [SkippableFact]
    public void Decode_TruncatedBaseline_GivesLibjpegsPixelsAndReportsThemIncomplete()
    {
        Skip.IfNot(TurboJpeg.Exists, TurboJpeg.MissingReason);

        var random = new Random(9);
        foreach (string sampling in Samplings)
        {
            byte[] file = TurboJpeg.Encode(150, 130, 3, Picture(random, 150, 130, 3), "-sample", sampling, "-quality", "95", "-restart", $"{random.Next(3)}");
            using JpegPicture original = JpegDecoder.Decode(file, JpegLimits.Default, default);
            byte[] cut = file[..(file.Length * random.Next(60, 95) / 100)];
            using JpegPicture picture = JpegDecoder.Decode(cut, JpegLimits.Default, default);
            Assert.False(picture.Warnings.PixelsWhole);
            Assert.Equal(TurboJpeg.Decode(cut, 150, 130, 3).Pixels!, Pixels(picture));
            int rows = picture.Warnings.WholeRows;
            Assert.InRange(rows, 7, 129);
            Assert.Equal(Pixels(original)[..(rows * 450)], Pixels(picture)[..(rows * 450)]);
        }
    }

    private static IEnumerable<string> Found() =>
        new[] { SharedData.PathOf("data", "images"), SharedData.PathOf("cases", "images") }
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Where(path => Path.GetExtension(path) is ".jpg" or ".jpeg")
            .Order(StringComparer.Ordinal);

    private static IEnumerable<(int Width, int Height)> Sizes(Random random)
    {
        for (int i = 1; i <= 9; i++) { yield return (i, 10 - i); }
        for (int i = 0; i < 12; i++) { yield return (random.Next(1, 62), random.Next(1, 62)); }
    }

    private static string[] Manner(Random random) => random.Next(6) switch
    {
        0 => ["-progressive"],
        1 => ["-optimize", "-quality", "95"],
        2 => ["-restart", "1"],
        3 => ["-progressive", "-restart", "2B", "-quality", "50"],
        _ => [],
    };

    /// <summary>Gradients with noise and hard edges: all sizes of coefficients.</summary>
    private static byte[] Picture(Random random, int width, int height, int components)
    {
        var pixels = new byte[width * height * components];
        int noise = random.Next(2, 90);
        for (int i = 0; i < pixels.Length; i++)
        {
            int x = i / components % width, y = i / components / width;
            int edge = ((x / 13) + (y / 11)) % 5 == 0 ? 120 : 0;
            pixels[i] = (byte)Math.Clamp((x * 3) + (y * 2) + edge + random.Next(noise) - ((i % components) * 40), 0, 255);
        }

        return pixels;
    }

    private static byte[] Pixels(JpegPicture picture) => MadeJpeg.PixelsOf(picture);

    private static void Compare(byte[] file, string name, List<string> differ)
    {
        using JpegPicture picture = JpegDecoder.Decode(file, JpegLimits.Default, default);
        (byte[]? pixels, string? warning) = TurboJpeg.Decode(file, picture.Width, picture.Height, picture.Components);
        byte[] ours = Pixels(picture);
        bool warned = picture.Warnings.All.Count > 0;
        if (pixels is null || warned != (warning is not null) || !picture.Warnings.PixelsWhole || !ours.SequenceEqual(pixels))
        {
            int at = pixels is null ? -1 : ours.AsSpan().CommonPrefixLength(pixels);
            differ.Add($"{name}: byte {at} of {ours.Length}, {string.Join(", ", picture.Warnings.All)} | {warning}");
        }
    }
}
