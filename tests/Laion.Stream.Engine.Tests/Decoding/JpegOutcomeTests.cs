using System.Security.Cryptography;
using LaionStream.Engine.Decoding;
using LaionStream.Models.Pictures;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.TestWorld;
using NetVips;

namespace LaionStream.Engine.Tests.Decoding;

/// <summary>
/// A JPEG's outcome depends on its bytes alone: pictures with all pixels are kept whatever their markers are, those with lost pixels are not, whatever is
/// decoded concurrently.
/// </summary>
public sealed class JpegOutcomeTests
{
    private const string Failed = "decode_failed";

    public static TheoryData<string, bool, JpegDecoding> Oddities => Table(OddJpegs.Harmless.Keys, [JpegDecoding.Own, JpegDecoding.Vips]);

    public static TheoryData<string, bool, JpegDecoding> OdditiesOfScans => Table(OddJpegs.HarmlessInScans.Keys, [JpegDecoding.Own]);

    public static TheoryData<string, bool, JpegDecoding> Damages => Table(OddJpegs.Damage.Keys, [JpegDecoding.Own, JpegDecoding.Vips]);

    [Theory]
    [MemberData(nameof(Oddities))]
    [MemberData(nameof(OdditiesOfScans))]
    public void Decode_HarmlessOddity_GivesThePixelsOfTheCleanFile(string oddity, bool progressive, JpegDecoding jpeg)
    {
        byte[] clean = MadePictures.Encode(ImageFormat.Jpeg, 200, 150, buffered: progressive);
        Func<byte[], byte[]> change = OddJpegs.Harmless.GetValueOrDefault(oddity) ?? OddJpegs.HarmlessInScans[oddity];

        Assert.Equal(Outcome(clean, JpegDecoding.Vips), Outcome(change(clean), jpeg));
        Assert.NotEqual(Failed, Outcome(clean, JpegDecoding.Vips));
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void Decode_DamageUnderAnyOddity_IsRefused(string damage, bool progressive, JpegDecoding jpeg)
    {
        byte[] clean = MadePictures.Encode(ImageFormat.Jpeg, 200, 150, buffered: progressive);
        foreach ((string oddity, Func<byte[], byte[]> change) in OddJpegs.Harmless.Where(o => damage != OddJpegs.Huge
            || o.Key.StartsWith("JFIF", StringComparison.Ordinal)))
        {
            string outcome = Outcome(change(OddJpegs.Damage[damage](clean)), jpeg);
            Assert.True(outcome == Failed, $"{oddity}: {outcome}");
        }
    }

    [Theory]
    [InlineData(JpegDecoding.Own)]
    [InlineData(JpegDecoding.Vips)]
    public void Decode_CutBetweenScans_IsRefused(JpegDecoding jpeg)
    {
        byte[] picture = MadePictures.Encode(ImageFormat.Jpeg, 200, 150, buffered: true);
        int last = picture.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);

        Assert.Equal(Failed, Outcome(picture[..last], jpeg));
    }

