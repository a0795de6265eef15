using System.IO.Compression;
using System.Text;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Tests.Download.Fetching;
using LaionStream.TestWorld;
using LaionStream.TestWorld.Wats;

namespace LaionStream.Engine.Tests.Inputs.Warc;

public class WarcReaderTests
{
    private const string Image = "<img src=/a.jpg alt='A nice picture'>";

    // Counts of an independent reader: Python's zlib and html.parser over every text/html response.
    [SkippableTheory]
    [InlineData("cc-2014-35/CC-MAIN-20140820021334-00006-ip-10-180-136-8.ec2.internal.warc", 861, 861)]
    [InlineData("cc-2024-22/whirlwind.warc", 13, 7)]
    [InlineData("cc-2024-22/whirlwind.warc.gz", 13, 7)]
    [InlineData("cc-dolma/sample-0000.warc.gz", 240, 169)]
    [InlineData("zst-derived/sample-0000.warc.zst", 240, 169)]
    [InlineData("heritrix-2008/example.warc.gz", 858, 666)]
    [InlineData("resiliparse/warcfile.warc.gz", 153, 32)]
    [InlineData("ia-web-commons/IAH-urls-wget.warc.gz", 50, 46)]
    [InlineData("node-warc/books.toscrape.warc", 20, 20)]
    public async Task Read_RealFile_FindsEveryImage(string file, int images, int alts)
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);

        (List<LinkOutcome> outcomes, InputHealth health) = await WarcFixture.ReadFileAsync(SharedData.PathOf("data", "warc", file));

        Assert.Equal(images, outcomes.Count);
        Assert.Equal(alts, outcomes.Count(v => v.Reason != DropReason.NoAlt));
        Assert.Equal(0, health.DamagedMembers + health.BadRecords);
    }

    [SkippableTheory]
    [InlineData("node-warc/books.toscrape.warc", 20)]
    [InlineData("heritrix-2008/example.warc.gz", 625)]
    public async Task Read_FromArchive_AnswersLinksWithTheArchivesOwnPictures(string file, int atLeast)
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);
        var everything = new CandidateOptions { MinCaption = 1, BlockedExtensions = [".none"] };

        (List<LinkOutcome> outcomes, _) = await WarcFixture.ReadFileAsync(SharedData.PathOf("data", "warc", file), everything, fromArchive: true);

        var archived = outcomes.Where(v => v.Candidate?.Archived is not null).Select(v => v.Candidate!.Archived!.Value).ToList();
        Assert.True(archived.Count >= atLeast, $"{archived.Count} answered");
        Assert.All(archived, bytes => Assert.True(IsPicture(bytes.Span)));
    }

    [SkippableFact]
    public async Task Read_EveryFileOfTheCollection_NeverThrowsButForArc()
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);
        int files = 0;
        foreach (string path in Directory.GetFiles(SharedData.PathOf("data", "warc"), "*", SearchOption.AllDirectories))
        {
            if (path.Contains(".arc", StringComparison.Ordinal))
            {
                await Assert.ThrowsAnyAsync<IOException>(() => WarcFixture.ReadFileAsync(path));
            }
            else
            {
                await WarcFixture.ReadFileAsync(path);
            }

            files++;
        }

        Assert.True(files > 100);
    }

    [Theory]
    [InlineData("<img src=/a.jpg alt='A nice picture'>", "http://a.example/a.jpg")]
    [InlineData("<img src=data:image/gif;base64,R0lG data-src=b.jpg alt='A nice picture'>", "http://a.example/dir/b.jpg")]
    [InlineData("<img src=blank.gif data-original=c.jpg alt='A nice picture'>", "http://a.example/dir/c.jpg")]
    [InlineData("<img src=a.jpg data-lazy-src=d.jpg alt='A nice picture'>", "http://a.example/dir/d.jpg")]
    [InlineData("<img src=a.jpg srcset='s.jpg 320w, l.jpg 1280w, m.jpg 640w' alt='A nice picture'>", "http://a.example/dir/l.jpg")]
    [InlineData("<img src=a.jpg srcset='s.jpg, l.jpg 2x, m.jpg 1.5x' alt='A nice picture'>", "http://a.example/dir/l.jpg")]
    [InlineData("<img data-srcset='s.jpg 320w, l,1.jpg 1280w' alt='A nice picture'>", "http://a.example/dir/l,1.jpg")]
    [InlineData("<picture><source srcset='p.webp 2x'><img alt='A nice picture'></picture>", "http://a.example/dir/p.webp")]
    [InlineData("<base href='//cdn.example/x/'><img src=a.jpg alt='A nice picture'>", "http://cdn.example/x/a.jpg")]
    [InlineData("<noscript><img src=n.jpg alt='A nice picture'></noscript>", "http://a.example/dir/n.jpg")]
    [InlineData("<img srcset='a.svg 9w' src=a.jpg alt='A nice picture'>", "http://a.example/dir/a.jpg")]
    [InlineData("<img loading=lazy src='data:image/png;base64,iVBORw0KGgo=' data-src='r.jpg?w=9' alt='A nice picture'>", "http://a.example/dir/r.jpg?w=9")]
    [InlineData("<img src=low.jpg srcset='data:image/gif;base64,R0lGOD,AA 1w' data-srcset='r.jpg 300w, s.jpg 600w' alt='A nice picture'>",
        "http://a.example/dir/s.jpg")]
    [InlineData("<img srcset='low.jpg 40w' data-srcset='r.jpg 300w' alt='A nice picture'>", "http://a.example/dir/r.jpg")]
    [InlineData("<img srcset='data:image/png;base64,AA== 2x, r.jpg' alt='A nice picture'>", "http://a.example/dir/r.jpg")]
    [InlineData("<img srcset='/w_300,h_200/r.jpg 300w,/w_600,h_400/r.jpg 600w' sizes='(max-width: 600px) 300px, 600px' alt='A nice picture'>",
        "http://a.example/w_600,h_400/r.jpg")]
    [InlineData("<img srcset='r.jpg 1x , s.jpg 2.5x,' src=t.jpg alt='A nice picture'>", "http://a.example/dir/s.jpg")]
    [InlineData("<picture><source media='(min-width: 9px)' data-srcset='r.webp 1x, s.webp 2x'><img src=blank.png alt='A nice picture'></picture>",
        "http://a.example/dir/s.webp")]
    [InlineData("<picture><source srcset='r.avif' type=image/avif><source srcset='s.webp'><img src=data:, alt='A nice picture'></picture>",
        "http://a.example/dir/r.avif")]
    [InlineData("<picture><source srcset='r.avif'><img src=t.jpg alt='A nice picture'></picture>", "http://a.example/dir/t.jpg")]
    [InlineData("<amp-img src=no.jpg alt='A nice picture'><noscript><img src=r.jpg alt='A nice picture'></noscript></amp-img>", "http://a.example/dir/r.jpg")]
    [InlineData("<figure><a href=x><img data-cfsrc='/r.jpg' alt='A nice picture' style='display:none'></a><figcaption>Something else</figcaption></figure>",
        "http://a.example/r.jpg")]
    [InlineData("<img src=1x1.gif data-zeen-src='//cdn.example/r.jpg' data-title='s.jpg' alt='A nice picture'>", "http://cdn.example/r.jpg")]
    [InlineData("<img data-my-srcset='r.png 100w, s.png 200w' alt='A nice picture'>", "http://a.example/dir/s.png")]
    [InlineData("<img data-image-id=7 data-image-meta='{\"f\": \"x.jpg\"}' src=r.jpg alt='A nice picture'>", "http://a.example/dir/r.jpg")]
    [InlineData("<image src=r.jpg alt='A nice picture'>", "http://a.example/dir/r.jpg")]
    [InlineData("<IMG SRC = ' r.jpg ' ALT=\"A nice picture\" />", "http://a.example/dir/r.jpg")]
    public async Task Read_ImageInAnyMarkup_TakesItsBestAddress(string html, string url)
    {
        (List<LinkOutcome> outcomes, _) = await WarcFixture.ReadAsync(WarcFixture.Page(html));

        Assert.Equal(url, Assert.Single(outcomes).Candidate?.Url);
    }

    [Fact]
    public async Task Read_Page_JudgesByTheDefaultRules()
    {
        const string Html = """
            <!-- <img src=no.jpg alt="In a comment"> --><script>"<img src=no.jpg alt='In a script'>"</script>
            <img src=/one.jpg alt="The first &amp; best"><img src=/two.jpg><img alt="No address at all"><img src=x.gif alt="A moving picture">
            <img src=/s.jpg alt="abc"><a href="https://creativecommons.org/licenses/by-sa/4.0/">cc</a>
            """;

        (List<LinkOutcome> outcomes, _) = await WarcFixture.ReadAsync(WarcFixture.Page(Html));
        (List<LinkOutcome> optedOut, _) = await WarcFixture.ReadAsync(WarcFixture.Page("<meta name=robots content='all, noai'>" + Html));

        Assert.Equal([DropReason.None, DropReason.NoAlt, DropReason.BadUrl, DropReason.UrlBlocked, DropReason.ShortCaption], outcomes.Select(v => v.Reason));
        Candidate candidate = outcomes[0].Candidate!;
        Assert.Equal(new RowKey(5, 0), candidate.Key);
        Assert.Equal("The first & best", candidate.Text);
        Assert.Equal("https://creativecommons.org/licenses/by-sa/4.0/", candidate.License);
        Assert.Equal("http://a.example/dir/p.html", candidate.PageUrl);
        Assert.Equal(CandidateHash.Of(candidate.Url, candidate.Text), candidate.Hash);
        Assert.Equal([DropReason.PageOptOut, DropReason.NoAlt, DropReason.PageOptOut, DropReason.PageOptOut, DropReason.PageOptOut],
            optedOut.Select(v => v.Reason));
    }

    [Theory]
    [InlineData("<meta name=tdm-reservation content=1>", OptOutSignal.PageTdmReservation)]
    [InlineData("<META NAME=' TDM-Reservation ' CONTENT=' 1 '><meta name=tdm-policy content=https://a.example/p>", OptOutSignal.PageTdmReservation)]
    [InlineData("<meta name=tdm-reservation content=0>", OptOutSignal.None)]
    [InlineData("<meta name=tdm-reservation content=11>", OptOutSignal.None)]
    [InlineData("<meta property=tdm-reservation content=1>", OptOutSignal.None)]
    [InlineData("<meta name=tdm-reservation content=1><meta name=robots content=noai>", OptOutSignal.PageRobots)]
    [InlineData("<meta http-equiv=X-Robots-Tag content='noai, noimageai'>", OptOutSignal.PageXRobotsTag)]
    [InlineData("<meta http-equiv=refresh content='9; noai'>", OptOutSignal.None)]
    [InlineData("<body><p>x<meta name=robots content=noai>", OptOutSignal.PageRobots)]
    [InlineData("<noscript><meta name=robots content=noai></noscript>", OptOutSignal.PageRobots)]
    [InlineData("<!-- <meta name=robots content=noai> -->", OptOutSignal.None)]
    [InlineData("<meta name=robots content=follow><meta name=Robots content='&quot;&#110;oai&quot;'>", OptOutSignal.PageRobots)]
    public async Task Read_PagesMeta_NamesTheSignal(string meta, OptOutSignal signal)
    {
        (List<LinkOutcome> outcomes, _) = await WarcFixture.ReadAsync(WarcFixture.Page(meta + "<img src=/one.jpg alt='The first of all'>"));

        Assert.Equal(signal.Outcome(), Assert.Single(outcomes).Drop);
    }

    [Theory]
    [InlineData("X-Robots-Tag: noai, noimageai", true)]
    [InlineData("x-robots-tag: laion-stream/1.0: noimageai", true)]
    [InlineData("X-Robots-Tag: nofollow\r\nX-Robots-Tag: noai", true)]
    [InlineData("X-Robots-Tag: nofollow,\r\n\t noai", true)]
    [InlineData("X-Robots-Tag:\r\n noai", true)]
    [InlineData("X-Robots-Tag: nofollow\r\nServer: x\r\n noai", false)]
    [InlineData("X-Robots-Tag: noindex", false)] // as in a robots meta: what a search engine may show is not what a model may learn from
    [InlineData("X-Robots-Tag: otherbot: noai", false)]
    public async Task Read_PagesOwnHeader_OptsItOut(string header, bool optedOut)
    {
        (List<LinkOutcome> outcomes, _) =
            await WarcFixture.ReadAsync(WarcFixture.Page("<img src=/one.jpg alt='The first of all'>", "Content-Type: text/html\r\n" + header));

        Assert.Equal(optedOut ? DropReason.PageOptOut : DropReason.None, Assert.Single(outcomes).Reason);
    }

    [Theory]
    [InlineData("http/1.1 200 ok\r\n")]
    [InlineData("\r\nHTTP/1.1 200 OK\r\n")]
    [InlineData("HTTP/1.1 200\n")]
    public async Task Read_OddStatusLine_TheHeaderIsReadAllTheSame(string status)
    {
        byte[] file = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(WarcFixture.Page("<img src=/one.jpg alt='The first of all'>",
            "Content-Type: text/html\r\nX-Robots-Tag: noai")).Replace("HTTP/1.1 200 OK\r\n", status, StringComparison.Ordinal)
            .Replace("Content-Length: 105", $"Content-Length: {88 + status.Length}", StringComparison.Ordinal));

        (List<LinkOutcome> outcomes, _) = await WarcFixture.ReadAsync(file);

        Assert.Equal(DropReason.PageOptOut, Assert.Single(outcomes).Reason);
    }

    [Theory]
    [InlineData(true, "A caption for the figure")]
    [InlineData(false, null)]
    public async Task Read_FigureCaption_IsUsedOnlyWhenConfigured(bool on, string? text)
    {
        byte[] file = WarcFixture.Page("<figure><div><img src=a.jpg></div><figcaption>A caption <i>for</i> the figure</figcaption></figure>");

        (List<LinkOutcome> outcomes, _) = await WarcFixture.ReadAsync(file, new CandidateOptions { FigureCaptions = on });

        Assert.Equal(text, Assert.Single(outcomes).Candidate?.Text);
    }

    [Theory]
    [InlineData("chunked")]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("zlib")]
    [InlineData("chunked gzip")]
    [InlineData("gzip gzip")]
    [InlineData("deflate, then gzip in a second line")]
    [InlineData("gzip as a transfer coding")]
    [InlineData("gzip without a header")]
    [InlineData("lie: gzip")]
    [InlineData("lie: br")]
    [InlineData("lie: deflate")]
    [InlineData("lie: chunked")]
    [InlineData("gzip cut short")]
    [InlineData("chunk of wrong size")]
    public async Task Read_BodyInAnyCoding_IsDecodedOrTakenAsItIs(string coding)
    {
        byte[] html = Encoding.UTF8.GetBytes($"<html>{Image}<p>{string.Concat(Enumerable.Range(0, 3000))}");
        (byte[] body, string fields) = coding switch
        {
            "chunked" => (Chunk(html), "Transfer-Encoding: chunked"),
            "gzip" => (Pack(html, s => new GZipStream(s, CompressionLevel.Fastest, true)), "Content-Encoding: gzip"),
            "br" => (Pack(html, s => new BrotliStream(s, CompressionLevel.Fastest, true)), "content-encoding: BR"),
            "deflate" => (Pack(html, s => new DeflateStream(s, CompressionLevel.Fastest, true)), "Content-Encoding: deflate"),
            "zlib" => (Pack(html, s => new ZLibStream(s, CompressionLevel.Fastest, true)), "Content-Encoding: deflate"),
            "chunked gzip" => (Chunk(Pack(html, s => new GZipStream(s, CompressionLevel.Fastest, true))),
                "Transfer-Encoding: chunked\r\nContent-Encoding: gzip"),
            "gzip gzip" => (Coder.Gzip(Coder.Gzip(html)), "Content-Encoding: x-gzip, GZIP"),
            "deflate, then gzip in a second line" => (Coder.Gzip(Coder.Apply("deflate", html)), "Content-Encoding: deflate\r\nX: y\r\nContent-Encoding: gzip"),
            "gzip as a transfer coding" => (Chunk(Coder.Gzip(html)), "Transfer-Encoding: gzip, chunked"),
            "gzip without a header" => (Pack(html, s => new GZipStream(s, CompressionLevel.Fastest, true)), "X: y"),
            "lie: gzip" => (html, "Content-Encoding: gzip"),
            "lie: br" => (html, "Content-Encoding: br"),
            "lie: deflate" => (html, "Content-Encoding: deflate"),
            "lie: chunked" => (html, "Transfer-Encoding: chunked"),
            "gzip cut short" => (Pack(html, s => new GZipStream(s, CompressionLevel.Fastest, true))[..^400], "Content-Encoding: gzip"),
            _ => ([.. Chunk(html)[..^7], .. "zz\r\nrest"u8], "Transfer-Encoding: chunked"),
        };

        (List<LinkOutcome> outcomes, _) = await WarcFixture.ReadAsync(WarcFixture.Record(body, $"Content-Type: text/html\r\n{fields}"));

        Assert.Equal("http://a.example/a.jpg", Assert.Single(outcomes).Candidate?.Url);
    }

    // Chromium does not look at the checksum of a page, and a short page is decoded by the read that meets it.
    [Theory]
    [InlineData("gzip", 8)]
    [InlineData("deflate", 4)]
    public async Task Read_ShortPageWithAWrongChecksum_IsRead(string coding, int checksum)
    {
        byte[] body = Coder.Apply(coding, Encoding.UTF8.GetBytes($"<html>{Image}</html>\n"));
        body.AsSpan(body.Length - checksum).Fill(0xA5);

        (List<LinkOutcome> outcomes, _) = await WarcFixture.ReadAsync(WarcFixture.Record(body, $"Content-Type: text/html\r\nContent-Encoding: {coding}"));

        Assert.Equal("http://a.example/a.jpg", Assert.Single(outcomes).Candidate?.Url);
    }

    [Theory]
    [InlineData("404 Not Found", "text/html", true)]
    [InlineData("200 OK", "application/xhtml+xml; charset=utf-8", true)]
    [InlineData("200 OK", "", true)]
    [InlineData("302 Found", "text/html", false)]
    [InlineData("304 Not Modified", "text/html", false)]
    [InlineData("200 OK", "text/plain", false)]
    [InlineData("200 OK", "image/png", false)]
    public async Task Read_Response_CountsIfABrowserWouldShowIt(string status, string type, bool shown)
    {
        (List<LinkOutcome> outcomes, _) =
            await WarcFixture.ReadAsync(WarcFixture.Page($"<!doctype html>{Image}", type.Length == 0 ? "X: y" : $"Content-Type: {type}", status));

        Assert.Equal(shown ? 1 : 0, outcomes.Count);
    }

    [Fact]
    public async Task Read_NestingWithoutEnd_IsCountedAndPassedInTime()
    {
        string flood = string.Concat(Enumerable.Repeat("<div>", 200_000)) + Image;

        (List<LinkOutcome> outcomes, InputHealth health) = await WarcFixture.ReadAsync([.. WarcFixture.Page(flood), .. WarcFixture.Page(Image)]);

        Assert.Single(outcomes);
        Assert.Equal(1, health.BadRecords);
    }

    [Fact]
    public async Task Read_RandomDamages_NeverThrows()
    {
        byte[] html = Encoding.UTF8.GetBytes(
            "<html><head><meta charset=windows-1251><base href=/x/><title>t</title></head><body><table><tr><td><p><b><i><a href=q>" + Image
            + "</b></i></p><svg><image href=z /><foreignObject><div></svg><template><select><option>x</select><figure><picture><source srcset='a 1x'>" + Image
            + "</picture></figure></template><math><mi></math></table><script>var x='</p>';</script><frameset>" + Image);
        byte[] file =
        [
            .. WarcFixture.Record(Chunk(Pack(html, s => new GZipStream(s, CompressionLevel.Fastest, true))),
                "Content-Type: text/html\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip"),
            .. WarcFixture.Record(html, "Content-Type: text/html"),
            .. WarcFixture.Record(Pack(html, s => new BrotliStream(s, CompressionLevel.Fastest, true)), "Content-Type: text/html\r\nContent-Encoding: br"),
        ];
        for (int seed = 0; seed < 1500; seed++)
        {
            await WarcFixture.ReadAsync(Damage.Random(file, new Random(seed)), fromArchive: seed % 2 == 0);
        }
    }

    private static bool IsPicture(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("GIF8"u8) || bytes.StartsWith<byte>([0xff, 0xd8]) || bytes.StartsWith<byte>([0x89, 0x50]) || bytes.StartsWith<byte>([0, 0, 1, 0])
            || bytes.StartsWith("BM"u8);

    private static byte[] Chunk(byte[] body)
    {
        using var output = new MemoryStream();
        foreach (byte[] chunk in body.Chunk(700))
        {
            output.Write(Encoding.ASCII.GetBytes($"{chunk.Length:x}\r\n"));
            output.Write(chunk);
            output.Write("\r\n"u8);
        }

        output.Write("0\r\n\r\n"u8);
        return output.ToArray();
    }

    private static byte[] Pack(byte[] body, Func<Stream, Stream> open)
    {
        using var output = new MemoryStream();
        using (Stream packed = open(output))
        {
            packed.Write(body);
        }

        return output.ToArray();
    }
}
