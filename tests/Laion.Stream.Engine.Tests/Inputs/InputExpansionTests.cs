using System.IO.Compression;
using System.Runtime.InteropServices;
using LaionStream.Engine.Inputs;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Pictures;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Tests.Inputs.Wat;

namespace LaionStream.Engine.Tests.Inputs;

public sealed class InputExpansionTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("laion-inputs");
    private readonly HttpClient _http = InputOpener.CreateClient();
    private FoundOutputs _outputs = new(null);
    private string _format = InputKinds.Auto;

    public void Dispose()
    {
        _http.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Expand_Folder_TakesKnownKindsInOrdinalOrder()
    {
        foreach (string name in new[] { "b.wat.gz", "a.warc.wat.gz", "notes.md", "sub/c.warc", "z.parquet" }) { Touch(name); }

        Assert.Equal(["a.warc.wat.gz", "b.wat.gz", "sub/c.warc", "z.parquet"], Names(await ExpandAsync(_folder.FullName)));
    }

    // A second start would else read what the first one wrote as new inputs.
    [Theory]
    [InlineData("out", "", "a.wat out-2/en/part-00000.parquet sub/b.csv")]
    [InlineData("out", "*.parquet", "out-2/en/part-00000.parquet")]
    [InlineData("out", "out/en", "out/en/part-00000.parquet")] // named itself
    [InlineData("", "", "a.wat out-2/en/part-00000.parquet out/en/part-00000.parquet sub/b.csv")]
    public async Task Expand_FolderWithOutputs_LeavesOutTheRunsOwnAndWhatHoldsNoRows(string own, string path, string expected)
    {
        foreach (string name in new[] { "a.wat", "sub/b.csv" }) { Touch(name); }
        foreach (string output in new[] { ".", "out", "out-2" })
        {
            foreach (string name in new[] { "state/manifest.jsonl", "state/done.jsonl", "logs/laion.jsonl", "dropped/dropped-00000.parquet", "summary.json" })
            {
                Touch(Path.Combine(output, name));
            }
        }
        foreach (string output in new[] { "out", "out-2" }) { Touch(Path.Combine(output, "en/part-00000.parquet")); }
        Touch("en/part-00000.parquet");
        _outputs = new FoundOutputs(Path.Combine(_folder.FullName, own));

        IEnumerable<string> names = Names(await ExpandAsync(Path.Combine(_folder.FullName, path))).Select(name => name.Replace('\\', '/'));

        Assert.Equal(expected, string.Join(' ', names.Where(name => own.Length == 0 || name != "en/part-00000.parquet")));
    }

    [Fact]
    public async Task Expand_PicturesOfAFolderWithTheOutput_LeavesOutItsPictures()
    {
        foreach (string name in new[] { "a.jpg", "out/state/manifest.jsonl", "out/en/images/b.jpg" }) { Touch(name); }
        _outputs = new FoundOutputs(Path.Combine(_folder.FullName, "out"));
        _format = "pictures";

        string list = Assert.Single(await ExpandAsync(_folder.FullName));

        Assert.Equal(Path.Combine(_folder.FullName, "a.jpg"), PictureListing.PathIn(Assert.Single(File.ReadAllLines(list))));
    }

    // To open a pipe that nobody writes to would block for ever, deaf to the stop.
    [SkippableTheory]
    [InlineData("a.paths", true)]
    [InlineData("a.csv", true)]
    [InlineData("a.wat.gz", true)]
    [InlineData("a", true)]
    [InlineData("a.csv", false)] // a path list names it
    public async Task Expand_PipeWithoutAWriter_IsRefusedAtOnce(string name, bool isNamed)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "needs named pipes");
        string pipe = Path.Combine(_folder.FullName, name);
        Assert.Equal(0, MakePipe(pipe, 0x1B4));
        string list = Path.Combine(_folder.FullName, "list.paths");
        File.WriteAllText(list, pipe + "\n");

        Task<string?> refused = Task.Run(async () =>
        {
            if (isNamed) { return (await Assert.ThrowsAsync<InputException>(() => ExpandAsync(pipe))).Message; }
            string file = Assert.Single(await ExpandAsync(list));
            return (await Assert.ThrowsAsync<InputRefusedException>(async () => await Opener.OpenAsync(file, new InputHealth(), default))).Message;
        })!;

        Assert.Contains($"'{pipe}' is a pipe or a device", await refused.WaitAsync(TimeSpan.FromMinutes(1)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Expand_Glob_TakesWhatMatches()
    {
        foreach (string name in new[] { "a-1.wat", "a-2.wat", "b-1.wat" }) { Touch(name); }

        Assert.Equal(["a-1.wat", "a-2.wat"], Names(await ExpandAsync(Path.Combine(_folder.FullName, "a-*.wat"))));
    }

    [Fact]
    public async Task Expand_PathList_ResolvesLinesOnTheBaseUrlAndKeepsTheirOrder()
    {
        string list = Path.Combine(_folder.FullName, "wat.paths.gz");
        await using (var gzip = new GZipStream(File.Create(list), CompressionLevel.Fastest))
        {
            gzip.Write("crawl-data/2.wat.gz\n# comment\n\nhttps://example.org/1.wat.gz\n"u8);
        }

        Assert.Equal(["https://data.commoncrawl.org/crawl-data/2.wat.gz", "https://example.org/1.wat.gz"], await ExpandAsync(list));
    }

    [Fact]
    public async Task Expand_SameFileTwice_CountsOnce()
    {
        Touch("a.wat");
        string file = Path.Combine(_folder.FullName, "a.wat");

        Assert.Equal([file], await ExpandAsync(file, _folder.FullName, file));
    }

    [Fact]
    public async Task Expand_LinksInACircle_FindEachFileOnce()
    {
        foreach (string name in new[] { "a.wat", "sub/b.wat" }) { Touch(name); }
        DirectoryInfo other = Directory.CreateTempSubdirectory("laion-linked");
        try
        {
            File.WriteAllText(Path.Combine(other.FullName, "c.wat"), string.Empty);
            foreach (string link in new[] { "one", "two", "three", "sub/up" })
            {
                Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, link), _folder.FullName);
            }
            Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "parent"), _folder.Parent!.FullName);
            Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "other"), other.FullName);
            Directory.CreateSymbolicLink(Path.Combine(other.FullName, "itself"), other.FullName);
            Directory.CreateSymbolicLink(Path.Combine(other.FullName, "back"), _folder.FullName);
            Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "nowhere"), Path.Combine(_folder.FullName, "missing"));

            Assert.Equal(["a.wat", "other/c.wat", "sub/b.wat"], Names(await ExpandAsync(_folder.FullName).WaitAsync(TimeSpan.FromSeconds(30))));
        }
        finally
        {
            other.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("a.xml")]
    [InlineData("junk.bin")]
    [InlineData("a.data")]
    [InlineData("noending")]
    public async Task Expand_UnknownKind_IsRefusedUnlessItIsNamed(string name)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, name), "whatever");
        foreach (string path in new[] { Path.Combine(_folder.FullName, name), "https://me:secret@h.example/" + name + "?sig=secret" })
        {
            InputException e = await Assert.ThrowsAsync<InputException>(() => ExpandAsync(path));

            Assert.Contains(name, e.Message, StringComparison.Ordinal);
            Assert.Contains(".parquet", e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
            var opener = WatFixture.CreateOpener(_http, new WatOptions());
            Assert.Single(await new InputExpansion(opener, TimeProvider.System, new StandardInput(() => Stream.Null, "."), new PictureListing(".", new LocalDisk(), new FoundOutputs(null)), new FoundOutputs(null))
                .ExpandAsync(new InputOptions { Paths = [path], Format = "WAT" }, default));
        }
    }

    [Fact]
    public async Task Expand_WarcUnderAnyName_IsTaken()
    {
        File.WriteAllBytes(Path.Combine(_folder.FullName, "sample"), WatFixture.Write(1));

        Assert.Single(await ExpandAsync(Path.Combine(_folder.FullName, "sample")));
    }

    [Theory]
    [InlineData("missing.wat")]
    [InlineData("*.nothing")]
    [InlineData("missing.paths.gz")]
    public async Task Expand_NothingThere_NamesThePath(string name)
    {
        string path = Path.Combine(_folder.FullName, name);
        InputException e = await Assert.ThrowsAsync<InputException>(() => ExpandAsync(path));

        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        Assert.Contains("Laion:Input:Paths", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void IsInShare_AllParts_CoverEveryFileOnce()
    {
        for (int file = 0; file < 100; file++)
        {
            Assert.Single(Enumerable.Range(1, 16), k => InputExpansion.IsInShare($"{k}/16", file));
        }

        Assert.True(InputExpansion.IsInShare("3/16", 2));
        Assert.Throws<InputException>(() => InputExpansion.IsInShare("4/3", 0));
    }

    [Theory]
    [InlineData("x/CC-MAIN-1.warc.wat.gz", "wat")]
    [InlineData("https://h/x.WAT.gz?sig=1", "wat")]
    [InlineData("a.warc.zst", "wat warc")]
    [InlineData("a.warc", "wat warc")]
    [InlineData("a.jsonl.gz", "list")]
    [InlineData("a.json", "list")]
    [InlineData("part-1.snappy.parquet", "list")]
    [InlineData("picture.jpg", "")]
    public void ByName_KnownEndings(string name, string expected) =>
        Assert.Equal(expected, string.Join(' ', InputKinds.ByName(name).Select(kind => kind.Signature.Name)));

    private void Touch(string name)
    {
        string path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, string.Empty);
    }

    private InputOpener Opener => WatFixture.CreateOpener(_http, new WatOptions { RemoteAttempts = 1 });

    private Task<IReadOnlyList<string>> ExpandAsync(params string[] paths) =>
        new InputExpansion(Opener, TimeProvider.System,
            new StandardInput(() => Stream.Null, "."), new PictureListing(Path.Combine(_folder.FullName, "elsewhere"), new LocalDisk(), _outputs), _outputs)
            .ExpandAsync(new InputOptions { Paths = paths, Format = _format }, CancellationToken.None);

    [DllImport("libc", EntryPoint = "mkfifo", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int MakePipe(string path, int mode);

    private IEnumerable<string> Names(IEnumerable<string> files) => files.Select(file => Path.GetRelativePath(_folder.FullName, file));
}
