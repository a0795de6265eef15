using System.Net;
using LaionStream.Dataset.Rows;
using LaionStream.Demo;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Download;
using LaionStream.Engine.Download.Dns;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Flow;
using LaionStream.TestWorld;
using Microsoft.Extensions.Time.Testing;

namespace LaionStream.Engine.Tests.Download;

public sealed class DownloadStageTests
{
    private static byte[]? Pictures(string path) => path.StartsWith("/good", StringComparison.Ordinal) ? LoopbackFaults.SoundPicture.ToArray() : null;

    [Theory]
    [InlineData(LoopbackFaults.NotFound, "http_status 404")]
    [InlineData(LoopbackFaults.ServerError, "http_status 500")]
    [InlineData(LoopbackFaults.TooManyRequests, "http_status 429")]
    [InlineData(LoopbackFaults.Unavailable, "http_status 503")]
    [InlineData(LoopbackFaults.Slow, "too_slow")]
    [InlineData(LoopbackFaults.Silent, "timeout")]
    [InlineData(LoopbackFaults.Stall, "too_slow")]
    [InlineData(LoopbackFaults.Endless, "too_large")]
    [InlineData(LoopbackFaults.Huge, "too_large")]
    [InlineData(LoopbackFaults.Truncated, "incomplete_body")]
    [InlineData(LoopbackFaults.Reset, "incomplete_body")]
    [InlineData(LoopbackFaults.Html, "ok")]
    [InlineData(LoopbackFaults.LyingType, "ok")]
    [InlineData(LoopbackFaults.GzipBomb, "too_large")]
    [InlineData(LoopbackFaults.BrokenGzip, "incomplete_body")]
    [InlineData(LoopbackFaults.RedirectLoop, "too_many_redirects")]
    [InlineData(LoopbackFaults.RedirectEndless, "too_many_redirects")]
    [InlineData(LoopbackFaults.RedirectPrivate, "blocked_address")]
    [InlineData(LoopbackFaults.RedirectMetadata, "blocked_address")]
    [InlineData(LoopbackFaults.RedirectBad, "bad_url")]
    [InlineData(LoopbackFaults.RedirectFile, "bad_url")]
    [InlineData(LoopbackFaults.RedirectPort, "port_blocked")]
    [InlineData(LoopbackFaults.Redirect + "?to=/good.png", "ok")]
    [InlineData(LoopbackFaults.NoAi, "header_opt_out")]
    [InlineData(LoopbackFaults.TdmReserved, "header_opt_out")]
    [InlineData(LoopbackFaults.Tiny, "too_small_bytes")]
    [InlineData(LoopbackFaults.Empty, "too_small_bytes")]
    [InlineData(LoopbackFaults.FlakyPicture, "ok")]
    [InlineData(LoopbackFaults.Gzipped, "ok")]
    [InlineData(LoopbackFaults.Brotli, "ok")]
    [InlineData(LoopbackFaults.PictureBomb, "ok")]
    [InlineData("/good.png", "ok")]
    public async Task RunAsync_EachFault_HasItsReason(string path, string expected)
    {
        await using LoopbackWorld world = await LoopbackWorld.StartAsync(Pictures);
        using var module = new ModuleUnderTest(options => options.Timeout = TimeFor(expected));

        Assert.Equal(expected, await module.EndOfAsync(new Uri(world.BaseAddress, path).ToString()));
    }

    // A busy machine must not decide between the deadline and the fault's own outcome.
    private static TimeSpan TimeFor(string expected) => TimeSpan.FromSeconds(expected == "timeout" ? 3 : 20);

    [Theory]
    [InlineData(RawFaults.Close, "connect_failed")]
    [InlineData(RawFaults.Reset, "connect_failed")]
    [InlineData(RawFaults.ResetMidBody, "incomplete_body")]
    [InlineData(RawFaults.EndlessHeaders, "too_large")]
    [InlineData(RawFaults.SlowHeaders, "timeout")]
    [InlineData(RawFaults.Garbage, "connect_failed")]
    [InlineData(RawFaults.BadChunk, "incomplete_body")]
    [InlineData(RawFaults.EndlessInterim, "too_large")]
    [InlineData(RawFaults.TooLong, "ok")]
    public async Task RunAsync_RawFault_HasItsReason(string path, string expected)
    {
        await using RawFaults faults = RawFaults.Start();
        using var module = new ModuleUnderTest(options => options.Timeout = TimeFor(expected));

        Assert.Equal(expected, await module.EndOfAsync(new Uri(faults.BaseAddress, path).ToString()));
    }