    [Theory]
    [InlineData("grey", null)]
    [InlineData("grey", "srgb")]
    [InlineData("rgb", "srgb")]
    [InlineData("rgb", "p3")]
    [InlineData("rgb", "cmyk")]
    [InlineData("cmyk", null)]
    [InlineData("cmyk", "cmyk")]
    [InlineData("cmyk", "srgb")]
    public void Decode_OwnAndVips_GiveTheSamePixels(string space, string? profile)
    {
        using Image rgb = Image.NewFromMemory(MadePictures.Rgb(201, 151), 201, 151, 3, Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
        using Image image = space switch
        {
            "grey" => rgb.Colourspace(Enums.Interpretation.Bw),
            "cmyk" => rgb.IccExport(outputProfile: "cmyk", depth: 8),
            _ => rgb.Copy()
        };
        using Image stored = image.Mutate(changed =>
        {
            if (image.Contains("icc-profile-data")) { changed.Remove("icc-profile-data"); }
            if (profile is not null) { changed.Set(GValue.BlobType, "icc-profile-data", Image.ProfileLoad(profile)); }
        });
        byte[] body = stored.JpegsaveBuffer(q: 90);

        Assert.NotEqual(Failed, Outcome(body, JpegDecoding.Vips));
        Assert.Equal(Outcome(body, JpegDecoding.Vips), Outcome(body, JpegDecoding.Own));
    }

    /// <summary>Browsers and PIL read inks as inverted, whatever program wrote them.</summary>
    [Theory]
    [InlineData(JpegDecoding.Own)]
    [InlineData(JpegDecoding.Vips)]
    public void Decode_CmykWithoutAdobesSegment_GivesTheSamePixels(JpegDecoding jpeg)
    {
        using Image rgb = Image.NewFromMemory(MadePictures.Rgb(201, 151), 201, 151, 3, Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
        using Image inks = rgb.IccExport(outputProfile: "cmyk", depth: 8);
        byte[] body = inks.JpegsaveBuffer(q: 90, keep: Enums.ForeignKeep.None);
        int adobe = OddJpegs.Find(body, 0xEE);
        byte[] bare = [.. body[..adobe], .. body[(adobe + 4 + body[adobe + 3] - 2)..]];

        Assert.NotEqual(Failed, Outcome(body, jpeg));
        Assert.Equal(Outcome(body, jpeg), Outcome(bare, jpeg));
    }

    [Theory]
    [InlineData(JpegDecoding.Own)]
    [InlineData(JpegDecoding.Vips)]
    public async Task Decode_AmongOtherPictures_GivesTheSameOutcome(JpegDecoding jpeg) =>
        await AssertSameAmongNeighboursAsync(Corpus(seeds: 1), rounds: 3, jpeg);

    [SkippableFact]
    [Trait("Category", "Soak")]
    public async Task Decode_WholeCorpusInParallel_GivesTheSameOutcome()
    {
        Skip.IfNot(Soak.IsOn, Soak.OffReason);
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);

        await AssertSameAmongNeighboursAsync([.. Corpus(seeds: 10), .. SharedPictures.Below("images").Where(p => p.Bytes.Length < 4 << 20)], rounds: 10,
            JpegDecoding.Own);
    }

    private static async Task AssertSameAmongNeighboursAsync((string Name, byte[] Bytes)[] corpus, int rounds, JpegDecoding jpeg)
    {
        string[] alone = [.. corpus.Select(picture => Outcome(picture.Bytes, jpeg))];
        Assert.Contains(Failed, alone);
        Assert.True(alone.Count(outcome => outcome != Failed) > corpus.Length / 10);
        var random = new Random(12);
        for (int round = 0; round < rounds; round++)
        {
            int[] order = [.. Enumerable.Range(0, corpus.Length)];
            random.Shuffle(order);
            foreach (int workers in (int[])[1, 2, 14])
            {
                int next = -1;
                await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(() =>
                {
                    for (int i = Interlocked.Increment(ref next); i < order.Length; i = Interlocked.Increment(ref next))
                    {
                        (string name, byte[] bytes) = corpus[order[i]];
                        string outcome = Outcome(bytes, jpeg);
                        Assert.True(outcome == alone[order[i]], $"{name} with {workers} workers: {outcome}, alone: {alone[order[i]]}");
                    }
                })));
            }
        }
    }

    /// <summary>Baseline and progressive pictures, each unchanged, with each irregularity, with each damage, and with both.</summary>
    private static (string Name, byte[] Bytes)[] Corpus(int seeds) =>
    [
        .. from seed in Enumerable.Range(1, seeds)
           from progressive in (bool[])[false, true]
           let clean = MadePictures.Encode(ImageFormat.Jpeg, 100 + seed, 70, seed, progressive)
           from oddity in OddJpegs.Harmless.Concat(OddJpegs.HarmlessInScans)
           where !(progressive && oddity.Key == OddJpegs.SpectralParameters)
           from damage in OddJpegs.Damage.Prepend(new("no damage", jpeg => jpeg))
           where damage.Key != OddJpegs.Huge || oddity.Key == "none" // a quarter of a gigabyte each
           select ($"{seed} {(progressive ? "progressive" : "baseline")} {damage.Key}, {oddity.Key}", oddity.Value(damage.Value(clean))),
    ];

    /// <summary>A digest of the pixels, or a note that there are none.</summary>
    private static string Outcome(byte[] body, JpegDecoding jpeg)
    {
        ImageHeader header = ImageHeader.Read(body);
        if (ImageRules.Reject(header, new ImagingOptions { MinSide = 1, Tiff = true, Gif = true }) is { } reason) { return reason.ToString(); }

        try
        {
            using DecodedPixels pixels = ImageDecoder.Decode(body, header, applyProfile: true, CancellationToken.None, jpeg);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
            for (int y = 0; y < pixels.Height; y++) { hash.AppendData(pixels.Row(y)); }
            return $"{pixels.Width} x {pixels.Height} x {pixels.Bands} {pixels.Cmyk} {pixels.Colours is not null} {Convert.ToHexStringLower(hash.GetHashAndReset())}";
        }
        catch (DecodeException)
        {
            return Failed;
        }
    }

    private static TheoryData<string, bool, JpegDecoding> Table(IEnumerable<string> names, JpegDecoding[] decoders)
    {
        var table = new TheoryData<string, bool, JpegDecoding>();
        foreach (string name in names)
        {
            foreach (JpegDecoding decoder in decoders)
            {
                table.Add(name, false, decoder);
                if (name is not (OddJpegs.SpectralParameters or OddJpegs.LastScanTwice)) { table.Add(name, true, decoder); }
            }
        }

        return table;
    }
}
