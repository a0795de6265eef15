using System.Net;
using System.Security.Cryptography.X509Certificates;
using LaionStream.Demo;
using LaionStream.Engine.Download;
using LaionStream.Engine.Download.Connections;
using LaionStream.Engine.Download.Dns;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Handles;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace LaionStream.Engine.Tests.Download.Connections;

/// <summary>Idle connections are bounded, and closing one never costs a row.</summary>
[Collection(HandleTestsAlone.Name)]
public sealed class ConnectionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public async Task RunAsync_ManyHosts_KeepsNoMoreIdleConnectionsThanAllowed(int most)
    {
        await using LoopbackWorld world = await LoopbackWorld.StartAsync(Pictures);
        using ModuleUnderTest module = Module(world, options => options.MaxIdle = most);
        int largest = 0;

        await FetchAllAsync(module, 400, i => $"http://host{i}.example/{i}", () => largest = Math.Max(largest, module.Module.ConnectionCounters.Idle));

        ConnectionCounters counts = module.Module.ConnectionCounters;
        Assert.InRange(largest, 0, most);
        Assert.Equal(most, counts.Idle);
        Assert.Equal(most, counts.Open);
        Assert.Equal(400 - most, counts.IdleClosed);
        Assert.Equal(400, module.Module.Statistics.Requests);
    }

    [Fact]
    public async Task RunAsync_ConnectionUsedLately_IsKeptBeforeOneThatWasNot()
    {
        await using LoopbackWorld world = await LoopbackWorld.StartAsync(Pictures);
        using ModuleUnderTest module = Module(world, options => options.MaxIdle = 2);
        foreach (string host in new[] { "a", "b", "a", "c", "a", "d", "a" }) { Assert.Equal("ok", await module.EndOfAsync($"http://{host}.example/1")); }

        Assert.Equal(4, module.Module.Connections); // a was never closed
    }

    [Theory]
    [InlineData(HttpProtocols.Http1, false, 0)]
    [InlineData(HttpProtocols.Http1, false, 1)]
    [InlineData(HttpProtocols.Http1, true, 0)]
    [InlineData(HttpProtocols.Http1, true, 1)]
    [InlineData(HttpProtocols.Http2, true, 0)]
    [InlineData(HttpProtocols.Http2, true, 1)]
    public async Task RunAsync_ConnectionsClosedAllTheTime_NoRowIsLost(HttpProtocols protocols, bool isTls, int most)
    {
        (X509Certificate2 certificate, string authority) = TestCertificates.Issue();
        LoopbackWorld[] worlds =
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => LoopbackWorld.StartAsync(Pictures, isTls ? certificate : null, protocols)));
        using var module = new ModuleUnderTest(options =>
        {
            options.CaFile = authority;
            options.MaxIdle = most;
            options.Retries = 0;
            options.Timeout = Patience;
            options.ConnectTimeout = Patience;
        });
        using var ended = new CancellationTokenSource();
        Task closing = Task.Run(async () =>
        {
            while (!ended.IsCancellationRequested)
            {
                HandleShortage.Relieve();
                await Task.Delay(1);
            }
        });

        await FetchAllAsync(module, 1000, i => $"{worlds[i % worlds.Length].BaseAddress}{i}", static () => { });
        await ended.CancelAsync();
        await closing;

        Assert.Equal(1000, module.Module.Statistics.Requests);
        Assert.InRange(module.Module.ConnectionCounters.IdleClosed, 1, long.MaxValue);
        Assert.InRange(module.Module.ConnectionCounters.Open, 0, most);
        foreach (LoopbackWorld world in worlds) { await world.DisposeAsync(); }
    }

    // Each request needs a third of its time for itself; with one connection for eight requests, most wait for longer than their whole time.
    [Fact]
    public async Task RunAsync_FewerHandlesThanRequests_WaitsWithoutCostToTheRows()
    {
        await using LoopbackWorld world = await LoopbackWorld.StartAsync(Pictures, delay: TimeSpan.FromMilliseconds(300));
        using ModuleUnderTest module = Module(
            world, options => (options.Concurrency, options.Timeout, options.Breaker.Failures, options.Retries) =
                ("64", TimeSpan.FromSeconds(2), 1, 0), new HandlePlanner(200, 100, 1), keepsLimit: true);

        await FetchAllAsync(module, 64 * 3, i => $"http://host{i}.example/{i}", static () => { });

        Assert.InRange(module.Module.ConnectionCounters.Peak, 1, 8);
        Assert.InRange(module.Module.ConnectionCounters.Shortages, 1, long.MaxValue);
    }

    [Fact]
    public async Task RunAsync_NoSocketForADnsQuery_RetriesAndDoesNotCacheTheFailure()
    {
        await using LoopbackWorld world = await LoopbackWorld.StartAsync(Pictures);
        int asked = 0;
        Task<DnsReply> Answer(IPEndPoint server, string name, bool ipv6, CancellationToken abort) => Task.FromResult(
            Interlocked.Increment(ref asked) <= 5 ? DnsReply.NoHandle : new DnsReply(DnsStatus.Found, [IPAddress.Loopback], TimeSpan.FromMinutes(1)));
        using var module = new ModuleUnderTest(dns: Answer);

        Assert.Equal("ok", await module.EndOfAsync($"http://a.example:{world.BaseAddress.Port}/1"));
        Assert.Equal(6, asked);
        Assert.Equal(0, module.Module.DnsCounters.Failed);
    }

    private static byte[]? Pictures(string path) => LoopbackFaults.SoundPicture.ToArray();

    private static ModuleUnderTest Module(LoopbackWorld world, Action<DownloadOptions> configure, HandlePlanner? planner = null, bool keepsLimit = false) =>
        new(
        options =>
        {
            options.Resolve["*"] = world.EndPoint.ToString();
            options.Timeout = keepsLimit ? options.Timeout : Patience;
            configure(options);
        },
        planner: planner);

    private static async Task FetchAllAsync(ModuleUnderTest module, int rows, Func<int, string> url, Action look)
    {
        using var limit = new CancellationTokenSource(Patience * 2);
        string[] ends = new string[rows];
        await Parallel.ForEachAsync(Enumerable.Range(0, rows), new ParallelOptions { MaxDegreeOfParallelism = 96, CancellationToken = limit.Token },
            async (i, abort) =>
        {
            Step<FetchedImage> step = await module.Module.Stage.RunAsync(ModuleUnderTest.Row(url(i), i), abort);
            step.Row?.Dispose();
            ends[i] = ModuleUnderTest.Name(step);
            look();
        });
        Assert.All(ends, end => Assert.Equal("ok", end));
    }
}
