using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using LaionStream.Demo;
using LaionStream.Engine.Inputs;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Pictures;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Tests.Download;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Tests.Inputs.Queue;

/// <summary>Lists of input paths that are broken or hostile, on disk and behind servers of all kinds.</summary>
public sealed class PathListTests : IDisposable
{
    private const string Base = "https://data.commoncrawl.org/";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("laion-lists");
    private readonly HttpClient _http = InputOpener.CreateClient();
    private readonly ListedLogs _logs = new();

    public void Dispose()
    {
        _http.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Expand_EndlessLineInALittleGzip_IsRefusedWithoutBeingHeld()
    {
        string list = Gzip("bomb.paths.gz", Enumerable.Repeat(new byte[1 << 20], 512).Select(block => { Array.Fill(block, (byte)'a'); return block; }));
        long before = GC.GetTotalAllocatedBytes();

        await AssertRefusedAsync("line 1 is longer", list);

        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 64 << 20);
    }

    [Theory]
    [InlineData(1_000_000, 1L << 30, "MaxLines")]
    [InlineData(100_000_000, 1L << 20, "MaxBytes")]
    public async Task Expand_EndlessLines_AreRefused(int maxLines, long maxBytes, string expected)
    {
        string list = Gzip("many.paths.gz", Enumerable.Repeat(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("#\n", 1 << 16))), 32));

        await AssertRefusedAsync(expected, new PathListOptions { MaxLines = maxLines, MaxBytes = maxBytes }, list);
    }

    public static TheoryData<string, byte[], string> Strange => new()
    {
        { "page.paths", "<!DOCTYPE html>\n<title>502</title>\n"u8.ToArray(), "line 1 is no path" },
        { "error.paths", "{\"error\": \"no such key\"}"u8.ToArray(), "line 1 is no path" },
        { "error.paths.gz", "a/b.wat.gz\n<?xml version='1.0'?>"u8.ToArray(), "line 2 is no path" },
        { "binary.paths", [0, 1, 2, 3, (byte)'\n'], "line 1 is no path" },
        { "latin.paths", [(byte)'a', 0xFF, 0xFE, (byte)'\n'], "cannot be read" },
        { "empty.paths", [], "is empty" },
        { "comments.paths.gz", "# nothing\n\n"u8.ToArray(), "is empty" },
        { "scheme.paths", "ftp://a.example/x.wat.gz\n"u8.ToArray(), "http, https" },
        { "magic.paths.gz", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3], "cannot be read" },
    };

    [Theory]
    [MemberData(nameof(Strange))]
    public async Task Expand_NoListAtAll_IsRefused(string name, byte[] content, string expected)
    {
        File.WriteAllBytes(PathOf(name), content);
        await AssertRefusedAsync(expected, PathOf(name));
        await using SocketServer server = Serve(_ => content);
        await AssertRefusedAsync(expected, $"http://127.0.0.1:{server.Port}/{name}");
    }

    [Fact]
    public async Task Expand_GzipInsideAGzipOrCutShort_IsRefused()
    {
        byte[] once = Packed(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 1000).Select(i => $"crawl-data/{i}.wat.gz\n"))));
        File.WriteAllBytes(PathOf("twice.paths.gz"), Packed(once));
        await AssertRefusedAsync("inside", PathOf("twice.paths.gz"));
        foreach (int length in new[] { once.Length / 2, once.Length - 1, once.Length - 8, 11 })
        {
            File.WriteAllBytes(PathOf("cut.paths.gz"), once[..length]);
            await AssertRefusedAsync("cannot be read", PathOf("cut.paths.gz"));
        }
    }

    [Fact]
    public async Task Expand_NameSaysOtherwise_ContentCounts()
    {
        File.WriteAllText(PathOf("plain.paths.gz"), "\uFEFFa/1.wat.gz\r\na/2.wat.gz");
        Gzip("packed.paths", ["b/1.wat.gz\n"u8.ToArray()]);

        Assert.Equal([Base + "a/1.wat.gz", Base + "a/2.wat.gz", Base + "b/1.wat.gz"], await ExpandAsync(PathOf("plain.paths.gz"), PathOf("packed.paths")));
    }

    [Fact]
    public async Task Expand_ListsOfLists_AreTakenInOrder_AndCirclesRefused()
    {
        File.WriteAllText(PathOf("all.paths"), "one.paths\ntwo.paths\none.paths\nz.wat.gz\n");
        File.WriteAllText(PathOf("one.paths"), "1.wat.gz\n");
        File.WriteAllText(PathOf("two.paths"), "2.wat.gz\none.paths\n");
        Assert.Equal([Base + "1.wat.gz", Base + "2.wat.gz", Base + "z.wat.gz"], await ExpandAsync(PathOf("all.paths")));

        File.WriteAllText(PathOf("self.paths"), "1.wat.gz\nself.paths\n");
        await AssertRefusedAsync("leads to itself", PathOf("self.paths"));
        File.WriteAllText(PathOf("a.paths"), "b.paths\n");
        File.WriteAllText(PathOf("b.paths"), "./a.paths\n");
        await AssertRefusedAsync("leads to itself", PathOf("a.paths"));
        for (int i = 0; i < 50; i++) { File.WriteAllText(PathOf($"deep{i}.paths"), $"deep{i + 1}.paths\n"); }
        await AssertRefusedAsync("list of lists", PathOf("deep0.paths"));
    }

    [Fact]
    public async Task Expand_ListThatNamesListsManyTimes_IsBounded()
    {
        File.WriteAllText(PathOf("wide.paths"), string.Concat(Enumerable.Repeat("leaf.paths\n", 10_000)));
        File.WriteAllText(PathOf("leaf.paths"), string.Concat(Enumerable.Range(0, 1000).Select(i => $"{i}.wat.gz\n")));

        await AssertRefusedAsync("MaxLines", new PathListOptions { MaxLines = 20_000 }, PathOf("wide.paths"));
    }

    [Fact]
    public async Task Expand_RemoteListThatNamesLocalFiles_NeverOpensThem()
    {
        File.WriteAllText(PathOf("mine.wat"), string.Empty);
        await using SocketServer server =
            Serve(_ => Encoding.UTF8.GetBytes($"{PathOf("mine.wat")}\n/etc/passwd.txt\ncrawl-data/1.wat.gz\ns3://commoncrawl/crawl-data/2.wat.gz\n"));

        Assert.Equal(
            [Base + PathOf("mine.wat")[1..], Base + "etc/passwd.txt", Base + "crawl-data/1.wat.gz", Base + "crawl-data/2.wat.gz"],
            await ExpandAsync($"http://127.0.0.1:{server.Port}/wat.paths.gz"));
    }

    [Fact]
    public async Task Expand_WholeCrawl_IsFast()
    {
        string list = Gzip("wat.paths.gz",
            [Encoding.UTF8.GetBytes(
            string.Concat(Enumerable.Range(0, 100_000).Select(i => $"crawl-data/CC-MAIN-2024-22/segments/1/wat/CC-MAIN-{i:D6}.warc.wat.gz\n")))]);

        Assert.Equal(100_000, (await ExpandAsync(list)).Count);
    }

    [Theory]
    [InlineData("mute")]
    [InlineData("head only")]
    [InlineData("drips")]
    [InlineData("drips header")]
    [InlineData("endless")]
    [InlineData("circle")]
    public async Task Expand_ServerThatNeverEnds_IsGivenUpInTime(string kind)
    {
        await using SocketServer server = Hostile(kind);

        await AssertRefusedAsync("cannot be read", new PathListOptions { Timeout = TimeSpan.FromSeconds(2) }, $"http://127.0.0.1:{server.Port}/wat.paths.gz");
    }

    [Theory]
    [InlineData("mute")]
    [InlineData("head only")]
    [InlineData("drips")]
    [InlineData("endless")]
    [InlineData("busy")]
    public async Task Expand_Stop_IsHeardAtOnce(string kind)
    {
        await using SocketServer server = Hostile(kind);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        long start = TimeProvider.System.GetTimestamp();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => ExpandAsync(new PathListOptions { MaxBytes = 1L << 40, MaxLines = 100_000_000 }, stop.Token, $"http://127.0.0.1:{server.Port}/wat.paths.gz"));

        Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Expand_LongWait_IsLoggedWithoutSecrets()
    {
        await using SocketServer server = Hostile("mute");
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(8));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => ExpandAsync(new PathListOptions(), stop.Token, $"http://me:secret1@127.0.0.1:{server.Port}/wat.paths.gz?sig=secret2"));

        Assert.Contains(_logs.Lines, line => line.StartsWith($"Waiting for http://127.0.0.1:{server.Port}/wat.paths.gz, ", StringComparison.Ordinal));
        Assert.DoesNotContain(_logs.Lines, line => line.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Expand_Refused_NamesNoSecrets()
    {
        await using SocketServer server = Serve(_ => "<html>"u8.ToArray());
        InputException e = await Assert.ThrowsAsync<InputException>(() => ExpandAsync($"http://me:secret1@127.0.0.1:{server.Port}/wat.paths.gz?sig=secret2"));

        Assert.DoesNotContain("secret", e.ToString(), StringComparison.Ordinal);
    }

    private static byte[] Packed(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) { gzip.Write(content); }
        return packed.ToArray();
    }

    private static SocketServer Serve(Func<string, byte[]> content) => new(async (socket, stop) =>
    {
        using (socket)
        {
            await ReadRequestAsync(socket, stop);
            byte[] body = content(string.Empty);
            await socket.SendAsync(
                (byte[])[.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n"), .. body], stop);
        }
    });

    private static SocketServer Hostile(string kind) => new(async (socket, stop) =>
    {
        using (socket)
        {
            try
            {
                await ReadRequestAsync(socket, stop);
                string head = kind switch
                {
                    "mute" => "",
                    "drips header" => "HTTP/1.1 200 OK\r\nX: ",
                    "circle" => "HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n",
                    "busy" => "HTTP/1.1 503 Busy\r\nRetry-After: 1000\r\nContent-Length: 0\r\n\r\n",
                    _ => "HTTP/1.1 200 OK\r\n\r\n",
                };
                await socket.SendAsync(Encoding.ASCII.GetBytes(head), stop);
                byte[] block = kind == "endless" ? Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("#\n", 8192))) : "a"u8.ToArray();
                while (kind is "drips" or "drips header" or "endless")
                {
                    await socket.SendAsync(block, stop);
                    if (kind != "endless") { await Task.Delay(50, stop); }
                }

                if (kind is "mute" or "head only") { await Task.Delay(System.Threading.Timeout.InfiniteTimeSpan, stop); }
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // The client has gone, or the test has ended.
            }
        }
    });

    private static async Task ReadRequestAsync(Socket socket, CancellationToken stop)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (!text.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            int read = await socket.ReceiveAsync(buffer, stop);
            if (read == 0) { return; }
            text.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private string Gzip(string name, IEnumerable<byte[]> blocks)
    {
        using var gzip = new GZipStream(File.Create(PathOf(name)), CompressionLevel.Fastest);
        foreach (byte[] block in blocks) { gzip.Write(block); }
        return PathOf(name);
    }

    private Task AssertRefusedAsync(string expected, params string[] paths) => AssertRefusedAsync(expected, new PathListOptions(), paths);

    private async Task AssertRefusedAsync(string expected, PathListOptions limits, params string[] paths)
    {
        InputException e = await Assert.ThrowsAsync<InputException>(() => ExpandAsync(limits, CancellationToken.None, paths));

        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.StartsWith("Laion:Input:Paths: ", e.Message, StringComparison.Ordinal);
    }

    private Task<IReadOnlyList<string>> ExpandAsync(params string[] paths) => ExpandAsync(new PathListOptions(), CancellationToken.None, paths);

    private Task<IReadOnlyList<string>> ExpandAsync(PathListOptions limits, CancellationToken stop, params string[] paths)
    {
        var patience = new WatOptions { RemoteBackoff = TimeSpan.FromMilliseconds(100), RemoteAttempts = 8, RemoteSilence = TimeSpan.FromSeconds(60) };
        var opener = new InputOpener(_http, Options.Create(patience), TimeProvider.System, new Logger<InputOpener>(_logs));
        return new InputExpansion(opener, TimeProvider.System, new StandardInput(() => Stream.Null, "."), new PictureListing(".", new LocalDisk(), new FoundOutputs(null)), new FoundOutputs(null))
            .ExpandAsync(new InputOptions { Paths = paths, PathLists = limits }, stop).WaitAsync(Patience);
    }
}
