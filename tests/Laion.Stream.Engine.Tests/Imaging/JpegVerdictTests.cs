using System.Security.Cryptography;
using LaionStream.Engine.Imaging;
using LaionStream.TestWorld;
using NetVips;

namespace LaionStream.Engine.Tests.Imaging;

/// <summary>A JPEG's verdict depends on its bytes alone: whole pixels are kept whatever its markers say, lost ones are not, and no neighbour changes that.</summary>
public sealed class JpegVerdictTests
{
    private const string Failed = "decode_failed";

    public static TheoryData<string, bool> Oddities => Table(OddJpegs.Harmless.Keys);

    public static TheoryData<string, bool> Damages => Table(OddJpegs.Damage.Keys);

    [Theory]
    [MemberData(nameof(Oddities))]
    public void Decode_HarmlessOddity_GivesThePixelsOfTheCleanFile(string oddity, bool progressive)
    {
        byte[] clean = MadePictures.Encode(ImageFormat.Jpeg, 200, 150, buffered: progressive);

        Assert.Equal(Verdict(clean), Verdict(OddJpegs.Harmless[oddity](clean)));
        Assert.NotEqual(Failed, Verdict(clean));
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void Decode_DamageUnderAnyOddity_IsRefused(string damage, bool progressive)
    {
        byte[] clean = MadePictures.Encode(ImageFormat.Jpeg, 200, 150, buffered: progressive);
        foreach ((string oddity, Func<byte[], byte[]> change) in OddJpegs.Harmless.Where(o => damage != OddJpegs.Huge || o.Key.StartsWith("JFIF", StringComparison.Ordinal)))
        {
            string verdict = Verdict(change(OddJpegs.Damage[damage](clean)));
            Assert.True(verdict == Failed, $"{oddity}: {verdict}");
        }
    }

    [Fact]
    public void Decode_CutBetweenScans_IsRefused()
    {
        byte[] jpeg = MadePictures.Encode(ImageFormat.Jpeg, 200, 150, buffered: true);
        int last = jpeg.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);

        Assert.Equal(Failed, Verdict(jpeg[..last]));
    }

    [Fact]
    public async Task Decode_AmongNeighbours_GivesTheSameVerdict() => await AssertSameAmongNeighboursAsync(Corpus(seeds: 2), rounds: 3);

    [SkippableFact]
    [Trait("Category", "Soak")]
    public async Task Decode_WholeCorpusAmongNeighbours_GivesTheSameVerdict()
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);

        await AssertSameAmongNeighboursAsync([.. Corpus(seeds: 10), .. SharedPictures.Below("images").Where(p => p.Bytes.Length < 4 << 20)], rounds: 10);
    }

    private static async Task AssertSameAmongNeighboursAsync((string Name, byte[] Bytes)[] corpus, int rounds)
    {
        string[] alone = [.. corpus.Select(picture => Verdict(picture.Bytes))];
        Assert.Contains(Failed, alone);
        Assert.True(alone.Count(verdict => verdict != Failed) > corpus.Length / 10);
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
                        string verdict = Verdict(bytes);
                        Assert.True(verdict == alone[order[i]], $"{name} with {workers} workers: {verdict}, alone: {alone[order[i]]}");
                    }
                })));
            }
        }
    }

    /// <summary>Baseline and progressive pictures, each as it is, with each oddity, with each damage, and with both.</summary>
    private static (string Name, byte[] Bytes)[] Corpus(int seeds) =>
    [
        .. from seed in Enumerable.Range(1, seeds)
           from progressive in (bool[])[false, true]
           let clean = MadePictures.Encode(ImageFormat.Jpeg, 100 + seed, 70, seed, progressive)
           from oddity in OddJpegs.Harmless
           where !(progressive && oddity.Key == "spectral parameters")
           from damage in OddJpegs.Damage.Prepend(new("no damage", jpeg => jpeg))
           where damage.Key != OddJpegs.Huge || oddity.Key == "none" // a quarter of a gigabyte each
           select ($"{seed} {(progressive ? "progressive" : "baseline")} {damage.Key}, {oddity.Key}", oddity.Value(damage.Value(clean))),
    ];

    /// <summary>A digest of the pixels, or that there are none.</summary>
    private static string Verdict(byte[] body)
    {
        ImageHeader header = ImageHeader.Read(body);
        if (ImageRules.Reject(header, new ImagingOptions { MinSide = 1, Tiff = true, Gif = true }) is { } reason) { return reason.ToString(); }

        try
        {
            using DecodedPixels pixels = ImageDecoder.Decode(body, header, applyProfile: true, CancellationToken.None);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
            for (int y = 0; y < pixels.Height; y++) { hash.AppendData(pixels.Row(y)); }
            return $"{pixels.Width} x {pixels.Height} {Convert.ToHexStringLower(hash.GetHashAndReset())}";
        }
        catch (VipsException)
        {
            return Failed;
        }
    }

    private static TheoryData<string, bool> Table(IEnumerable<string> names)
    {
        var table = new TheoryData<string, bool>();
        foreach (string name in names)
        {
            table.Add(name, false);
            if (name != "spectral parameters") { table.Add(name, true); } // a progressive scan's parameters mean something
        }

        return table;
    }
}
