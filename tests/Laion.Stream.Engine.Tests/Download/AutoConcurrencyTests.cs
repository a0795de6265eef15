using System.Diagnostics;
using System.Globalization;
using LaionStream.Engine.Download;
using LaionStream.Engine.Download.Settings;
using LaionStream.TestWorld;
using Xunit.Abstractions;

namespace LaionStream.Engine.Tests.Download;

/// <summary>
/// <c>Concurrency: auto</c> in the whole download module, with servers of limited capacity: always in virtual time, and over sockets when soaking.
/// </summary>
public sealed class AutoConcurrencyTests(ITestOutputHelper output)
{
    private const int Rows = 300; // rows in the stage at once, so that the limit decides
    private const int Names = 2000; // of the one server: a 503 pauses only its name, as with many hosts behind one narrow link
    private static readonly double[] Shares = [0.5, 0.75, 1, 1.5, 2];
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(ServerKind.Workers, 12, 100)]
    [InlineData(ServerKind.Workers, 40, 100)]
    [InlineData(ServerKind.Workers, 90, 100)]
    [InlineData(ServerKind.Workers, 90, 700)]
    [InlineData(ServerKind.Bandwidth, 60, 200)]
    [InlineData(ServerKind.Rate, 50, 150)]
    [InlineData(ServerKind.Thrashing, 20, 100)]
    [InlineData(ServerKind.Thrashing, 48, 200)]
    [InlineData(ServerKind.Thrashing, 100, 100)]
    [InlineData(ServerKind.Busy, 60, 200)]
    [InlineData(ServerKind.TooMany, 60, 200)]
    [InlineData(ServerKind.Reset, 24, 100)]
    [InlineData(ServerKind.Reset, 60, 200)]
    public void Auto_AnyServer_SettlesNearTheBestFixedLimitWithinAMinute(ServerKind kind, int capacity, int milliseconds)
    {
        TimeSpan service = TimeSpan.FromMilliseconds(milliseconds);
        double best = 0;
        foreach (double share in Shares)
        {
            int limit = (int)(share * capacity);
            double goodput = Simulate(limit.ToString(CultureInfo.InvariantCulture), kind, capacity, service, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10))
                .Goodput;
            output.WriteLine($"fixed {limit}: {goodput:F1}/s");
            best = Math.Max(best, goodput);
        }

        (double auto, int settled) = Simulate("auto", kind, capacity, service, Settling, TimeSpan.FromSeconds(30));

        output.WriteLine($"auto {auto:F1}/s at {settled}, ratio {auto / best:F3}");
        Assert.InRange(auto, 0.9 * best, 1.1 * best);
        Assert.InRange(settled, 0.8 * capacity, 2 * capacity);
    }

    [Fact]
    public void Auto_ErrorsRise_BacksOffAndRecovers()
    {
        var time = new VirtualTime();
        var shape = new ServerShape(ServerKind.Workers, 100, TimeSpan.FromMilliseconds(100), time);
        List<int> limits = [];
        time.Run(async () =>
        {
            using ModuleUnderTest module = Module("auto", time, new SimulatedWeb(time, 1) { Shared = shape });
            using var stop = new CancellationTokenSource();
            Task load = LoadAsync(module.Module, 80, stop.Token);
            await Task.Delay(Settling, time);
            limits.Add(module.Module.GateCounters.Limit);
            shape.IsIll = true;
            await Task.Delay(TimeSpan.FromSeconds(5), time);
            limits.Add(module.Module.GateCounters.Limit);
            shape.IsIll = false;
            await Task.Delay(Settling, time);
            limits.Add(module.Module.GateCounters.Limit);
            await stop.CancelAsync();
            await load;
        });

        output.WriteLine($"limit {string.Join(" -> ", limits)}");
        Assert.InRange(limits[1], 4, limits[0] / 2);
        Assert.InRange(limits[2], 80, 200);
    }

    [SkippableTheory]
    [Trait("Category", "Soak")]
    [InlineData(ServerKind.Workers)]
    [InlineData(ServerKind.Bandwidth)]
    [InlineData(ServerKind.Rate)]
    [InlineData(ServerKind.Thrashing)]
    [InlineData(ServerKind.Busy)]
    [InlineData(ServerKind.TooMany)]
    [InlineData(ServerKind.Reset)]
    public async Task Auto_RealServer_SettlesNearTheBestFixedLimitWithinAMinute(ServerKind kind)
    {
        Skip.IfNot(Soak.IsOn, Soak.OffReason);
        const int Capacity = 48;
        var shape = new ServerShape(kind, Capacity, TimeSpan.FromMilliseconds(200), TimeProvider.System);
        await using ShapedServer server = await ShapedServer.StartAsync(shape);
        double best = 0;
        foreach (double share in Shares)
        {
            int limit = (int)(share * Capacity);
            (double goodput, _, _) =
                await MeasureAsync(server, null, limit.ToString(CultureInfo.InvariantCulture), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(8));
            output.WriteLine($"fixed {limit}: {goodput:F1}/s");
            best = Math.Max(best, goodput);
        }

        (double auto, int settled, int ill) = await MeasureAsync(server, shape, "auto", Settling, TimeSpan.FromSeconds(20));

        output.WriteLine($"{kind}: auto {auto:F1}/s at {settled}, ratio {auto / best:F3}; errors: limit {settled} -> {ill}");
        Assert.InRange(auto, 0.9 * best, double.MaxValue);
        Assert.InRange(ill, 4, settled / 2);
    }

    private static (double Goodput, int Limit) Simulate(string concurrency, ServerKind kind, int capacity, TimeSpan service, TimeSpan settle, TimeSpan measure)
    {
        var time = new VirtualTime();
        var web = new SimulatedWeb(time, capacity) { Shared = new ServerShape(kind, capacity, service, time) };
        (double, int) result = default;
        time.Run(async () =>
        {
            using ModuleUnderTest module = Module(concurrency, time, web);
            using var stop = new CancellationTokenSource();
            Task load = LoadAsync(module.Module, 80, stop.Token);
            await Task.Delay(settle, time);
            long fetched = module.Module.Statistics.Fetched;
            await Task.Delay(measure, time);
            result = ((module.Module.Statistics.Fetched - fetched) / measure.TotalSeconds, module.Module.GateCounters.Limit);
            await stop.CancelAsync();
            await load;
        });
        return result;
    }

    // The limit after the measurement, and after the server has broken every connection for a while.
    private async Task<(double Goodput, int Limit, int Ill)> MeasureAsync(
        ShapedServer server, ServerShape? fallsIll, string concurrency, TimeSpan settle, TimeSpan measure)
    {
        using ModuleUnderTest module = Module(concurrency, null, null);
        using var stop = new CancellationTokenSource();
        Task load = LoadAsync(module.Module, server.Port, stop.Token);
        Task<string> limits = WatchAsync(module.Module, settle + measure);
        await Task.Delay(settle);
        long fetched = module.Module.Statistics.Fetched;
        long start = Stopwatch.GetTimestamp();
        await Task.Delay(measure);
        double goodput = (module.Module.Statistics.Fetched - fetched) / Stopwatch.GetElapsedTime(start).TotalSeconds;
        int limit = module.Module.GateCounters.Limit;
        output.WriteLine($"{concurrency}: {await limits}");
        if (fallsIll is not null)
        {
            fallsIll.IsIll = true;
            await Task.Delay(TimeSpan.FromSeconds(6));
        }

        int ill = module.Module.GateCounters.Limit;
        await stop.CancelAsync();
        await load;
        return (goodput, limit, ill);
    }

    // The limit and the pictures of each second.
    private static async Task<string> WatchAsync(DownloadModule module, TimeSpan time)
    {
        var seconds = new List<string>();
        for (long last = module.Statistics.Fetched; seconds.Count < (int)time.TotalSeconds; last = module.Statistics.Fetched)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            seconds.Add($"{module.GateCounters.Limit}:{module.Statistics.Fetched - last}");
        }

        return string.Join(' ', seconds);
    }

    private static ModuleUnderTest Module(string concurrency, VirtualTime? time, SimulatedWeb? web)
    {
        void Configure(DownloadOptions options)
        {
            options.Concurrency = concurrency;
            options.PerHost.Concurrency = 2048;
            options.MaxPendingPerHost = 2048;
            options.Breaker.Failures = 0;
            options.Retries = 0;
            options.Timeout = TimeSpan.FromSeconds(20);
            options.Resolve["*"] = "127.0.0.1";
        }

        return time is null ? new ModuleUnderTest(Configure) : SimulatedCrawlTests.Module(time, web!, Configure);
    }

    // Rows of the one server under its many names, one after the other in each slot of the stage, until stopped.
    private static Task LoadAsync(DownloadModule module, int port, CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, Rows).Select(async place =>
    {
        for (int i = place; !stop.IsCancellationRequested; i++)
        {
            (await module.Stage.RunAsync(ModuleUnderTest.Row($"http://shared-{i % Names}.example:{port}/"), CancellationToken.None)).Row?.Dispose();
        }
    }));
}
