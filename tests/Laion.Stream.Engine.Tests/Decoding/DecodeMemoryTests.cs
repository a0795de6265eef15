using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Download;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Tests.Download;
using LaionStream.Models.Pictures;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Resampling;
using Microsoft.Extensions.Logging.Abstractions;
using NetVips;
using Xunit.Abstractions;

namespace LaionStream.Engine.Tests.Decoding;

/// <summary>Compares the memory that decoding a large picture uses, as the system counts it, with the reservation.</summary>
[Collection(AllocationCollection.Name)]
public sealed class DecodeMemoryTests(ITestOutputHelper output)
{
    /// <summary>Memory that does not belong to a picture: what the heap keeps of earlier ones, and the runtime's own.</summary>
    private const long Slack = 40 << 20;

    private const int MostTries = 3;

    // Both libraries read most kinds; few bytes each, as a gradient compresses well.
    private static readonly ConcurrentDictionary<string, byte[]> Made = new(StringComparer.Ordinal);

    // LAION_MEGAPIXELS=89 gives the figures of README.md and appsettings.json.
    private static readonly int Side =
        (int)Math.Sqrt(1e6 * int.Parse(Environment.GetEnvironmentVariable("LAION_MEGAPIXELS") ?? "25", CultureInfo.InvariantCulture));

    [SkippableTheory]
    [InlineData("jpeg")]
    [InlineData("jpeg 4:2:0")]
    [InlineData("jpeg grey")]
    [InlineData("jpeg cmyk")]
    [InlineData("jpeg turned")]
    [InlineData("jpeg progressive")]
    [InlineData("jpeg progressive 4:2:0")]
    [InlineData("jpeg progressive cmyk turned")]
    [InlineData("png")]
    [InlineData("png alpha")]
    [InlineData("png 16")]
    [InlineData("png palette")]
    [InlineData("png interlaced")]
    [InlineData("png interlaced alpha")]
    [InlineData("png interlaced 16")]
    [InlineData("png interlaced palette")]
    [InlineData("webp")]
    [InlineData("webp alpha")]
    [InlineData("webp lossless")]
    [InlineData("webp lossless alpha")]
    [InlineData("gif")]
    [InlineData("gif interlaced")]
    [InlineData("tiff")]
    [InlineData("tiff alpha")]
    [InlineData("tiff 16")]
    [InlineData("tiff float")]
    [InlineData("tiff tiled")]
    [InlineData("tiff one strip")]
    [InlineData("tiff jpeg")]
    [InlineData("avif 12")]
    [InlineData("avif")]
    [InlineData("avif alpha")]
    public Task RunAsync_LargePicture_TakesWhatIsReserved(string kind) => MeasureAsync(kind, PictureLibrary.Vips);

    [SkippableTheory]
    [InlineData("jpeg progressive cmyk turned")]
    [InlineData("png")]
    [InlineData("png alpha")]
    [InlineData("png 16")]
    [InlineData("png palette")]
    [InlineData("png interlaced 16")]
    [InlineData("webp")]
    [InlineData("webp alpha")]
    [InlineData("webp lossless")]
    [InlineData("webp lossless alpha")]
    [InlineData("gif")]
    [InlineData("gif interlaced")]
    [InlineData("tiff")]
    [InlineData("tiff alpha")]
    [InlineData("tiff 16")]
    [InlineData("tiff one strip")]
    public Task RunAsync_LargePictureWithImageSharp_TakesWhatIsReserved(string kind) => MeasureAsync(kind, PictureLibrary.ImageSharp);

    private async Task MeasureAsync(string kind, PictureLibrary library)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Peaks are read from /proc.");
        byte[] body = Made.GetOrAdd(kind, Make);
        ImageHeader header = ImageHeader.Read(body);
        var options = new ImagingOptions { Avif = true, Gif = true, Tiff = true, Heic = true, Decoder = library };
        long reserved = new PictureReader(options, [PixelSpec.Clip224], ImageHeader.Read).BytesFor(header, body.Length, whole: false);
        var stage = new DecodeStage(options, [PixelSpec.Clip224], new ByteBudget("pixels", 1L << 40), NullLogger<DecodeStage>.Instance);
        GC.Collect();
        await RunAsync(stage, MadePictures.Encode(ImageFormat.Png, 320, 240)); // loads what is loaded only once

        // Memory that is reserved but not used is missing elsewhere. Pools may still hold memory of the kind before, which is then not counted as taken, and the
        // collector may return memory of other tests meanwhile: a picture that seems to take too little is read again.
        long taken = 0;
        for (int tries = 0; tries == 0 || (tries < MostTries && reserved > 3 * (taken + Slack)); tries++)
        {
            taken = Math.Max(taken, await TakenAsync(stage, kind, body, header, reserved));
        }

