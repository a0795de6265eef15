using System.IO.Compression;
using System.Text;
using LaionStream.Dataset.Rows;
using LaionStream.Demo;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Inputs.Wat;
using LaionStream.Engine.OptOuts;
using LaionStream.TestWorld;
using LaionStream.TestWorld.Wats;

namespace LaionStream.Engine.Tests.Inputs.Wat;

public class WatReaderTests
{
    /// <summary>wget writes the address in angle brackets, and gson escapes those.</summary>
    [Theory]
    [InlineData("<http://b.example/dir/p.html>", CandidateRuleSet.Default)]
    [InlineData(" < http://b.example/dir/p.html > ", CandidateRuleSet.Default)]
    [InlineData("\\u003chttp://b.example/dir/p.html\\u003E", CandidateRuleSet.Default)]
    [InlineData("<http://b.example/dir/p.html>", CandidateRuleSet.Laion5b)]
    public async Task Read_TargetUriInBrackets_IsTheAddressWithoutThem(string uri, CandidateRuleSet rules)
    {
        string json = WatFixture.Json("{\"Links\":[{\"path\":\"IMG@/src\",\"url\":\""
            + (rules == CandidateRuleSet.Default ? "../pic.jpg" : "http://b.example/pic.jpg") + "\",\"alt\":\"old harbour in winter\"}]}")
            .Replace("http://a.example/dir/p.html", uri, StringComparison.Ordinal);

        (List<LinkOutcome> outcomes, _) = await WatFixture.ReadAsync(WatFixture.Record(json), new CandidateOptions { Rules = rules });

        Candidate row = Assert.Single(outcomes).Candidate!;
        Assert.Equal(("http://b.example/pic.jpg", "http://b.example/dir/p.html"), (row.Url, row.PageUrl));
    }

    [Fact]
    public async Task Read_TargetUriInBracketsInTheRecordOnly_IsTheAddressWithoutThem()
    {
        string json = WatFixture.Json("{\"Links\":[{\"path\":\"IMG@/src\",\"url\":\"/pic.jpg\",\"alt\":\"old harbour in winter\"}]}")
            .Replace("WARC-Target-URI", "Other", StringComparison.Ordinal);
        byte[] record = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(WatFixture.Record(json))
            .Replace("http://a.example/p", "<http://c.example/p>", StringComparison.Ordinal));

        (List<LinkOutcome> outcomes, _) = await WatFixture.ReadAsync(record);

