using System.Net;
using LaionStream.Engine.Download.Dns;
using LaionStream.Engine.Download.Settings;
using Microsoft.Extensions.Time.Testing;

namespace LaionStream.Engine.Tests.Download.Network;

/// <summary>Outages of our own network, in virtual time: which rows wait for their end, and which end as their hosts do.</summary>
public sealed class OutageTests
{
    private static readonly TimeSpan OutageStart = TimeSpan.FromSeconds(20);
    private readonly VirtualTime _time = new();
    private readonly ListedLogs _logs = new();
    private TimeSpan _outageEnd = TimeSpan.FromMinutes(10);
    private int _requests;

    [Fact]
    public void Run_OutageOfMinutes_DropsNoRowForItAndSaysSo()
    {
        (string End, TimeSpan Time)[] ends = Crawl(Links(3000, 200), parallel: 64);

        Assert.All(ends, end => Assert.Equal("ok", end.End));
        Assert.Equal(1, _logs.Lines.Count(line => line.Contains("No network", StringComparison.Ordinal)));
        Assert.Equal(1, _logs.Lines.Count(line => line.Contains("network is back after", StringComparison.Ordinal)));
        Assert.InRange(_requests, 3000, 3000 + 400); // it does not go on asking meanwhile
    }

    [Fact]
    public void Run_OutageFromTheStart_WaitsForTheNetwork()
    {
        string[] links = Links(200, 100);
        (string End, TimeSpan Time)[] ends = Crawl(links, parallel: 200, isDown: now => now < TimeSpan.FromMinutes(30));

        Assert.All(ends, end => Assert.Equal("ok", end.End));
        Assert.InRange(ends.Max(end => end.Time), TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(31));
    }

