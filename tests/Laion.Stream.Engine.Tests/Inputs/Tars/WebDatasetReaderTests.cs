using System.Diagnostics;
using System.Formats.Tar;
using System.Text;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs.Lists;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Pictures;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Inputs.Tars;
using LaionStream.Engine.Tests.Inputs.Wat;
using LaionStream.TestWorld;

namespace LaionStream.Engine.Tests.Inputs.Tars;

/// <summary>Tars of pictures: which links they have, and what hostile ones cost.</summary>
public sealed class WebDatasetReaderTests : IDisposable
{
    private static readonly HttpClient Http = InputOpener.CreateClient();

    private readonly TempFolder _folder = new();
    private InputHealth _health = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ReadAsync_SampleOfImg2dataset_IsALinkWithItsAddressAndTheBytesPlace()
    {
        byte[] tar = new HostileTar()
            .Add("000000001.jpg", "the picture")
            .Add("000000001.txt", "a black cat")
            .Add("000000001.json", """{"url":"https://a.example/1.jpg","caption":"another","page_url":"https://a.example/","LICENSE":"by"}""")
            .ToArray();

        Candidate found = Assert.Single(await ReadAsync(tar)).Candidate!;

        Assert.Equal(("https://a.example/1.jpg", "a black cat", "by", "https://a.example/", "a.tar"),
            (found.Url, found.Text, found.License, found.PageUrl, found.Source));
        Assert.Equal(CandidateHash.Of("https://a.example/1.jpg", "a black cat"), found.Hash);
        Assert.Equal("the picture", Encoding.UTF8.GetString(tar.AsSpan((int)found.Local!.Start, (int)found.Local.Bytes!)));
        Assert.Equal(_folder.At("a.tar"), found.Local.Path);
    }

    [Theory]
    [InlineData("""{"caption":"from the json"}""", "from the json")]
    [InlineData("""{"Text":"from the json"}""", "from the json")]
    [InlineData("""{"caption":3,"text":["no"],"alt":"from the json"}""", "from the json")]
    [InlineData("""{"caption":"\ud800 broken","text":"from the json"}""", "from the json")]
    [InlineData("[]", null)]
    [InlineData("{\"caption\":", null)]
    [InlineData("", null)]
    public async Task ReadAsync_CaptionInTheJsonOnly_IsTakenWhereItIsText(string json, string? caption)
    {
        byte[] tar = new HostileTar().Add("a/1.png", "x").Add("a/1.json", json).ToArray();

        LinkOutcome scored = Assert.Single(await ReadAsync(tar));
        LinkOutcome unscored = Assert.Single(await ReadAsync(tar, captionRequired: false));

        Assert.Equal(caption is null ? DropReason.NoAlt : DropReason.None, scored.Reason);
        Assert.Equal((DropReason.None, caption), (unscored.Reason, unscored.Candidate!.Text));
        Assert.Equal($"file://{_folder.At("a.tar")}#a/1.png", unscored.Candidate.Url);
        Assert.Equal(json is "[]" or "{\"caption\":" ? 1 : 0, _health.BadRecords);
    }

    [Fact]
    public async Task ReadAsync_AddressIsBlockedOrNone_IsDroppedOrReplaced()
    {
        byte[] tar = new HostileTar()
            .Add("1.jpg", "x").Add("1.json", """{"url":"https://a.example/1.svg","caption":"a caption"}""")
            .Add("2.jpg", "x").Add("2.json", """{"url":"none","caption":"a caption"}""")
            .ToArray();

        List<LinkOutcome> links = await ReadAsync(tar);

        Assert.Equal((DropReason.UrlBlocked, $"file://{_folder.At("a.tar")}#2.jpg"), (links[0].Reason, links[1].Candidate!.Url));
    }

