using System.IO.Compression;
using System.Text;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Tests.Inputs.Warc;
using LaionStream.Engine.Tests.Inputs.Wat;
using LaionStream.TestWorld.Wats;
using ZstdSharp;

namespace LaionStream.Engine.Tests.Fuzz;

/// <summary>Damaged WAT and WARC files, read to the end by the modules' own readers.</summary>
internal static class RecordFuzz
{
    private static readonly byte[] GzipWat = WatFixture.Write(30);
    private static readonly byte[] PlainWat = Unpack(GzipWat);
    private static readonly byte[] LineFeedWat = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(PlainWat).Replace("\r\n", "\n", StringComparison.Ordinal));
    private static readonly Lazy<Task<HashSet<long>>> Known = new(async () =>
        [.. (await WatFixture.ReadAsync(GzipWat)).Outcomes.Where(v => v.Candidate is not null).Select(v => v.Candidate!.Hash)]);

    private static readonly byte[][] Warcs = [WriteWarc(WarcFixture.Record), PackEach(WriteWarc(WarcFixture.Record))];

    /// <summary>Checksums ensure that a damaged gzip file yields only rows of the intact one.</summary>
    public static async Task WatAsync(int seed)
    {
        var random = new Random(seed);
        byte[] file = (seed % 4) switch { 0 or 1 => GzipWat, 2 => PlainWat, _ => LineFeedWat };
        byte[] damaged = Damage.Random(random.Next(2) == 0 ? file : Damage.Random(file, random), random);
        var rules = new CandidateOptions { Rules = random.Next(4) == 0 ? CandidateRuleSet.Laion5b : CandidateRuleSet.Default };
        (List<LinkOutcome> outcomes, InputHealth health) = await WatFixture.ReadAsync(damaged, rules);
        Assert.InRange(outcomes.Count, 0, 60);
        Assert.InRange(health.Bytes, 0, damaged.Length);
        if (file == GzipWat && rules.Rules == CandidateRuleSet.Default && damaged.AsSpan().StartsWith<byte>([0x1f, 0x8b]))
        {
            HashSet<long> known = await Known.Value;
            Assert.All(outcomes, v => Assert.True(v.Candidate is null || known.Contains(v.Candidate.Hash)));
        }
    }

    public static async Task WarcAsync(int seed)
    {
        var random = new Random(seed);
        (List<LinkOutcome> outcomes, _) = await WarcFixture.ReadAsync(
            Damage.Random(Warcs[seed % 2], random), new CandidateOptions { FigureCaptions = random.Next(2) == 0 }, fromArchive: random.Next(2) == 0);
        Assert.InRange(outcomes.Count, 0, 200);
    }

    private delegate byte[] WriteRecord(ReadOnlySpan<byte> body, string fields, string status = "200 OK", string type = "response",
        string uri = "http://a.example/dir/p.html");

    private static byte[] WriteWarc(WriteRecord record)
    {
        const string Image = "<img src=pic.jpg alt='a black cat'>";
        byte[] html = Encoding.UTF8.GetBytes(
            "<html><head><meta charset=windows-1251><base href=/x/><title>t</title></head><body><table><tr><td><p><b><i><a href=q>" + Image
            + "</b></i></p><svg><image href=z /><foreignObject><div></svg><template><select><option>x</select><figure><picture><source srcset='a 1x'>" + Image
            + "</picture><figcaption>c</figcaption></figure></template><noscript>" + Image
                + "</noscript><math><mi></math></table><script>var x='</p>';</script><frameset>" + Image);
        return
        [
            .. record(html, "Content-Type: text/html"),
            .. record(Encode(html, s => new GZipStream(s, CompressionLevel.Fastest, true)), "Content-Type: text/html\r\nContent-Encoding: gzip"),
            .. record(Encode(html, s => new BrotliStream(s, CompressionLevel.Fastest, true)), "Content-Type: text/html\r\nContent-Encoding: br"),
            .. record(Encode(html, s => new ZLibStream(s, CompressionLevel.Fastest, true)), "Content-Type: text/html\r\nContent-Encoding: deflate"),
            .. record(Encode(html, s => new CompressionStream(s, leaveOpen: true)), "Content-Type: text/html\r\nContent-Encoding: zstd"),
            .. record([.. Encoding.ASCII.GetBytes($"{html.Length:x}\r\n"), .. html, .. "\r\n0\r\n\r\n"u8],
                "Content-Type: text/html\r\nTransfer-Encoding: chunked"),
            .. record(Encoding.Unicode.GetBytes("\uFEFF" + Encoding.UTF8.GetString(html)), ""),
            .. record([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3], "Content-Type: image/jpeg", uri: "http://a.example/x/pic.jpg"),
        ];
    }

    private static byte[] PackEach(byte[] plain)
    {
        using var output = new MemoryStream();
        string text = Encoding.Latin1.GetString(plain);
        foreach (string part in text.Split("WARC/1.0").Skip(1))
        {
            output.Write(Encode(Encoding.Latin1.GetBytes("WARC/1.0" + part), s => new GZipStream(s, CompressionLevel.Fastest, true)));
        }

        return output.ToArray();
    }

    private static byte[] Encode(byte[] body, Func<Stream, Stream> open)
    {
        using var output = new MemoryStream();
        using (Stream packed = open(output))
        {
            packed.Write(body);
        }

        return output.ToArray();
    }

    private static byte[] Unpack(byte[] gzip)
    {
        using var stream = new GZipStream(new MemoryStream(gzip), CompressionMode.Decompress);
        using var output = new MemoryStream();
        stream.CopyTo(output);
        return output.ToArray();
    }
}