    [Theory]
    [InlineData(LoopbackFaults.NotFound, 1)]
    [InlineData(LoopbackFaults.NoAi, 1)]
    [InlineData(LoopbackFaults.Silent, 1)]
    [InlineData(LoopbackFaults.Endless, 1)]
    [InlineData(LoopbackFaults.ServerError, 3)]
    [InlineData(LoopbackFaults.Truncated, 3)]
    public async Task RunAsync_AfterAFailure_RetriesOnlyTheTransient(string path, int requests)
    {
        await using LoopbackWorld world = await LoopbackWorld.StartAsync(Pictures);
        using var module = new ModuleUnderTest(options => options.Retries = 2);

        await module.EndOfAsync(new Uri(world.BaseAddress, path).ToString());

        Assert.Equal(requests, world.Requests(path));
    }

    [Theory]
    [InlineData("http://127.0.0.1:22/a.png", "port_blocked")]
    [InlineData("http://10.0.0.1/a.png", "blocked_address")]
    [InlineData("http://[::1]/a.png", "blocked_address")]
    [InlineData("http://[::ffff:10.0.0.1]/a.png", "blocked_address")]
    [InlineData("http://0x7f.2/a.png", "connect_failed")] // 127.0.0.2 is allowed here, and nothing listens
    [InlineData("http://nowhere.example/a.png", "dns_failed")]
    [InlineData("ftp://example.com/a.png", "bad_url")]
    [InlineData("nonsense", "bad_url")]
    public async Task RunAsync_UrlThatCannotBeFetched_HasItsReason(string url, string expected)
    {
        using var module = new ModuleUnderTest();

        Assert.Equal(expected, await module.EndOfAsync(url));
    }