        Assert.InRange(reserved, 0, 3 * (taken + Slack));
    }

    private async Task<long> TakenAsync(DecodeStage stage, string kind, byte[] body, ImageHeader header, long reserved)
    {
        GC.Collect();
        _ = Trim(0); // the memory used to make the picture is returned
        await File.WriteAllTextAsync("/proc/self/clear_refs", "5"); // starts a new peak
        long before = Read("VmRSS");
        Step<PreparedImage> step = await RunAsync(stage, body);
        long taken = Read("VmHWM") - before;

        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{kind}: {header.Width} x {header.Height}, {body.Length >> 20} MiB of file, reserved {reserved >> 20} MiB, taken {taken >> 20} MiB, {(double)taken / header.Pixels:F2} bytes a pixel; {step.Drop.Reason}"));
        Assert.NotNull(step.Row);
        Assert.InRange(taken, 0, reserved + Slack);
        return taken;
    }

    private static async Task<Step<PreparedImage>> RunAsync(DecodeStage stage, byte[] body)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(body.Length);
        body.CopyTo(buffer, 0);
        var facts = new FetchFacts("http://a.example/", DateTimeOffset.UnixEpoch);
        return await stage.RunAsync(new FetchedImage(ModuleUnderTest.Row(facts.FinalUrl), facts, new PooledBody(buffer, body.Length, null)), default);
    }

    [DllImport("libc", EntryPoint = "malloc_trim")]
    private static extern int Trim(nuint pad);

    private static long Read(string name) =>
        File.ReadLines("/proc/self/status").Where(line => line.StartsWith(name + ":", StringComparison.Ordinal))
            .Select(line => long.Parse(line.AsSpan(name.Length + 1).Trim().ToString().Split(' ')[0], CultureInfo.InvariantCulture) * 1024).Single();

    private static byte[] Make(string kind)
    {
        VipsLibrary.EnsureReady();
        using Image row = Image.Xyz(Side, Side)[0].Linear([255.0 / Side], [0.0]);
        using Image grey = row.Cast(Enums.BandFormat.Uchar);
        using Image rgb = grey.Bandjoin(grey, grey).Copy(interpretation: Enums.Interpretation.Srgb);
        using Image shown = kind.Contains("grey", StringComparison.Ordinal) ? grey.Copy(interpretation: Enums.Interpretation.Bw)
            : kind.Contains("cmyk", StringComparison.Ordinal) ? rgb.Bandjoin(grey).Copy(interpretation: Enums.Interpretation.Cmyk)
            : kind.Contains("alpha", StringComparison.Ordinal) ? rgb.Bandjoin(grey)
            : kind.Contains("16", StringComparison.Ordinal) ? (rgb * 256).Cast(Enums.BandFormat.Ushort).Copy(interpretation: Enums.Interpretation.Rgb16)
            : kind.Contains("float", StringComparison.Ordinal) ? rgb.Colourspace(Enums.Interpretation.Scrgb) : rgb.Copy();
        using Image image = kind.Contains("turned", StringComparison.Ordinal) ? shown.Mutate(one => one.Set(GValue.GIntType, "orientation", 6)) : shown.Copy();
        bool Has(string word) => kind.Contains(word, StringComparison.Ordinal);
        return kind.Split(' ')[0] switch
        {
            "jpeg" => image.JpegsaveBuffer(q: 60, interlace: Has("progressive"), subsampleMode: Has("4:2:0")
                ? Enums.ForeignSubsample.On
                : Enums.ForeignSubsample.Off),
            "png" => image.PngsaveBuffer(compression: 1, interlace: Has("interlaced"), palette: Has("palette")),
            "webp" => image.WebpsaveBuffer(q: 50, lossless: Has("lossless"), effort: 0),
            "gif" => image.GifsaveBuffer(effort: 1, interlace: Has("interlaced")),
            "tiff" => image.TiffsaveBuffer(
                compression: Has("jpeg")
                    ? Enums.ForeignTiffCompression.Jpeg
                    : Enums.ForeignTiffCompression.Deflate, tile: Has("tiled"), tileHeight: Has("one strip")
                    ? Side
                    : null),
            "avif" => image.HeifsaveBuffer(compression: Enums.ForeignHeifCompression.Av1, effort: 0, q: 30, bitdepth: Has("12")
                ? 12
                : 8, subsampleMode: Has("12")
                ? Enums.ForeignSubsample.Off
                : Enums.ForeignSubsample.Auto),
            _ => throw new ArgumentException($"No such kind: {kind}.", nameof(kind)),
        };
    }
}