    [Fact]
    public void Run_OutageOfHalfAMinute_FetchesAgainWithoutPause()
    {
        _outageEnd = OutageStart + TimeSpan.FromSeconds(30);
        (string End, TimeSpan Time)[] ends = Crawl(Links(3000, 200), parallel: 64);

        Assert.All(ends, end => Assert.Equal("ok", end.End));
        Assert.DoesNotContain(_logs.Lines, line => line.Contains("No network", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_BreakersAndCachesOfTheOutage_AreForgotten()
    {
        _outageEnd = OutageStart + TimeSpan.FromMinutes(3);
        (string End, TimeSpan Time)[] ends = Crawl(Links(3000, 20), parallel: 256, options =>
        {
            options.Breaker = new BreakerOptions { Failures = 2, Pause = TimeSpan.FromHours(10) };
            options.Robots = true;
        });

        Assert.All(ends, end => Assert.Equal("ok", end.End));
    }

    [Fact]
    public void Run_DeadHostsAmongLiveOnes_EndAtOnce()
    {
        string[] links = [.. Links(400, 200).SelectMany((link, i) => new[] { $"http://dead-{i}.example/a.png", link })];
        (string End, TimeSpan Time)[] ends = Crawl(links, parallel: 100, isDown: _ => false);

        Assert.Equal(400, ends.Where((_, i) => i % 2 == 0).Count(end => end.End == "connect_failed"));
        Assert.Equal(400, ends.Count(end => end.End == "ok"));
        Assert.InRange(_requests, 1200, 1500); // two attempts for a dead host, one for the others; the last ones have no live host beside them
    }

    // Their clock stands: a row that waited for a sign would wait for ever.
    [Theory]
    [InlineData(false, "dns_failed")] // the resolvers' own answer
    [InlineData(true, "connect_failed")] // no host was ever reached: answers of resolvers are signs
    public async Task Run_DeadNamesOrHostsOnly_EndWithoutAnySign(bool isFound, string expected)
    {
        DnsStatus status = isFound ? DnsStatus.Found : DnsStatus.NoSuchName;
        var clock = new FakeTimeProvider();
        using var module = new ModuleUnderTest(
            options => (options.Retries, options.PerHost.Concurrency) = (0, 64),
            dns: (_, _, _, _) => Task.FromResult(new DnsReply(status, isFound ? [IPAddress.Loopback] : [], TimeSpan.FromSeconds(60))),
            clock: clock, http: new LambdaWeb((_, _) => throw new HttpRequestException(HttpRequestError.ConnectionError)));
        string[] links = [.. Enumerable.Range(0, 100).Select(i => $"http://dead-{i}.example/a.png")];

        Task<(string End, TimeSpan Time)[]> crawl = RowFeed.RunAsync(module.Module, links, 100, clock);
        if (isFound)
        {
            while (!crawl.IsCompleted && clock.GetUtcNow() < clock.Start.AddMinutes(5)) { await Task.Delay(10); clock.Advance(TimeSpan.FromSeconds(1)); }
        }

        Assert.All(await crawl.WaitAsync(TimeSpan.FromSeconds(30)), end => Assert.Equal(expected, end.End));
        Assert.Equal(0, module.Module.Network.Outages);
    }

    [Theory]
    [InlineData(15, 200)] // too few hosts
    [InlineData(200, 15)] // too few rows
    public void Run_FewHostsThatFail_End(int rows, int hosts)
    {
        (string End, TimeSpan Time)[] ends = Crawl(Links(rows, Math.Min(hosts, 15)), parallel: 200, isDown: _ => true);

        Assert.All(ends, end => Assert.Equal("connect_failed", end.End));
        Assert.InRange(ends.Max(end => end.Time), TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData(16)]
    [InlineData(200)]
    public void Run_LastHostsAllTimeOutAtOnce_AreFetchedOnceAndEnd(int silent)
    {
        string[] links = [.. Links(400, 200), .. Enumerable.Range(0, silent).Select(i => $"http://silent-{i}.example/a.png")];
        (string End, TimeSpan Time)[] ends = Crawl(links, parallel: 256, options => options.Concurrency = "256", isDown: _ => false);

        Assert.All(ends[400..], end => Assert.Equal("timeout", end.End));
        Assert.Equal(links.Length, _requests);
        Assert.InRange(ends.Max(end => end.Time), TimeSpan.Zero, TimeSpan.FromSeconds(22));
    }

    [Fact]
    public void Run_NothingToProbeAndBytesComeFromOneHost_FailuresStand()
    {
        string[] links = [.. Links(24, 24), .. Enumerable.Range(0, 40).Select(i => $"http://silent-{i}.example/a.png"), "http://drip.example/a.png"];
        (string End, TimeSpan Time)[] ends = Crawl(links, parallel: 64, options => (options.Concurrency, options.MinThroughput) = ("64", 0),
            isDown: _ => false, isProbed: false);

        Assert.All(ends[24..], end => Assert.Equal("timeout", end.End));
        Assert.Equal(links.Length, _requests);
    }

    [Fact]
    public void Run_PacketsLostForSeconds_RowsThatHangBecauseOfItAreFetchedAgain()
    {
        _outageEnd = OutageStart + TimeSpan.FromSeconds(12);
        (string End, TimeSpan Time)[] ends = Crawl(Links(6000, 300), parallel: 64, options => options.Concurrency = "64", isBlackHole: true);

        Assert.All(ends, end => Assert.Equal("ok", end.End));
        Assert.InRange(_requests, 6000, 6000 + 64);
        Assert.DoesNotContain(_logs.Lines, line => line.Contains("No network", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_ProbesThatReachNothingNowAndThen_FetchARowTwiceAtMost()
    {
        int probes = 0;
        string[] links = [.. Links(400, 200), .. Enumerable.Range(0, 100).Select(i => $"http://silent-{i}.example/a.png")];
        (string End, TimeSpan Time)[] ends = Crawl(links, parallel: 64, options => options.Concurrency = "64",
            isDown: _ => false, isReached: () => probes++ % 2 == 1);

        Assert.All(ends[400..], end => Assert.Equal("timeout", end.End));
        Assert.InRange(_requests, 500, 600);
    }

    [Fact]
    public void Run_WatchSwitchedOff_RowsEnd()
    {
        (string End, TimeSpan Time)[] ends = Crawl(Links(100, 100), parallel: 100, options => options.Outage.After = TimeSpan.Zero, isDown: _ => true);

        Assert.All(ends, end => Assert.Equal("connect_failed", end.End));
    }

    private static string[] Links(int count, int hosts) => [.. Enumerable.Range(0, count).Select(i => $"http://good-{i % hosts}.example/{i}.png")];

    private (string End, TimeSpan Time)[] Crawl(
        string[] links, int parallel, Action<DownloadOptions>? configure = null, Func<TimeSpan, bool>? isDown = null, bool isBlackHole = false,
        bool isProbed = true, Func<bool>? isReached = null)
    {
        bool Down() => isDown?.Invoke(Now()) ?? (Now() >= OutageStart && Now() < _outageEnd);
        (string End, TimeSpan Time)[] ends = [];
        _time.Run(async () =>
        {
            using var module = new ModuleUnderTest(
                options =>
                {
                    (options.Timeout, options.MinBytes, options.Concurrency, options.Resolve["*"]) = (TimeSpan.FromSeconds(20), 0, "16", "127.0.0.1");
                    (options.Queue.Parallelism, options.Queue.Capacity) = (parallel, 2 * parallel);
                    configure?.Invoke(options);
                },
                clock: _time, http: new LambdaWeb(async (request, abort) =>
                {
                    _requests++;
                    await Task.Delay(TimeSpan.FromMilliseconds(200), _time, abort);
                    string host = request.RequestUri!.Host;
                    if (host.StartsWith("silent", StringComparison.Ordinal) || (isBlackHole && Down()))
                    {
                        await Task.Delay(System.Threading.Timeout.InfiniteTimeSpan, _time, abort);
                    }

                    if (host.StartsWith("drip", StringComparison.Ordinal))
                    {
                        return new HttpResponseMessage { Content = new StreamContent(new DrippingStream(_time, TimeSpan.FromMilliseconds(100))) };
                    }

                    if (Down() || host.StartsWith("dead", StringComparison.Ordinal))
                    {
                        throw new HttpRequestException(HttpRequestError.ConnectionError);
                    }
                    return new HttpResponseMessage { Content = new ByteArrayContent(new byte[5000]) };
                }),
                logs: _logs,
                probe: network => (_, _, _) =>
                {
                    bool isEndless = Now() > TimeSpan.FromHours(2); // a fault must fail its test, not hang it
                    if (isEndless || (isProbed && !Down() && isReached?.Invoke() != false)) { network.NoteAnswer(); }
                    return Task.CompletedTask;
                });
            ends = await RowFeed.RunAsync(module.Module, links, parallel, _time);
            Assert.Equal(0, module.Bodies.Held);
        });
        return ends;
    }

    private TimeSpan Now() => TimeSpan.FromTicks(_time.GetTimestamp());
}
