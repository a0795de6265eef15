using System.IO.Compression;
using LaionStream.Engine.Inputs;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Run;
using LaionStream.Engine.Tests.Inputs.Warc;
using LaionStream.Engine.Tests.Inputs.Wat;
using LaionStream.TestWorld.Wats;

namespace LaionStream.Engine.Tests.Inputs;

/// <summary>What an input is: by its name, else by its first bytes, local and remote alike.</summary>
public sealed class InputKindsTests : IDisposable
{
    private static readonly CuttingServerManners Kind = new(1, 1 << 20, (1 << 20) + 1);

    private readonly ExtractWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(40)]
    public void ByContent_FileCutAfterItsFirstRecords_SaysWhatTheyAre(int missing)
    {
        byte[] record = WatFixture.Record(WatFixture.Json("{\"Links\":[{\"path\":\"IMG@/src\",\"url\":\"http://a/b.jpg\",\"alt\":\"a black cat\"}]}"));
        string path = _world.Write("x.warc.gz", Gzip(record, CompressionLevel.NoCompression)[..^missing]);

        Assert.Equal("wat", InputKinds.ByContent(InputKinds.ByName(path), InputHead.Of(path))?.Signature.Name);
        Assert.Equal("wat", InputKinds.ByContent([], InputHead.Of(path))?.Signature.Name);
    }

    [Fact]
    public void ByContent_PagesOrDamage_IsAWarcByItsName()
    {
        byte[] pages = WarcFixture.Page("<img src=a.jpg alt='a black cat'>");

        Assert.Equal("warc", InputKinds.ByContent(InputKinds.ByName("a.warc"), pages)?.Signature.Name);
        Assert.Equal("warc", InputKinds.ByContent(InputKinds.ByName("a.warc"), "damaged"u8)?.Signature.Name);
        Assert.Equal("warc", InputKinds.ByContent([], pages)?.Signature.Name);
        Assert.Null(InputKinds.ByContent([], "damaged"u8));
    }

    [Theory]
    [InlineData("file.warc.gz", true, 1)]
    [InlineData("file.warc.gz", true, 0)]
    [InlineData("download", true, 1)]
    [InlineData("download?key=file.pdf", true, 0)]
    [InlineData("file.warc", false, 1)]
    [InlineData("download", false, 1)]
    public async Task Extract_NameWithoutKnownExtension_IsReadByContent(string name, bool isWat, int isRemote)
    {
        byte[] file = isWat ? WatFixture.Write(3) : WarcFixture.Page("<img src=pic0.jpg alt='Picture number 0 of the set'>");
        string local = _world.Write(name.Split('?')[0], file);
        await using var server = new CuttingServer(file, Kind);

        RunReport report = await _world.RunAsync(isRemote == 1 ? server.AddressOf(name) : local);

        Assert.Equal((isWat ? 3 : 1, RunEnd.Done), (report.Summary.Kept, report.End));
        Assert.Contains("/pic0.jpg", (await _world.UrlsAsync())[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<!DOCTYPE html><title>Not found</title>")]
    [InlineData("url,caption\nhttps://a.example/1.jpg,a black cat\n")]
    public async Task Extract_RemoteFileOfNoKnownKind_IsRefusedAndLeavesNothing(string content)
    {
        await using var server = new CuttingServer(System.Text.Encoding.UTF8.GetBytes(content), Kind);

        InputException e = await Assert.ThrowsAsync<InputException>(() => _world.RunAsync(server.AddressOf("download")));

        Assert.Contains("of no known kind", e.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_world.Output));
    }

    [Fact]
    public async Task Extract_AddressInCommonCrawlsBucket_IsReadUnderBaseUrl()
    {
        await using var server = new CuttingServer(WatFixture.Write(2), Kind);
        _world.Settings["Laion:Input:BaseUrl"] = server.AddressOf("");
        string list = _world.Write("some.paths", "s3://commoncrawl/b/two.warc.wat.gz\nS3A://commoncrawl/b/three.warc.wat.gz\n");

        RunReport report = await _world.RunAsync("s3://commoncrawl/a/one.warc.wat.gz", list);

        Assert.Equal(((long)6, RunEnd.Done), (report.Summary.Links / 2, report.End));
        Assert.Equal(
            ["a/one.warc.wat.gz", "b/two.warc.wat.gz", "b/three.warc.wat.gz"],
            (await File.ReadAllLinesAsync(_world.Folder.At("out", "state", "inputs.txt")))
                .Select(line => line[(server.AddressOf("").Length + line.IndexOf("http", StringComparison.Ordinal))..]));
    }

    [Fact]
    public async Task Extract_PagesBesideListsWithOtherColumns_HaveNoneOfThem()
    {
        string list = _world.Write("a.csv", "url,caption,width\nhttps://a.example/1.jpg,a black cat on a wall,3\n");

        RunReport report = await _world.RunAsync(_world.Write("b.warc.wat.gz", WatFixture.Write(2)), list);

        Assert.Equal((3, RunEnd.Done), (report.Summary.Kept, report.End));
        await _world.AssertWholeAsync();
    }

    [Theory]
    [InlineData("b.txt", "404: Not Found\n", "https://a.example/2.jpg\n")]
    [InlineData("b.csv", "<html>Slow down</html>", "url\nhttps://a.example/2.jpg\n")]
    [InlineData("b.jsonl", "<?xml version='1.0'?><Error/>", "{\"url\":\"https://a.example/2.jpg\"}\n")]
    [InlineData("b.json", "", "[{\"url\":\"https://a.example/2.jpg\"}]\n")]
    public async Task Extract_ErrorPageUnderAListsName_IsReadOnceTheListIsThere(string name, string page, string list)
    {
        string good = _world.Write("a.txt", "https://a.example/1.jpg\n");
        RunReport first = await _world.RunAsync(good, _world.Write(name, page));
        Assert.Equal((1, RunEnd.InputsMissing, false), (first.Summary.Kept, first.End, first.Summary.Complete));
        Assert.Contains(name, Assert.Single(first.Unreadable), StringComparison.Ordinal);

        RunReport second = await _world.RunAsync(good, _world.Write(name, list));

        Assert.Equal((2, RunEnd.Done, true), (second.Summary.Kept, second.End, second.Summary.Complete));
        Assert.Equal(["https://a.example/1.jpg", "https://a.example/2.jpg"], await _world.UrlsAsync());
        await _world.AssertWholeAsync();
    }

    private static byte[] Gzip(byte[] bytes, CompressionLevel level)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, level)) { gzip.Write(bytes); }
        return packed.ToArray();
    }
}