        Assert.Equal("http://c.example/pic.jpg", Assert.Single(outcomes).Candidate!.Url);
    }

    [SkippableTheory]
    [InlineData("cc-2014-35/CC-MAIN-20140820021334-00006-ip-10-180-136-8.ec2.internal.warc.wat", 4, 0, 0)]
    [InlineData("cc-2015-18/wat-18.first-10-records.warc", 14, 0, 0)]
    [InlineData("cc-2023-06/CC-MAIN-sample.warc.wat.gz", 27, 27, 1)]
    [InlineData("cc-2023-06/CC-MAIN-sample3.warc.wat.gz", 27, 27, 1)]
    [InlineData("cc-2024-22/whirlwind.warc.wat", 0, 0, 0)]
    [InlineData("cc-2024-22/whirlwind.warc.wat.gz", 0, 0, 0)]
    public async Task Read_RealFile_FindsItsImageLinks(string file, int links, int noAlt, int badRecords)
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);
        string path = SharedData.PathOf("data", "wat", file);

        (List<LinkOutcome> outcomes, InputHealth health) = await WatFixture.ReadAsync(await File.ReadAllBytesAsync(path), name: path);

        Assert.Equal(links, outcomes.Count);
        Assert.Equal(noAlt, outcomes.Count(v => v.Reason == DropReason.NoAlt));
        Assert.Equal(badRecords, health.BadRecords);
        Assert.Equal(0, health.DamagedMembers);
        Assert.False(health.Truncated);
        Assert.Equal(new FileInfo(path).Length, health.Bytes);
    }

    [Fact]
    public async Task Read_WrittenPages_JudgesEveryImageLinkInOrder()
    {
        byte[] file = WatFixture.Write(
            new WatPage(
                new Uri("https://example.com/a/b.html"),
                [
                    new WatLink("IMG@/src", "/one.jpg", "The first picture"),
                    new WatLink("A@/href", "https://creativecommons.org/licenses/by/4.0/", Text: "licence"),
                    new WatLink("IMG@/src", "two.jpg"),
                    new WatLink("IMG@/src", "", "No address at all"),
                    new WatLink("IMG@/src", "three.gif", "A moving picture"),
                    new WatLink("IMG@/src", "four.jpg", "abc"),
                    new WatLink("IMG@/src", "https://:bad/", "Bad address here"),
                    new WatLink("IMG@/src", "five.jpg", "Der \"fünfte\" \U0001F600 \u2028 Tag\nund mehr"),
                ],
                Base: "https://cdn.example.org/x/"),
            new WatPage(new Uri("https://noai.example/"), [new WatLink("IMG@/src", "a.jpg", "A picture kept back"), new WatLink("IMG@/src", "b.jpg")],
                [new WatMeta("ROBOTS", "index, NoImageAI")]));

        (List<LinkOutcome> outcomes, InputHealth health) = await WatFixture.ReadAsync(file);

        Assert.Equal(
            [DropReason.None, DropReason.NoAlt, DropReason.BadUrl, DropReason.UrlBlocked, DropReason.ShortCaption, DropReason.BadUrl, DropReason.None,
                DropReason.PageOptOut, DropReason.NoAlt],
            outcomes.Select(v => v.Reason));
        Candidate first = outcomes[0].Candidate!;
        Assert.Equal(new RowKey(3, 0), first.Key);
        Assert.Equal("https://cdn.example.org/one.jpg", first.Url);
        Assert.Equal("The first picture", first.Text);
        Assert.Equal("https://creativecommons.org/licenses/by/4.0/", first.License);
        Assert.Equal("https://example.com/a/b.html", first.PageUrl);
        Assert.Equal("test.warc.wat.gz", first.Source);
        Assert.Equal(CandidateHash.Of(first.Url, first.Text), first.Hash);
        Candidate last = outcomes[6].Candidate!;
        Assert.Equal(new RowKey(3, 6), last.Key);
        Assert.Equal("https://cdn.example.org/x/five.jpg", last.Url);
        Assert.Equal("Der \"fünfte\" \U0001F600 Tag und mehr", last.Text);
        Assert.Equal(0, health.BadRecords);
        Assert.Equal(7, health.Records);
    }

    [Theory]
    [InlineData("tdm-reservation", "1", OptOutSignal.PageTdmReservation)]
    [InlineData("TDM-Reservation", " 1 ", OptOutSignal.PageTdmReservation)]
    [InlineData("tdm-reservation", "0", OptOutSignal.None)]
    [InlineData("tdm-policy", "1", OptOutSignal.None)]
    [InlineData("robots", "NoAI", OptOutSignal.PageRobots)]
    [InlineData("laion-stream", "noimageai", OptOutSignal.PageRobots)]
    [InlineData("otherbot", "noai", OptOutSignal.None)]
    public async Task Read_PagesMeta_NamesTheSignal(string name, string content, OptOutSignal signal)
    {
        byte[] file = WatFixture.Write(
            new WatPage(new Uri("https://a.example/"), [new WatLink("IMG@/src", "a.jpg", "A picture of it")], [new WatMeta("viewport", "width=9"), new WatMeta(name, content)]));

        (List<LinkOutcome> outcomes, _) = await WatFixture.ReadAsync(file);

        Assert.Equal(signal.Outcome(), Assert.Single(outcomes).Drop);
    }

    [Fact]
    public async Task Read_PageThatIsNotObeyed_IsCountedPerCandidate()
    {
        byte[] file = WatFixture.Write(new WatPage(
            new Uri("https://a.example/"),
            [new WatLink("IMG@/src", "a.jpg", "A picture of it"), new WatLink("IMG@/src", "b.jpg"), new WatLink("IMG@/src", "c.jpg", "Another of these")],
            [new WatMeta("robots", "noai"), new WatMeta("tdm-reservation", "1")]));
        var judge = new OptOutJudge(OptOutPolicy.Of(new() { Page = false }), "laion-stream");

        (List<LinkOutcome> outcomes, _) = await WatFixture.ReadAsync(file, optOuts: judge);

        Assert.Equal([DropReason.None, DropReason.NoAlt, DropReason.None], outcomes.Select(outcome => outcome.Reason));
        Assert.Equal([(OptOutSignal.PageRobots, 2L), (OptOutSignal.PageTdmReservation, 2L)], judge.Seen);
    }

    [Fact]
    public async Task Read_Laion5bRules_LooksAtEveryLinkWithAltAndKeepsTheQuirks()
    {
        byte[] file = WatFixture.Write(new WatPage(
            new Uri("https://example.com/a/b.html"),
            [
                new WatLink("IMG@/src", "https://example.com/one.jpg", "Before the licence"),
                new WatLink("A@/href", "https://creativecommons.org/licenses/by/4.0/"),
                new WatLink("A@/href", "https://example.com/any.page", "An anchor with an alt"),
                new WatLink("IMG@/src", "/relative.jpg", "A relative address"),
                new WatLink("IMG@/src", "https://example.com/x.svg?y", "Blocked by substring"),
                new WatLink("IMG@/src", "https://example.com/no-alt.jpg"),
                new WatLink("IMG@/src", "https://example.com/short.jpg", "abc"),
                new WatLink("IMG@/src", "https://example.com/empty.jpg", ""),
            ],
            [new WatMeta("robots", "noai")]));

        (List<LinkOutcome> outcomes, _) = await WatFixture.ReadAsync(file, new CandidateOptions { Rules = CandidateRuleSet.Laion5b });

        Assert.Equal(
            [DropReason.None, DropReason.None, DropReason.BadUrl, DropReason.UrlBlocked, DropReason.ShortCaption, DropReason.ShortCaption],
            outcomes.Select(v => v.Reason));
        Assert.Equal("?", outcomes[0].Candidate!.License);
        Assert.Equal("https://creativecommons.org/licenses/by/4.0/", outcomes[1].Candidate!.License);
        Assert.Equal("https://example.com/any.page", outcomes[1].Candidate!.Url);
        Assert.Equal(new RowKey(3, 1), outcomes[1].Candidate!.Key);
    }

    [Fact]
    public async Task Read_DamagedMember_LosesThatMemberOnly()
    {
        byte[] file = WatFixture.Write(20);
        List<int> members = Damage.MembersOf(file);
        Assert.Equal(61, members.Count); // warcinfo and three records per page
        int response = members[1 + 3 * 7 + 1];

        (List<LinkOutcome> outcomes, InputHealth health) = await WatFixture.ReadAsync(Damage.Flip(file, response + 200));

        Assert.Equal(1, health.DamagedMembers);
        Assert.Matches("^near record 2[23], byte [0-9]+: a member is damaged$", health.FirstDamage);
        Assert.Equal(38, outcomes.Count);
        Assert.DoesNotContain(outcomes, v => v.Candidate?.Url.Contains("site7.example", StringComparison.Ordinal) == true);
        Assert.False(health.Truncated);
    }

    [Theory]
    [InlineData(4)] // the checksum
    [InlineData(8)]
    public async Task Read_WrongTrailer_LosesThatMemberOnly(int fromEnd)
    {
        byte[] file = WatFixture.Write(20);
        List<int> members = Damage.MembersOf(file);
        int next = members[1 + 3 * 7 + 2];

        (List<LinkOutcome> outcomes, InputHealth health) = await WatFixture.ReadAsync(Damage.Flip(file, next - fromEnd));

        Assert.Equal(1, health.DamagedMembers);
        Assert.Equal(38, outcomes.Count);
    }

    [Fact]
    public async Task Read_MemberWithoutItsEnd_KeepsTheNextOne()
    {
        byte[] file = WatFixture.Write(20);
        List<int> members = Damage.MembersOf(file);
        int request = members[1 + 3 * 7];
        int response = members[1 + 3 * 7 + 1];

        (List<LinkOutcome> outcomes, InputHealth health) = await WatFixture.ReadAsync(Damage.Remove(file, response - 40, 40));

        Assert.True(request < response - 40);
        Assert.Equal(1, health.DamagedMembers);
        Assert.Equal(40, outcomes.Count);
    }

    [Fact]
    public async Task Read_GarbageBetweenMembers_IsCountedAndSkipped()
    {
        byte[] file = WatFixture.Write(20);
        List<int> members = Damage.MembersOf(file);
        byte[] garbage = new byte[30_000];
        new Random(1).NextBytes(garbage);
        byte[] damaged = Damage.Insert(Damage.Insert(file, members[40], garbage), 0, garbage.AsSpan(0, 77));

        (List<LinkOutcome> outcomes, InputHealth health) = await WatFixture.ReadAsync(damaged);

        Assert.Equal(2, health.DamagedMembers);
        Assert.Equal(40, outcomes.Count);
        Assert.Equal(0, health.BadRecords);
    }

    [Fact]
    public async Task Read_FileCutInMidMember_KeepsAllBeforeTheCut()
    {
        byte[] file = WatFixture.Write(20);
        List<int> members = Damage.MembersOf(file);

        for (int cut = members[4] + 1; cut < members[5]; cut += 37)
        {
            (List<LinkOutcome> outcomes, InputHealth health) = await WatFixture.ReadAsync(Damage.Cut(file, cut));
            Assert.True(health.Truncated, $"cut at {cut}");
            Assert.Equal(2, outcomes.Count);
        }

        // There are complete records before the truncation even when the member that it is in yields nothing.
        foreach (int border in members.Skip(1))
        {
            (List<LinkOutcome> atFirstByte, _) = await WatFixture.ReadAsync(Damage.Cut(file, border));
            (List<LinkOutcome> inHeader, InputHealth health) = await WatFixture.ReadAsync(Damage.Cut(file, border + 5));
            Assert.Equal(atFirstByte.Count, inHeader.Count);
            Assert.True(health.Truncated);
        }

        (List<LinkOutcome> whole, InputHealth atBorder) = await WatFixture.ReadAsync(Damage.Cut(file, members[4]));
        Assert.False(atBorder.Truncated);
        Assert.Equal(2, whole.Count);
    }

    [Fact]
    public async Task Read_OneMemberForTheWholeFile_ReadsAllRecords()
    {
        byte[] plain = Inflate(WatFixture.Write(2000));
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(plain);
        }

        (List<LinkOutcome> packed, InputHealth health) = await WatFixture.ReadAsync(output.ToArray());
        (List<LinkOutcome> unpacked, _) = await WatFixture.ReadAsync(plain, name: "x.wat");

        Assert.Equal(4000, packed.Count);
        Assert.Equal(packed.Select(v => v.Candidate?.Hash), unpacked.Select(v => v.Candidate?.Hash));
        Assert.Equal(0, health.BadRecords + health.DamagedMembers);
    }

    [Fact]
    public async Task Read_MembersThatBeginInsideRecords_ReadsAllRecords()
    {
        byte[] plain = Inflate(WatFixture.Write(50));
        using var output = new MemoryStream();
        foreach (byte[] block in plain.Chunk(3000))
        {
            using var gzip = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true);
            gzip.Write(block);
        }

        (List<LinkOutcome> outcomes, InputHealth health) = await WatFixture.ReadAsync(output.ToArray());

        Assert.Equal(100, outcomes.Count);
        Assert.Equal(0, health.BadRecords + health.DamagedMembers);
    }

    [Theory]
    [InlineData("\r\n", -10)]
    [InlineData("\n", -10)]
    [InlineData("\n", 0)]
    [InlineData("\r\n", 40)]
    [InlineData("\r\n", 500_000_000)]
    public async Task Read_WrongContentLength_IsCountedAndTheRecordsAreReadAllTheSame(string lineEnd, int off)
    {
        string json = WatFixture.Json("{\"Links\":[{\"path\":\"IMG@/src\",\"url\":\"a.jpg\",\"alt\":\"A nice picture\"}]}");
        byte[] wrong = WatFixture.Record(json, lineEnd, Encoding.UTF8.GetByteCount(json) + off);
        byte[] right = WatFixture.Record(json, lineEnd);

        (List<LinkOutcome> outcomes, InputHealth health) = await WatFixture.ReadAsync([.. right, .. wrong, .. right], name: "x.wat");

        Assert.Equal(off == 500_000_000 ? 2 : 3, outcomes.Count);
        Assert.Equal(off == 0 ? 0 : 1, health.BadRecords);
        Assert.All(outcomes, v => Assert.Equal("http://a.example/dir/a.jpg", v.Candidate!.Url));
    }

    [Fact]
    public async Task Read_RecordAboveTheLimit_IsSkippedAndCounted()
    {
        string links = string.Join(',', Enumerable.Range(0, 60_000).Select(i => $"{{\"path\":\"IMG@/src\",\"url\":\"{i}.jpg\",\"alt\":\"Picture {i}\"}}"));
        byte[] giant = WatFixture.Record(WatFixture.Json($"{{\"Links\":[{links}]}}"));
        byte[] small = WatFixture.Record(WatFixture.Json("{\"Links\":[{\"path\":\"IMG@/src\",\"url\":\"a.jpg\",\"alt\":\"A nice picture\"}]}"));
        byte[] file = [.. small, .. giant, .. small];

        (List<LinkOutcome> few, InputHealth health) = await WatFixture.ReadAsync(file, options: new WatOptions { MaxRecordBytes = 1 << 20 }, name: "x.wat");
        (List<LinkOutcome> all, InputHealth whole) = await WatFixture.ReadAsync(file, name: "x.wat");
        (List<LinkOutcome> gzipped, InputHealth packed) =
            await WatFixture.ReadAsync([.. Gzip(small), .. Gzip(giant), .. Gzip(small)], options: new WatOptions { MaxRecordBytes = 1 << 20 });

        Assert.Equal(2, few.Count);
        Assert.Equal(1, health.BadRecords);
        Assert.Equal(60_002, all.Count);
        Assert.Equal(0, whole.BadRecords);
        Assert.Equal(2, gzipped.Count);
        Assert.Equal(1, packed.BadRecords);
    }

    [Theory]
    [InlineData("{\"Links\":[{\"path\":\"IMG@/src\",\"url\":\"a.jpg\",\"alt\":\"A nice picture\"}")]
    [InlineData("{\"Links\":[{\"path\":\"IMG@/src\",\"url\":\"a.jpg\" \"alt\":\"A nice picture\"}]}")]
    [InlineData("{\"Links\":[{\"path\":\"IMG@/src\",\"url\":\"a.jpg\",\"alt\":\"A nice")]
    public async Task Read_BrokenJson_CountsTheRecordAndTakesNoLinkOfIt(string html)
    {
        byte[] broken = WatFixture.Record(WatFixture.Json(html)[..^3]);
        byte[] right = WatFixture.Record(WatFixture.Json("{\"Links\":[{\"path\":\"IMG@/src\",\"url\":\"a.jpg\",\"alt\":\"A nice picture\"}]}"));

        (List<LinkOutcome> outcomes, InputHealth health) = await WatFixture.ReadAsync([.. broken, .. right], name: "x.wat");

        Assert.Single(outcomes);
        Assert.Equal(1, health.BadRecords);
    }

    [Fact]
    public async Task Read_InvalidUtf8InAlt_BecomesReplacementCharacters()
    {
        byte[] record = WatFixture.Record(WatFixture.Json("{\"Links\":[{\"path\":\"IMG@/src\",\"url\":\"a.jpg\",\"alt\":\"A nice # picture\"}]}"));
        record[Array.LastIndexOf(record, (byte)'#')] = 0xC3;

        (List<LinkOutcome> outcomes, InputHealth health) = await WatFixture.ReadAsync(record, name: "x.wat");

        Assert.Contains('\uFFFD', Assert.Single(outcomes).Candidate!.Text!);
        Assert.Equal(0, health.BadRecords);
    }

    [Fact]
    public async Task Read_MissingFile_ThrowsWithItsName()
    {
        using HttpClient http = LaionStream.Engine.Inputs.Opening.InputOpener.CreateClient();
        WatReader reader = WatFixture.CreateReader(WatFixture.CreateOpener(http, new WatOptions()));
        IOException e = await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            await foreach (PageLinks _ in reader.ReadAsync(new InputFile(0, "/nowhere/x.warc.wat.gz"), new InputHealth(), default))
            {
            }
        });
        Assert.Contains("x.warc.wat.gz", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_ThousandRandomDamages_NeverThrowsAndNeverInventsLinks()
    {
        byte[] file = WatFixture.Write(30);
        HashSet<long> known = [.. (await WatFixture.ReadAsync(file)).Outcomes.Where(v => v.Candidate is not null).Select(v => v.Candidate!.Hash)];
        for (int seed = 0; seed < 1000; seed++)
        {
            (List<LinkOutcome> outcomes, InputHealth health) = await WatFixture.ReadAsync(Damage.Random(file, new Random(seed)));
            Assert.True(outcomes.Count <= 60, $"seed {seed}");
            Assert.All(outcomes, v => Assert.True(v.Candidate is null || known.Contains(v.Candidate.Hash), $"seed {seed}"));
            Assert.Equal(outcomes.Count, outcomes.Count(v => v.Reason == DropReason.NoAlt) + outcomes.Count(v => v.Candidate is not null));
            Assert.True(outcomes.Count == 60 || health.DamagedMembers > 0 || health.Truncated || health.BadRecords > 0
                || outcomes.Count % 2 == 0, $"seed {seed}");
        }
    }

    [Fact]
    public async Task Read_RandomDamagesOfPlainFile_NeverThrows()
    {
        byte[] file = Inflate(WatFixture.Write(10));
        for (int seed = 0; seed < 500; seed++)
        {
            (List<LinkOutcome> outcomes, _) = await WatFixture.ReadAsync(Damage.Random(file, new Random(seed)), name: "x.wat");
            Assert.True(outcomes.Count <= 20, $"seed {seed}");
        }
    }

    [Theory]
    [InlineData("""{"Server":"x","X-Robots-Tag":"noai, noimageai"}""", true)]
    [InlineData("""{"x-robots-tag":["nofollow", 7, "laion-stream/1.0: noai"],"Server":"x"}""", true)]
    [InlineData("""{"Via":[],"Age":5,"X-ROBOTS-TAG" : "noai; noimageai"}""", true)]
    [InlineData("""{"X-Robots-Tag":"noindex"}""", false)]
    [InlineData("""{"X-Robots-Tag":"otherbot: noai"}""", false)]
    [InlineData("""{"X-Note":"noai","X-Robots-Tag":{"noai":"noai"}}""", false)]
    [InlineData("""["X-Robots-Tag","noai"]""", false)]
    [InlineData("""{"X-Robots-Tag":"no\u0061i"}""", true)]
    public async Task Read_PagesOwnHeader_OptsItOut(string headers, bool optedOut)
    {
        string json = WatFixture.Json("""{"Links":[{"path":"IMG@/src","url":"/a.jpg","alt":"The first of all"}]}""")
            .Replace("""{"Server":"x"}""", headers, StringComparison.Ordinal);

        (List<LinkOutcome> outcomes, _) = await WatFixture.ReadAsync(WatFixture.Record(json), name: "x.warc.wat");

        Assert.Equal(optedOut ? DropReason.PageOptOut : DropReason.None, Assert.Single(outcomes).Reason);
    }

    // The metas of a WAT hold attributes as they are in the page, references undecoded.
    [Theory]
    [InlineData("""{"http-equiv":"X-Robots-Tag","content":"noai"}""", OptOutSignal.PageXRobotsTag)]
    [InlineData("""{"content":"noimageai","http-equiv":"x-robots-tag"}""", OptOutSignal.PageXRobotsTag)]
    [InlineData("""{"http-equiv":"refresh","content":"noai"}""", OptOutSignal.None)]
    [InlineData("""{"name":"robots","content":"&quot;noai&quot;"}""", OptOutSignal.PageRobots)]
    [InlineData("""{"name":"robots","content":"follow&nbsp;noai"}""", OptOutSignal.PageRobots)]
    [InlineData("""{"name":"robots","content":"&#110;oai"}""", OptOutSignal.PageRobots)]
    [InlineData("""{"name":"robots","content":"\u006eoai"}""", OptOutSignal.PageRobots)]
    [InlineData("""{"name":"robots"},{"content":"noai"},{"name":"robots","content":"follow&#39;"}""", OptOutSignal.None)]
    public async Task Read_MetaInAnyForm_NamesTheSignal(string metas, OptOutSignal signal)
    {
        string json = WatFixture.Json($$"""{"Head":{"Metas":[{{metas}}]},"Links":[{"path":"IMG@/src","url":"/a.jpg","alt":"The first of all"}]}""");

        (List<LinkOutcome> outcomes, _) = await WatFixture.ReadAsync(WatFixture.Record(json), name: "x.warc.wat");

        Assert.Equal(signal.Outcome(), Assert.Single(outcomes).Drop);
    }

    [Fact]
    public async Task Read_RejectedLinks_AllocateNothing()
    {
        WatPage page = WatFixture.Page(
            "https://example.com/",
            [.. Enumerable.Range(0, 3000).Select(i => (i % 4) switch
            {
                0 => new WatLink("IMG@/src", $"pic{i}.jpg"),
                1 => new WatLink("IMG@/src", $"pic{i}.gif", "A moving picture"),
                2 => new WatLink("IMG@/src", $"pic{i}.jpg", "abc"),
                _ => new WatLink("A@/href", $"page{i}.html", Text: "some text"),
            })]);
        byte[] one = WatFixture.Write(page);
        byte[] many = WatFixture.Write([.. Enumerable.Repeat(page, 11)]);
        await WatFixture.ReadAsync(many);

        long small = await AllocatedAsync(one);
        long large = await AllocatedAsync(many);

        // Ten more pages cost their address and base, and nothing for their 22,500 links.
        Assert.True(large - small < 40_000, $"{large - small} bytes for 22,500 rejected links");

        static async Task<long> AllocatedAsync(byte[] file)
        {
            WatReader reader = WatFixture.CreateReader(new WatFixture.MemoryOpener(file));
            long before = GC.GetAllocatedBytesForCurrentThread();
            await foreach (PageLinks _ in reader.ReadAsync(new InputFile(0, "x.warc.wat.gz"), new InputHealth(), default))
            {
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [SkippableFact]
    public async Task Read_WatOfRealPages_BalancesAgainstTheIndex()
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);
        var pages = HtmlBundle.Read("readability").Select(p => HtmlToWat.Read(p.Address, p.Html)).ToList();
        int images = pages.Sum(p => p.Links.Count(l => l.Path.StartsWith("IMG@/", StringComparison.Ordinal)));

        (List<LinkOutcome> outcomes, InputHealth health) = await WatFixture.ReadAsync(WatFixture.Write([.. pages]));

        Assert.Equal(130, pages.Count);
        Assert.Equal(images, outcomes.Count);
        Assert.Equal(0, health.BadRecords + health.DamagedMembers);
        Assert.InRange(outcomes.Count(v => v.Candidate is not null), 700, 1200);
    }

    private static byte[] Inflate(byte[] file)
    {
        using var gzip = new GZipStream(new MemoryStream(file), CompressionMode.Decompress);
        using var output = new MemoryStream();
        gzip.CopyTo(output);
        return output.ToArray();
    }

    private static byte[] Gzip(byte[] plain)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(plain);
        }

        return output.ToArray();
    }
}
