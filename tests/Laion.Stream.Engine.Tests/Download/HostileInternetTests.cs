using System.Globalization;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Download.Settings;
using LaionStream.TestWorld;
using Xunit.Abstractions;

namespace LaionStream.Engine.Tests.Download;

/// <summary>
/// All faults at once, over real sockets. Reasons are asserted; times are reported here, and asserted in virtual time by <see cref="SimulatedCrawlTests"/>.
/// </summary>
public sealed class HostileInternetTests(ITestOutputHelper output)
{
    [Fact]
    public Task RunAsync_EveryFaultAmongGoodRows_AllHaveTheExpectedOutcome() =>
        CrawlAsync(good: 2_000, hosts: 700, each: 2, timeout: TimeSpan.FromSeconds(10), concurrency: 256);

    [SkippableTheory]
    [Trait("Category", "Soak")]
    [InlineData(256)]
    [InlineData(1024)]
    public async Task RunAsync_EveryFaultAmongTwentyThousandGoodRows_AllHaveTheExpectedOutcome(int concurrency)
    {
        Skip.IfNot(Soak.IsOn, Soak.OffReason);
        await CrawlAsync(good: 20_000, hosts: 7_000, each: 55, timeout: TimeSpan.FromSeconds(20), concurrency);
    }

    private async Task CrawlAsync(int good, int hosts, int each, TimeSpan timeout, int concurrency)
    {
        await using HostileWeb web = await HostileWeb.StartAsync();
        string[] goodUrls = web.GoodUrls(good, hosts);
        (string Url, string Expected)[] rows = [.. goodUrls.Select(url => (url, "ok")), .. web.BadUrls(each)];
        new Random(3).Shuffle(rows);
        new Random(3).Shuffle(goodUrls);

        await FetchAsync(web, goodUrls[..(good / 10)], timeout, concurrency, "warm-up");
        (string End, TimeSpan Time)[] alone = await FetchAsync(web, goodUrls, timeout, concurrency, "good alone");
        (string End, TimeSpan Time)[] together =
            await FetchAsync(web, [.. rows.Select(row => row.Url)], timeout, concurrency, $"with {rows.Length - good} bad");

        Assert.All(alone, end => Assert.Equal("ok", end.End));
        string[] wrong = [.. rows.Zip(together).Where(pair => pair.First.Expected != pair.Second.End)
            .Select(pair => $"{pair.First.Url}: {pair.Second.End}, not {pair.First.Expected}")];
        Assert.True(wrong.Length == 0, $"{wrong.Length} of {rows.Length}:\n{string.Join('\n', wrong.Take(60))}");

        var times = rows.Zip(together).Where(pair => pair.First.Url.Contains("/good/", StringComparison.Ordinal)).Select(pair => pair.Second).ToArray();
        output.WriteLine($"p50 {Ms(alone, 0.5):F0} -> {Ms(times, 0.5):F0} ms, p99 {Ms(alone, 0.99):F0} -> {Ms(times, 0.99):F0} ms, ratio of p99 {Ms(times, 0.99) / Ms(alone, 0.99):F2}");
    }

    private async Task<(string End, TimeSpan Time)[]> FetchAsync(HostileWeb web, string[] urls, TimeSpan timeout, int concurrency, string name)
    {
        var dns = new DnsOptions { QueryTimeout = TimeSpan.FromSeconds(2) };
        using var module = new ModuleUnderTest(
            options =>
            {
                options.Timeout = timeout;
                options.Concurrency = concurrency.ToString(CultureInfo.InvariantCulture);
                options.ConnectTimeout = TimeSpan.FromSeconds(6);
                options.ThroughputWindow = TimeSpan.FromSeconds(5);
                options.PerHost.Concurrency = 8;
                options.Breaker.Failures = 10;
                options.Dns.MinTtl = TimeSpan.Zero;
                options.CaFile = web.Authority;
            },
            HostileWeb.Resolver(dns),
            budget: 512 << 20);
        long start = TimeProvider.System.GetTimestamp();
        TimeSpan cpu = Environment.CpuUsage.TotalTime;

        (string End, TimeSpan Time)[] ends = await RowFeed.RunAsync(module.Module, urls, module.Monitor.CurrentValue.Queue.Parallelism, TimeProvider.System);

        DownloadSummary summary = module.Module.Summarise();
        output.WriteLine($"{name}: {urls.Length} rows in {TimeProvider.System.GetElapsedTime(start).TotalSeconds:F1} s, CPU {(Environment.CpuUsage.TotalTime - cpu).TotalSeconds:F1} s, "
            + $"row p50 {Ms(ends, 0.5):F0} ms p99 {Ms(ends, 0.99):F0} ms, fetch p50 {summary.LatencyP50.TotalMilliseconds:F0} ms p99 {summary.LatencyP99.TotalMilliseconds:F0} ms, "
            + $"requests {summary.Requests}, connections {summary.Connections}, names {summary.Dns.Cached}, DNS hits {summary.DnsHitRate:P1}, queries {summary.Dns.Queries}");
        Assert.Equal(0, module.Bodies.Held);
        Assert.Equal(0, module.Module.GateCounters.Active);
        Assert.Equal(0, module.Module.GateCounters.Waiting);
        return ends;
    }

    private static double Ms(IEnumerable<(string End, TimeSpan Time)> ends, double share) => RowFeed.Percentile(ends, share).TotalMilliseconds;
}