    [Fact]
    public async Task RunAsync_GoodUrlsAmongFaults_AllArrive()
    {
        await using LoopbackWorld world = await LoopbackWorld.StartAsync(Pictures);
        await using RawFaults raw = RawFaults.Start();
        using var module = new ModuleUnderTest(options =>
        {
            // Long enough for the good ones on a machine that is busy with other tests.
            options.Timeout = TimeSpan.FromSeconds(25);
            options.ThroughputWindow = TimeSpan.FromSeconds(8);
        });
        (string Url, string Expected)[] bad =
        [
            (world.BaseAddress + LoopbackFaults.Silent[1..], "timeout"), (world.BaseAddress + LoopbackFaults.Slow[1..], "too_slow"),
            (world.BaseAddress + LoopbackFaults.Endless[1..], "too_large"), (world.BaseAddress + LoopbackFaults.GzipBomb[1..], "too_large"),
            (world.BaseAddress + LoopbackFaults.Truncated[1..], "incomplete_body"), (world.BaseAddress
                + LoopbackFaults.RedirectLoop[1..], "too_many_redirects"),
            (raw.BaseAddress + RawFaults.EndlessHeaders[1..], "too_large"), (raw.BaseAddress + RawFaults.Close[1..], "connect_failed"),
        ];
        (string Url, string Expected)[] rows =
            [.. Enumerable.Range(0, 400).Select(i => i % 5 == 0 ? bad[i / 5 % bad.Length] : ($"{world.BaseAddress}good/{i}", "ok"))];

        Step<FetchedImage>[] ends =
            await Task.WhenAll(rows.Select((row, i) => module.Module.Stage.RunAsync(ModuleUnderTest.Row(row.Url, i), default).AsTask()));

        Assert.Equal(rows.Select(row => row.Expected), ends.Select(ModuleUnderTest.Name));
        foreach (Step<FetchedImage> end in ends) { end.Row?.Dispose(); }
        Assert.Equal(0, module.Bodies.Held);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100_000)]
    public async Task RunAsync_BudgetOfOneRow_SameRowsAndNoDeadlock(long budget)
    {
        await using LoopbackWorld world = await LoopbackWorld.StartAsync(Pictures);
        using var module = new ModuleUnderTest(options => options.Timeout = options.ThroughputWindow = TimeSpan.FromSeconds(60), budget: budget);
        string[] urls = [.. Enumerable.Range(0, 60).Select(i => i % 6 == 0 ? world.BaseAddress + LoopbackFaults.Gzipped[1..] : $"{world.BaseAddress}good/{i}")];
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));

        string[] ends = await Task.WhenAll(urls.Select(async (url, i) =>
        {
            Step<FetchedImage> step = await module.Module.Stage.RunAsync(ModuleUnderTest.Row(url, i), limit.Token);
            await Task.Yield(); // the next stage keeps it for a moment
            step.Row?.Dispose();
            return ModuleUnderTest.Name(step);
        }));

        Assert.All(ends, end => Assert.Equal("ok", end));
        Assert.Equal(0, module.Bodies.Held);
        Assert.InRange(module.Bodies.Peak, 1, budget + (2 << 20));
    }

    [Fact]
    public async Task RunAsync_WaitForBufferMemory_DoesNotCount()
    {
        await using LoopbackWorld world = await LoopbackWorld.StartAsync(Pictures);
        var clock = new FakeTimeProvider();
        using var module = new ModuleUnderTest(options => options.Timeout = TimeSpan.FromSeconds(3), budget: 100, clock: clock);
        ByteLease everything = await module.Bodies.ReserveAsync(100, default);

        Task<Step<FetchedImage>> fetch = module.Module.Stage.RunAsync(ModuleUnderTest.Row(world.BaseAddress + "good"), default).AsTask();
        while (module.Bodies.Waiting == 0 && !fetch.IsCompleted) { await Task.Delay(10); }
        clock.Advance(TimeSpan.FromSeconds(6)); // twice the deadline
        Assert.False(fetch.IsCompleted);
        everything.Dispose();

        Step<FetchedImage> step = await fetch;
        Assert.Equal("ok", ModuleUnderTest.Name(step));
        step.Row?.Dispose();
    }

    [Fact]
    public async Task RunAsync_Aborted_ThrowsAndLeavesNothingBehind()
    {
        await using LoopbackWorld world = await LoopbackWorld.StartAsync(Pictures);
        using var module = new ModuleUnderTest(options => options.Timeout = TimeSpan.FromSeconds(20));
        using var abort = new CancellationTokenSource();
        Task<Step<FetchedImage>>[] fetches = [.. new[] { LoopbackFaults.Silent, LoopbackFaults.Slow, LoopbackFaults.Stall }
            .Select(path => module.Module.Stage.RunAsync(ModuleUnderTest.Row(world.BaseAddress + path[1..]), abort.Token).AsTask())];

        while (world.RequestCounts.Count < 3) { await Task.Delay(10); }
        await abort.CancelAsync();

        foreach (Task fetch in fetches) { await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetch); }
        Assert.Equal(0, module.Bodies.Held);
        Assert.Equal(0, module.Module.GateCounters.Active);
    }

    [Fact]
    public async Task RunAsync_ArchivedBody_SendsNoRequest()
    {
        using var module = new ModuleUnderTest();
        Step<FetchedImage> step = await module.Module.Stage.RunAsync(
            ModuleUnderTest.Row("http://10.0.0.1/a.png") with { Archived = LoopbackFaults.SoundPicture }, default);

        Assert.Equal(LoopbackFaults.SoundPicture.ToArray(), step.Row!.Body.Memory.ToArray());
        step.Row.Dispose();
        Assert.Equal(0, module.Bodies.Held);
        Assert.Equal(0, module.Module.Summarise().Requests);
    }

    [Theory]
    [InlineData(0L, null, "ok")]
    [InlineData(100L, 6000L, "ok")]
    [InlineData(0L, 4999L, "too_small_bytes")]
    [InlineData(0L, 0L, "too_small_bytes")]
    [InlineData(0L, 6001L, "too_large")]
    [InlineData(0L, long.MaxValue, "too_large")]
    [InlineData(9000L, 5500L, "incomplete_body")]
    [InlineData(20_000L, null, "incomplete_body")]
    public async Task RunAsync_PictureOfThisMachine_IsReadWithinTheLimitsAndNothingIsAsked(long start, long? bytes, string expected)
    {
        using var folder = new TempFolder();
        byte[] file = new byte[bytes is null && start == 0 ? 5500 : 10_000];
        Random.Shared.NextBytes(file);
        await File.WriteAllBytesAsync(folder.At("a.jpg"), file);
        using var module = new ModuleUnderTest(options => (options.MinBytes, options.MaxBytes) = (5000, 6000));

        Step<FetchedImage> step = await module.Module.Stage.RunAsync(
            ModuleUnderTest.Row("file:///a.jpg") with { Local = new LocalPicture(folder.At("a.jpg"), start, bytes) }, default);

        Assert.Equal(expected, ModuleUnderTest.Name(step));
        if (step.Row is { } row)
        {
            Assert.Equal(file.AsSpan((int)start, (int)(bytes ?? file.Length)), row.Body.Memory.Span);
            Assert.Equal("file:///a.jpg", row.Fetch.FinalUrl);
            Assert.Equal(row.Body.Length, module.Bodies.Held);
            row.Dispose();
        }
        Assert.Equal(0, module.Bodies.Held);
        Assert.Equal(0, module.Module.Summarise().Requests);
    }

    [Theory]
    [InlineData("nowhere.jpg", "incomplete_body")]
    [InlineData("folder", "incomplete_body")]
    [InlineData("pipe", "too_small_bytes")]
    [InlineData("/dev/zero", "too_small_bytes")]
    [InlineData("/proc/self/mem", "too_small_bytes")]
    public async Task RunAsync_NoFileOfPictures_NeverHangs(string name, string expected)
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.At("folder"));
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", folder.At("pipe"))) { await mkfifo.WaitForExitAsync(); }
        using var module = new ModuleUnderTest();

        Step<FetchedImage> step = await module.Module.Stage.RunAsync(
            ModuleUnderTest.Row("file:///a.jpg") with { Local = new LocalPicture(folder.At(name)) }, default).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(expected, ModuleUnderTest.Name(step));
        Assert.Equal(0, module.Bodies.Held);
    }

    [Fact]
    public async Task RunAsync_Redirected_ReportsTheFinalUrl()
    {
        await using LoopbackWorld world = await LoopbackWorld.StartAsync(Pictures);
        using var module = new ModuleUnderTest();

        Step<FetchedImage> step =
            await module.Module.Stage.RunAsync(ModuleUnderTest.Row($"{world.BaseAddress}{LoopbackFaults.Redirect[1..]}?to=/good/%25C3%25A9.png"), default);

        Assert.Equal($"{world.BaseAddress}good/%C3%A9.png", step.Row!.Fetch.FinalUrl);
        step.Row.Dispose();
    }

    [Fact]
    public async Task RunAsync_Resolve_SendsForeignHostsToTheTestServer()
    {
        await using LoopbackWorld world = await LoopbackWorld.StartAsync(Pictures);
        using var module = new ModuleUnderTest(options => options.Resolve["*"] = world.EndPoint.ToString());

        Assert.Equal("ok", await module.EndOfAsync("http://pictures.example/good/1.png"));
        Assert.Equal("ok", await module.EndOfAsync("http://93.184.216.34/good/2.png"));
        Assert.Equal("blocked_address", await module.EndOfAsync("http://10.0.0.1/good/3.png"));
        Assert.Equal(1, world.Requests("/good/1.png"));
    }

    [Fact]
    public async Task RunAsync_RobotsOn_ObeysThemWithOneFetchPerHost()
    {
        byte[] rules = "User-agent: *\nDisallow: /good/private\n"u8.ToArray();
        await using LoopbackWorld world = await LoopbackWorld.StartAsync(path => path == "/robots.txt" ? rules : Pictures(path));
        using var module = new ModuleUnderTest(options => options.Robots = true);

        Assert.Equal("ok", await module.EndOfAsync(world.BaseAddress + "good/a"));
        Assert.Equal("robots_txt", await module.EndOfAsync(world.BaseAddress + "good/private/b"));
        Assert.Equal(1, world.Requests("/robots.txt"));
        Assert.Equal(0, world.Requests("/good/private/b"));
    }

    [Fact]
    public async Task RunAsync_ListedDigests_AreDropped()
    {
        await using LoopbackWorld world = await LoopbackWorld.StartAsync(Pictures);
        string listed = world.BaseAddress + "good/listed";
        string lists = Path.Combine(Directory.CreateTempSubdirectory("lists").FullName, "list");
        await File.WriteAllLinesAsync(lists + "-bytes", [Convert.ToHexString(System.Security.Cryptography.SHA1.HashData(LoopbackFaults.SoundPicture.Span))]);
        await File.WriteAllLinesAsync(lists
            + "-urls", [Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(listed)))]);

        using (var module = new ModuleUnderTest(options => options.BlockLists.Urls = [lists + "-urls"]))
        {
            Assert.Equal("hash_blocked", await module.EndOfAsync(listed));
            Assert.Equal("ok", await module.EndOfAsync(world.BaseAddress + "good/other"));
            Assert.Equal("hash_blocked", await module.EndOfAsync($"{world.BaseAddress}{LoopbackFaults.Redirect[1..]}?to=/good/listed"));
            Assert.Equal(0, world.Requests("/good/listed"));
        }

        using var strict = new ModuleUnderTest(options => options.BlockLists.Bytes = [lists + "-bytes"]);
        Assert.Equal("hash_blocked", await strict.EndOfAsync(world.BaseAddress + "good/other"));
    }

    [Fact]
    public async Task RunAsync_NameThatFlipsToPrivate_IsNeverConnectedTo()
    {
        await using RawFaults inner = RawFaults.Start();
        int asked = 0;
        using var module = new ModuleUnderTest(
            options =>
            {
                options.AllowPrivate = ["127.0.0.2/32"]; // used as the public address
                options.Dns.MinTtl = TimeSpan.Zero;
            },
            (_, _, _, _) => Task.FromResult(new DnsReply(DnsStatus.Found, [IPAddress.Parse(++asked == 1 ? "127.0.0.2" : "127.0.0.1")], TimeSpan.Zero)));

        Assert.Equal("blocked_address", await module.EndOfAsync($"http://rebind.example:{inner.BaseAddress.Port}/close"));
        Assert.True(asked >= 2);
        Assert.Equal(0, inner.Connections);
    }

    [Fact]
    public async Task RunAsync_HostThatNeverConnects_OpensTheBreaker()
    {
        await using RawFaults faults = RawFaults.Start();
        using var module = new ModuleUnderTest(options =>
        {
            options.Retries = 0;
            options.Breaker.Failures = 3;
        });
        string url = faults.BaseAddress + RawFaults.Close[1..];

        for (int i = 0; i < 3; i++) { Assert.Equal("connect_failed", await module.EndOfAsync(url)); }

        Assert.Equal("host_down", await module.EndOfAsync(url));
        Assert.Equal(1, module.Module.Summarise().Gate.Down);
    }

    [Fact]
    public async Task Summarise_AfterSomeRows_CountsThem()
    {
        await using LoopbackWorld world = await LoopbackWorld.StartAsync(Pictures);
        using var module = new ModuleUnderTest();
        for (int i = 0; i < 5; i++) { await module.EndOfAsync(world.BaseAddress + "good/" + i); }
        await module.EndOfAsync(world.BaseAddress + LoopbackFaults.NotFound[1..]);

        DownloadSummary summary = module.Module.Summarise();

        Assert.Equal(5, summary.Fetched);
        Assert.Equal(5 * LoopbackFaults.SoundPicture.Length, summary.Bytes);
        Assert.Equal(1, summary.Dropped["http_status"]);
        Assert.Equal(1, summary.Statuses[404]);
        Assert.Equal(6, summary.Requests);
        Assert.InRange(summary.Connections, 1, 2); // on a busy machine the handler may find its connection not yet free
        Assert.Equal("127.0.0.1", Assert.Single(summary.FailingHosts).Key);
        Assert.True(summary.LatencyP99 > TimeSpan.Zero);
    }

    [Fact]
    public async Task RunAsync_ServerThatClosesWithoutAnswer_IsConnectedToOncePerAttempt()
    {
        await using RawFaults faults = RawFaults.Start();
        using var module = new ModuleUnderTest(options => options.Retries = 1);

        await module.EndOfAsync(faults.BaseAddress + RawFaults.Reset[1..]);

        Assert.Equal(2, faults.Connections);
    }
}
