using System.Buffers.Binary;
using System.IO.Compression;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs.Opening;
using ZstdSharp;

namespace LaionStream.Engine.Tests.Inputs.Warc;

/// <summary>WARCs in every container, complete and truncated.</summary>
public class WarcContainerTests
{
    private static readonly byte[][] Records =
        [.. Enumerable.Range(0, 12)
            .Select(i => WarcFixture.Page(
            $"<html><title>{i}</title>{string.Concat(Enumerable.Repeat("<p>Some words between the pictures</p>", 40))}<img src=/{i}.jpg alt='Picture number {i}'><p>{Noise(i)}"))];

    [Theory]
    [InlineData("plain", "x.warc")]
    [InlineData("gzip", "x.warc.gz")]
    [InlineData("gzip, one member", "x.warc.gz")]
    [InlineData("zstd", "x.warc.zst")]
    [InlineData("zstd, one frame", "x.warc.zst")]
    [InlineData("zstd, dictionary", "x.warc.zst")]
    [InlineData("zstd, packed dictionary", "x.warc.zst")]
    [InlineData("zstd, skippable frames between", "x.warc.zst")]
    public async Task Read_AnyWrapping_FindsEveryPage(string wrapping, string name)
    {
        (List<LinkOutcome> outcomes, InputHealth health) = await WarcFixture.ReadAsync(Wrap(wrapping), name: name);

        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"Picture number {i}"), outcomes.Select(v => v.Candidate?.Text));
        Assert.Equal(0, health.DamagedMembers + health.BadRecords);
        Assert.False(health.Truncated);
    }

    /// <summary>A browser shows what arrived; so does a truncated page's capture. A block of zstd is decoded completely or not at all.</summary>
    [Theory]
    [InlineData("plain", "x.warc", 12)]
    [InlineData("gzip", "x.warc.gz", 12)]
    [InlineData("gzip, one member", "x.warc.gz", 12)]
    [InlineData("zstd", "x.warc.zst", 11)]
    [InlineData("zstd, dictionary", "x.warc.zst", 11)]
    public async Task Read_TruncatedMidPage_UsesWhatArrived(string wrapping, string name, int pictures)
    {
        byte[] whole = Wrap(wrapping);
        int most = 0;
        for (int cut = whole.Length - 30; cut > whole.Length / 3; cut -= Math.Max(1, whole.Length / 60))
        {
            (List<LinkOutcome> outcomes, InputHealth health) = await WarcFixture.ReadAsync(whole[..cut], name: name);

            Assert.Equal(Enumerable.Range(0, outcomes.Count).Select(i => $"Picture number {i}"), outcomes.Select(v => v.Candidate?.Text));
            Assert.True(health.Truncated || health.BadRecords > 0 || wrapping == "plain", $"cut at {cut}");
            most = Math.Max(most, outcomes.Count);
        }

        Assert.Equal(pictures, most); // the last page's picture is before its last bytes
    }

    [Fact]
    public async Task Read_DamagedDictionary_CountsTheFramesAndEnds()
    {
        byte[] file = Wrap("zstd, dictionary");
        file.AsSpan(8, 200).Clear();

        (List<LinkOutcome> outcomes, InputHealth health) = await WarcFixture.ReadAsync(file, name: "x.warc.zst");

        Assert.Empty(outcomes);
        Assert.True(health.DamagedMembers > 0);
    }

    // Words that do not compress, so that a truncation is within them in every container.
    private static string Noise(int seed)
    {
        byte[] bytes = new byte[400];
        new Random(seed).NextBytes(bytes);
        return Convert.ToBase64String(bytes);
    }

    private static byte[] Wrap(string wrapping)
    {
        byte[] plain = [.. Records.SelectMany(record => record)];
        byte[] dictionary = DictBuilder.TrainFromBuffer([.. Enumerable.Repeat(Records, 20).SelectMany(records => records)], 4096);
        return wrapping switch
        {
            "plain" => plain,
            "gzip" => [.. Records.SelectMany(Gzip)],
            "gzip, one member" => Gzip(plain),
            "zstd" => [.. Records.SelectMany(record => Zstd(record))],
            "zstd, one frame" => Zstd(plain),
            "zstd, dictionary" => [.. Skippable(0x184D2A5D, dictionary), .. Records.SelectMany(record => Zstd(record, dictionary))],
            "zstd, packed dictionary" => [.. Skippable(0x184D2A5D, Zstd(dictionary)), .. Records.SelectMany(record => Zstd(record, dictionary))],
            _ => [.. Records.SelectMany(record => (byte[])[.. Zstd(record), .. Skippable(0x184D2A50, [1, 2, 3])])],
        };
    }

    private static byte[] Skippable(uint magic, byte[] content)
    {
        byte[] frame = [.. new byte[8], .. content];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, magic);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(4), content.Length);
        return frame;
    }

    private static byte[] Zstd(byte[] content, byte[]? dictionary = null)
    {
        using var compressor = new Compressor();
        if (dictionary is not null)
        {
            compressor.LoadDictionary(dictionary);
        }

        return compressor.Wrap(content).ToArray();
    }

    private static byte[] Gzip(byte[] content)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return output.ToArray();
    }
}