    [Fact]
    public async Task ReadAsync_EntriesAroundSamples_GroupAsWebDatasetDoes()
    {
        byte[] tar = new HostileTar()
            .Add("d/", [], '5', size: 77)
            .Add("x.jpg", [], '2', size: 5)                              // links have no bytes
            .Add("y.jpg", [], '1', size: 5)
            .Add("d/1.txt", "first caption").Add("d/1.seg.png", "mask").Add("d/1.cls", "3").Add("d/1.JPG", "one").Add("d/1.webp", "two")
            .Add("noext", "x").Add(".hidden", "x")
            .Add("2.jpg", "x").Add("3.jpg", "x").Add("3.txt", "third caption") // the second has no caption
            .Add("3.jpg", "y").Add("3.txt", "a key used again")
            .ToArray();

        List<LinkOutcome> links = await ReadAsync(tar);

        Assert.Equal(["first caption", "first caption", null, "third caption", "a key used again"], links.Select(link => link.Candidate?.Text));
        Assert.Equal(DropReason.NoAlt, links[2].Reason);
        Assert.False(_health.Truncated);
    }

    [Fact]
    public async Task ReadAsync_NamesLongerThanAHeader_AreReadInEveryDialect()
    {
        string name = new string('d', 300) + "/1";
        byte[] tar = new HostileTar()
            .Add("././@LongLink", name + ".jpg\0", 'L').Add("cut.jpg", "gnu", magic: "ustar  \0").Add("././@LongLink", name + ".txt\0", 'L')
            .Add("cut.txt", "caption of gnu")
            .Add("pax", HostileTar.Pax("comment", "é") + HostileTar.Pax("path", "ü/2.jpg"), 'x').Add("cut", "pax")
            .Add("pax", HostileTar.Pax("path", "ü/2.txt"), 'x').Add("cut", "caption of pax")
            .Add("3.jpg", "ustar"u8.ToArray(), prefix: "pre/fix").Add("3.txt", "caption of ustar"u8.ToArray(), prefix: "pre/fix")
            .Add("4.jpg", "binary"u8.ToArray(), binary: true).Add("4.txt", "caption of binary")
            .Add("global", HostileTar.Pax("path", "all"), 'g').Add("5.jpg", "v7"u8.ToArray(), '\0', magic: "").Add("5.txt", "caption of v7")
            .ToArray();

        List<LinkOutcome> links = await ReadAsync(tar);

        Assert.Equal(["gnu", "pax", "ustar", "binary", "v7"], links.Select(link => BytesOf(tar, link)));
        Assert.All(links, link => Assert.StartsWith("caption of", link.Candidate!.Text, StringComparison.Ordinal));
        Assert.EndsWith("/1.jpg", links[0].Candidate!.Url, StringComparison.Ordinal);
        Assert.EndsWith("#%C3%BC/2.jpg", links[1].Candidate!.Url, StringComparison.Ordinal);
        Assert.EndsWith("#pre/fix/3.jpg", links[2].Candidate!.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_SizeInAPaxHeader_IsTheSize()
    {
        byte[] tar = new HostileTar()
            .Add("pax", HostileTar.Pax("size", "700"), 'x').Add("1.jpg", new byte[700], size: 3).Add("1.txt", "the caption").ToArray();

        Assert.Equal(700, Assert.Single(await ReadAsync(tar)).Candidate!.Local!.Bytes);
    }

    [Fact]
    public async Task ReadAsync_SparseFiles_AreSkippedWithTheirMaps()
    {
        byte[] map = new byte[1024];
        map[504] = 1; // another block of the map follows
        byte[] tar = new HostileTar()
            .Add("1.jpg", [], 'S', size: 600, continued: 1).Raw(map).Raw(new byte[600])
            .Add("pax", HostileTar.Pax("GNU.sparse.major", "1"), 'x').Add("2.jpg", "map")
            .Add("3.jpg", "x").Add("3.txt", "the caption")
            .ToArray();

        Assert.EndsWith("#3.jpg", Assert.Single(await ReadAsync(tar)).Candidate!.Url, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../etc/passwd.jpg")]
    [InlineData("/etc/passwd.jpg")]
    public async Task ReadAsync_NameThatLeadsElsewhere_IsOnlyText(string name)
    {
        byte[] tar = new HostileTar().Add(name, "x").Add(Path.ChangeExtension(name, ".txt"), "the caption").ToArray();

        Candidate found = Assert.Single(await ReadAsync(tar)).Candidate!;

        Assert.Equal(_folder.At("a.tar"), found.Local!.Path);
        Assert.StartsWith($"file://{_folder.At("a.tar")}#", found.Url, StringComparison.Ordinal);
        Assert.Equal(["a.tar"], Directory.EnumerateFileSystemEntries(_folder.Root, "*", SearchOption.AllDirectories).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("huge")]
    [InlineData("huge binary")]
    [InlineData("negative")]
    [InlineData("no number")]
    [InlineData("long name of 1 GB")]
    [InlineData("pax of 1 GB")]
    [InlineData("pax size")]
    [InlineData("checksum")]
    [InlineData("garbage")]
    [InlineData("entry is cut")]
    [InlineData("header is cut")]
    [InlineData("no end")]
    public async Task ReadAsync_DamagedInside_KeepsWhatIsBeforeItAndCounts(string what)
    {
        var sound = new HostileTar().Add("1.jpg", "x").Add("1.txt", "the caption");
        byte[] tar = what switch
        {
            "huge" => sound.Add("2.jpg", [], size: 0x1_FFFF_FFFF).ToArray(),
            "huge binary" => sound.Add("2.jpg", [], size: long.MaxValue).ToArray(),
            "negative" => sound.Add("2.jpg", [], size: -5, binary: true).ToArray(),
            "no number" => sound.Add("pax", HostileTar.Pax("size", "12x"), 'x').Add("2.jpg", "x").ToArray(),
            "long name of 1 GB" => sound.Add("long", [], 'L', size: 1 << 30).Raw(new byte[4096]).ToArray(),
            "pax of 1 GB" => sound.Add("pax", new byte[(1 << 20) + 512], 'x').Add("2.jpg", "x").ToArray(),
            "pax size" => sound.Add("pax", HostileTar.Pax("size", "9223372036854775807"), 'x').Add("2.jpg", "x").ToArray(),
            "checksum" => sound.Add("2.jpg", [1], spoil: true).Add("2.txt", "the caption").ToArray(),
            "garbage" => sound.Raw(Encoding.UTF8.GetBytes(new string('<', 5000))).ToArray(),
            "entry is cut" => sound.Add("2.jpg", new byte[5000]).ToArray(ended: false)[..^700],
            "header is cut" => sound.Add("2.jpg", new byte[512]).ToArray(ended: false)[..^700],
            _ => sound.ToArray(ended: false),
        };

        Assert.Equal("the caption", Assert.Single(await ReadAsync(tar)).Candidate!.Text);
        Assert.True(_health.Truncated);
        Assert.Null(_health.Missing);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>Not found</html>")]
    public async Task ReadAsync_NoTar_CountsAsNotRead(string content)
    {
        Assert.Empty(await ReadAsync(Encoding.UTF8.GetBytes(content)));
        Assert.NotNull(_health.Missing);
    }

    [Theory]
    [InlineData(new byte[] { 0x1F, 0x8B, 8, 0 })]
    [InlineData(new byte[] { 0x28, 0xB5, 0x2F, 0xFD })]
    public async Task ReadAsync_CompressedTar_IsRefusedWithAdvice(byte[] content) =>
        Assert.Contains("unpack it", (await Assert.ThrowsAsync<InputRefusedException>(() => ReadAsync(content))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task ReadAsync_TwiceAndInAnyDialectOfDotNet_SameLinks()
    {
        foreach (TarEntryFormat format in new[] { TarEntryFormat.V7, TarEntryFormat.Ustar, TarEntryFormat.Pax, TarEntryFormat.Gnu })
        {
            using var made = new MemoryStream();
            using (var writer = new TarWriter(made, format, leaveOpen: true))
            {
                for (int i = 0; i < 250; i++)
                {
                    foreach ((string ending, string text) in new[] { ("jpg", $"picture {i}"), ("txt", $"the caption {i}") })
                    {
                        TarEntryType kind = format == TarEntryFormat.V7 ? TarEntryType.V7RegularFile : TarEntryType.RegularFile;
                        System.Formats.Tar.TarEntry entry = format switch
                        {
                            TarEntryFormat.V7 => new V7TarEntry(kind, $"{i:D5}.{ending}"),
                            TarEntryFormat.Ustar => new UstarTarEntry(kind, $"{i:D5}.{ending}"),
                            TarEntryFormat.Pax => new PaxTarEntry(kind, $"{i:D5}.{ending}"),
                            _ => new GnuTarEntry(kind, $"{i:D5}.{ending}"),
                        };
                        entry.DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text));
                        writer.WriteEntry(entry);
                    }
                }
            }

            List<LinkOutcome> links = await ReadAsync(made.ToArray());

            Assert.Equal(Enumerable.Range(0, 250).Select(i => $"picture {i}"), links.Select(link => BytesOf(made.ToArray(), link)));
            Assert.Equal(Enumerable.Range(0, 250).Select(i => new RowKey(3, i)), links.Select(link => link.Candidate!.Key));
            Assert.Equal(links, await ReadAsync(made.ToArray()));
            Assert.False(_health.Truncated);
        }
    }

    [Fact]
    public async Task ReadAsync_RandomlyDamagedTars_NeverThrowsAndEnds()
    {
        var random = new Random(17);
        byte[] sound = new HostileTar().Add("././@LongLink", "long/1.jpg\0", 'L').Add("1.jpg", new byte[600]).Add("1.txt", "the caption")
            .Add("pax", HostileTar.Pax("path", "2.jpg"), 'x').Add("2", "x").Add("2.json", "{\"caption\":\"the caption\"}").ToArray();
        var watch = Stopwatch.StartNew();
        for (int i = 0; i < 400; i++)
        {
            byte[] tar = sound[..random.Next(sound.Length + 1)];
            for (int change = random.Next(4); change > 0 && tar.Length > 0; change--) { tar[random.Next(tar.Length)] = (byte)random.Next(256); }
            foreach (LinkOutcome link in await ReadAsync(tar))
            {
                if (link.Candidate?.Local is { } place) { Assert.InRange(place.Start + place.Bytes!.Value, 0, tar.Length); }
            }
        }

        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1), watch.Elapsed.ToString());
    }

    private static string BytesOf(byte[] tar, LinkOutcome link) =>
        Encoding.UTF8.GetString(tar.AsSpan((int)link.Candidate!.Local!.Start, (int)link.Candidate.Local.Bytes!));

    private async Task<List<LinkOutcome>> ReadAsync(byte[] tar, bool captionRequired = true)
    {
        await File.WriteAllBytesAsync(_folder.At("a.tar"), tar);
        _health = new InputHealth();
        var options = new CandidateOptions();
        var judge = new PictureJudge(new CaptionRules(options), new UrlRules(options), RejectedLinks.NotKept) { CaptionRequired = captionRequired };
        var reader = new WebDatasetReader(WatFixture.CreateOpener(Http, new WatOptions()), judge, ListColumnChoice.Usual);
        var links = new List<LinkOutcome>();
        await foreach (PageLinks page in reader.ReadAsync(new InputFile(3, _folder.At("a.tar")), _health, CancellationToken.None))
        {
            Assert.Equal(links.Count, page.FirstOrdinal);
            links.AddRange(page.Outcomes);
        }

        return links;
    }
}
