using LaionStream.Engine.Download.Settings;
using Microsoft.Extensions.Logging;
using Xunit.Abstractions;

namespace LaionStream.Engine.Tests.Download;

/// <summary>The whole download module except its sockets, in virtual time: exact figures, the same on every machine.</summary>
public sealed class SimulatedCrawlTests(ITestOutputHelper output)
{
    private const int Good = 20_000;
    private const int Hosts = 10_000;

    [Theory]
    [InlineData("256", 3_000)] // the default: more requests stall at once than there are slots
    [InlineData("2048", 3_000)]
    [InlineData("auto", 3_000)]
    public void RunAsync_GoodRowsAmongBadOnes_AllArriveInTheSameTime(string concurrency, int bad)
    {
        string[] good = [.. Enumerable.Range(0, Good).Select(i => $"http://good-{i % Hosts}.example/{i}.png")];
        var rows = good.Select(url => (Url: url, Expected: "ok")).Concat(Enumerable.Range(0, bad).Select(i =>
        {
            (string kind, string reason) = SimulatedWeb.Faults[i % SimulatedWeb.Faults.Length];
            return (Url: $"http://{kind}-{i % Hosts}.example/{i}.png", Expected: reason);
        })).ToArray();
        new Random(5).Shuffle(rows);

        (string End, TimeSpan Time)[] alone = Crawl(good, concurrency);
        (string End, TimeSpan Time)[] together = Crawl([.. rows.Select(row => row.Url)], concurrency);

        TimeSpan[] times = [RowFeed.Percentile(alone, 0.5), RowFeed.Percentile(alone, 0.99), RowFeed.Percentile(together, 0.5),
            RowFeed.Percentile(together, 0.99)];
        output.WriteLine($"p50 {times[0].TotalMilliseconds:F1} -> {times[2].TotalMilliseconds:F1} ms, p99 {times[1].TotalMilliseconds:F1} -> {times[3].TotalMilliseconds:F1} ms");
        Assert.All(alone, end => Assert.Equal("ok", end.End));
        Assert.Equal(rows.Select(row => row.Expected), together.Select(end => end.End));
        Assert.InRange(times[2], TimeSpan.Zero, 1.5 * times[0]);
        Assert.InRange(times[3], TimeSpan.Zero, 2 * times[1]);
    }

    [Theory]
    [InlineData("silent")] // no answer
    [InlineData("slow")] // one byte per second
    [InlineData("stall")] // headers and nothing more
    public void RunAsync_HostsThatHangAtEverySlot_LeaveTheirSlotsToOthers(string kind)
    {
        string[] urls = [.. Enumerable.Range(0, 64).Select(i => $"http://{kind}-{i}.example/"), .. Enumerable.Range(0, 64)
            .Select(i => $"http://good-{i}.example/")];

        (string End, TimeSpan Time)[] ends = Crawl(urls, "16");

        Assert.All(ends[64..], end => Assert.Equal("ok", end.End));
        Assert.All(ends[64..], end => Assert.InRange(end.Time, TimeSpan.Zero, TimeSpan.FromSeconds(6))); // four times 16 stall for a second each, not 5 or 20
    }

    [Fact]
    public void RunAsync_SameSeed_SameTimes()
    {
        string[] urls = [.. Enumerable.Range(0, 500)
            .Select(i => $"http://{(i % 5 == 0 ? SimulatedWeb.Faults[i / 5 % SimulatedWeb.Faults.Length].Kind : "good")}-{i % 70}.example/{i}.png")];

        Assert.Equal(Crawl(urls, "256"), Crawl(urls, "256"));
    }

    private static (string End, TimeSpan Time)[] Crawl(string[] urls, string concurrency)
    {
        var time = new VirtualTime();
        (string End, TimeSpan Time)[] ends = [];
        time.Run(async () =>
        {
            using var module = Module(time, new SimulatedWeb(time, 11), options => options.Concurrency = concurrency);
            ends = await RowFeed.RunAsync(module.Module, urls, module.Monitor.CurrentValue.Queue.Parallelism, time);
            Assert.Equal(0, module.Bodies.Held);
            Assert.Equal((0, 0), (module.Module.GateCounters.Active, module.Module.GateCounters.Stalled));
        });
        return ends;
    }

    /// <summary>A module with the defaults of a run, whose names all resolve without a query.</summary>
    internal static ModuleUnderTest Module(VirtualTime time, HttpMessageHandler web, Action<DownloadOptions> configure, ILoggerFactory? logs = null,
        long budget = 1L << 30) => new(
        options =>
        {
            var defaults = new DownloadOptions();
            (options.Timeout, options.ConnectTimeout, options.ThroughputWindow) = (defaults.Timeout, defaults.ConnectTimeout, defaults.ThroughputWindow);
            (options.Retries, options.RetryDelay, options.PerHost, options.Breaker) =
                (defaults.Retries, defaults.RetryDelay, defaults.PerHost, defaults.Breaker);
            options.Resolve["*"] = "127.0.0.1";
            configure(options);
        },
        clock: time, http: web, budget: budget, logs: logs,
        probe: static network => (_, _, _) =>
        {
            network.NoteAnswer(); // the network works; it is the hosts that fail
            return Task.CompletedTask;
        });
}
