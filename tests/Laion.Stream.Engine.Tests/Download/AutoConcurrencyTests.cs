using System.Diagnostics;
using System.Globalization;
using LaionStream.Engine.Download;
using LaionStream.TestWorld;
using Xunit.Abstractions;

namespace LaionStream.Engine.Tests.Download;

/// <summary><c>Concurrency: auto</c> in the whole room, against a server with so many workers: in virtual time always, over sockets when soaking.</summary>
public sealed class AutoConcurrencyTests(ITestOutputHelper output)
{
    private const int Rows = 300; // rows at once in the stage, so that the limit is what decides

    [Theory]
    [InlineData(40)]
    [InlineData(90)]
    public void Auto_ServerOfSomeCapacity_SettlesNearTheBestFixedLimitWithinAMinute(int capacity)
    {
        double best = new[] { capacity / 2, capacity, capacity * 2 }.Max(limit => Simulate(limit.ToString(CultureInfo.InvariantCulture), capacity, null, 25, 20).Goodput);
        (double auto, int limit, _) = Simulate("auto", capacity, null, 75, 60);

        output.WriteLine($"capacity {capacity}: best fixed {best:F1}/s, auto {auto:F1}/s at {limit}");
        Assert.InRange(auto, 0.9 * best, 1.1 * best);
    }

    [Fact]
    public void Auto_ServerBreaksConnectionsWhenOverloaded_StaysBelow()
    {
        double best = Simulate("60", 60, 20, 25, 20).Goodput;
        (double auto, int limit, double errors) = Simulate("auto", 60, 20, 75, 60);

        output.WriteLine($"best fixed {best:F1}/s, auto {auto:F1}/s at {limit}, errors {errors:P1}");
        Assert.InRange(auto, 0.9 * best, 1.1 * best);
        Assert.InRange(limit, 40, 120);
    }

    [Fact]
    public void Auto_ErrorsRise_BacksOff()
    {
        var time = new VirtualTime();
        var web = new SimulatedWeb(time, 1) { Capacity = 100 };
        int before = 0;
        int after = 0;
        time.Run(async () =>
        {
            using RoomUnderTest room = Room("auto", time, web);
            using var stop = new CancellationTokenSource();
            Task load = LoadAsync(room.Room, "http://shared.example/", Rows, stop.Token);
            await Task.Delay(TimeSpan.FromSeconds(60), time);
            before = room.Room.GateCounters.Limit;
            (web.Capacity, web.Overload) = (10, 5); // it falls ill, and refuses most
            await Task.Delay(TimeSpan.FromSeconds(5), time);
            after = room.Room.GateCounters.Limit;
            await stop.CancelAsync();
            await load;
        });

        output.WriteLine($"limit {before} -> {after}");
        Assert.InRange(after, 4, before / 2);
    }

    [SkippableFact]
    [Trait("Category", "Soak")]
    public async Task Auto_RealServerOfSomeCapacity_SettlesNearTheBestFixedLimitWithinAMinute()
    {
        Skip.IfNot(Soak.IsOn, Soak.OffReason);
        const int Capacity = 48;
        await using ShapedServer server = await ShapedServer.StartAsync(Capacity, TimeSpan.FromMilliseconds(200));
        double best = 0;
        foreach (int limit in new[] { 24, 48, 96 })
        {
            (double goodput, _) = await MeasureAsync(server, limit.ToString(CultureInfo.InvariantCulture), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(12));
            output.WriteLine($"fixed {limit}: {goodput:F1}/s");
            best = Math.Max(best, goodput);
        }

        (double auto, int settled) = await MeasureAsync(server, "auto", TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(20));
        output.WriteLine($"auto: {auto:F1}/s at {settled}, ratio {auto / best:F3}");
        Assert.InRange(auto, 0.9 * best, 1.1 * best);

        using RoomUnderTest room = Room("auto", null, null);
        using var stop = new CancellationTokenSource();
        Task load = LoadAsync(room.Room, server.Url, 300, stop.Token);
        await Task.Delay(TimeSpan.FromSeconds(20));
        int before = room.Room.GateCounters.Limit;
        server.BreaksAll = true;
        await Task.Delay(TimeSpan.FromSeconds(4));
        int after = room.Room.GateCounters.Limit;
        await stop.CancelAsync();
        await load;
        output.WriteLine($"errors: limit {before} -> {after}");
        Assert.InRange(after, 4, before / 2);
    }

    private static (double Goodput, int Limit, double Errors) Simulate(string concurrency, int capacity, int? overload, int seconds, int from)
    {
        var time = new VirtualTime();
        var web = new SimulatedWeb(time, capacity) { Capacity = capacity, Overload = overload };
        (double, int, double) result = default;
        time.Run(async () =>
        {
            using RoomUnderTest room = Room(concurrency, time, web);
            using var stop = new CancellationTokenSource();
            Task load = LoadAsync(room.Room, "http://shared.example/", Rows, stop.Token);
            await Task.Delay(TimeSpan.FromSeconds(from), time);
            (long fetched, long ended) = (room.Room.Statistics.Fetched, room.Room.Statistics.Ended);
            await Task.Delay(TimeSpan.FromSeconds(seconds - from), time);
            (fetched, ended) = (room.Room.Statistics.Fetched - fetched, room.Room.Statistics.Ended - ended);
            result = ((double)fetched / (seconds - from), room.Room.GateCounters.Limit, 1 - ((double)fetched / ended));
            await stop.CancelAsync();
            await load;
        });
        return result;
    }

    private static async Task<(double Goodput, int Limit)> MeasureAsync(ShapedServer server, string concurrency, TimeSpan settle, TimeSpan measure)
    {
        using RoomUnderTest room = Room(concurrency, null, null);
        using var stop = new CancellationTokenSource();
        Task load = LoadAsync(room.Room, server.Url, 300, stop.Token);
        await Task.Delay(settle);
        long fetched = room.Room.Statistics.Fetched;
        long start = Stopwatch.GetTimestamp();
        await Task.Delay(measure);
        double goodput = (room.Room.Statistics.Fetched - fetched) / Stopwatch.GetElapsedTime(start).TotalSeconds;
        int limit = room.Room.GateCounters.Limit;
        await stop.CancelAsync();
        await load;
        return (goodput, limit);
    }

    private static RoomUnderTest Room(string concurrency, VirtualTime? time, SimulatedWeb? web)
    {
        void Configure(DownloadOptions options)
        {
            options.Concurrency = concurrency;
            options.PerHost.Concurrency = 2048;
            options.MaxPendingPerHost = 2048;
            options.Breaker.Failures = 0;
            options.Retries = 0;
            options.Timeout = TimeSpan.FromSeconds(20);
        }

        return time is null ? new RoomUnderTest(Configure) : SimulatedCrawlTests.Room(time, web!, Configure);
    }

    // Rows of one host, one after the other in each place of the stage, until told to stop.
    private static Task LoadAsync(DownloadRoom room, string url, int places, CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, places).Select(async _ =>
    {
        while (!stop.IsCancellationRequested)
        {
            (await room.Stage.RunAsync(RoomUnderTest.Row(url), CancellationToken.None)).Row?.Dispose();
        }
    }));
}
