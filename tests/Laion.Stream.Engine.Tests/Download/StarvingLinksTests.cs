using LaionStream.Engine.Download;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Tests.Download.Fetching;
using Xunit.Abstractions;

namespace LaionStream.Engine.Tests.Download;

/// <summary>Links that use as much memory as they can and make only the minimum progress: the others are fetched as if they did not exist.</summary>
public sealed class StarvingLinksTests(ITestOutputHelper output)
{
    private const int Good = 4_000;
    private const int Starving = 200;
    private const int OneRow = 24 << 20; // a body of the maximum size while its buffer grows from 8 to 16 MiB
    private const int Picture = 138_000;

    private readonly VirtualTime _time = new();

    [Theory]
    [InlineData(16 << 20, 0, 256)]
    [InlineData(16 << 20, 100_000, 256)]
    [InlineData(16 << 20, 400_000, 256)]
    [InlineData(16 << 20, 1_000_000, 256)]
    [InlineData(16 << 20, 9_000_000, 256)]
    [InlineData(null, 0, 256)] // chunked, or compressed
    [InlineData(null, 1_000_000, 256)]
    [InlineData(16 << 20, 0, 32)]
    [InlineData(null, 0, 32)]
    public void RunAsync_SlowAnswersThatClaimMuch_DoNotStarveTheOthers(int? announced, int atOnce, int budgetMiB)
    {
        string[] good = [.. Enumerable.Range(0, Good).Select(i => $"http://good-{i % 2000}.example/{i}.png")];
        string[] bad = [.. Enumerable.Range(0, Starving).Select(i => $"http://starving-{i}.example/{i}.png")];
        string[] rows = [.. bad, .. good];

        TimeSpan alone = LastGood(good, announced, atOnce, budgetMiB);
        TimeSpan together = LastGood(rows, announced, atOnce, budgetMiB);

        output.WriteLine($"the last good picture came after {alone.TotalSeconds:F2} s alone, {together.TotalSeconds:F2} s together");
        Assert.InRange(together, TimeSpan.Zero, 1.3 * alone);
    }

    // What can hold: the good rows hardly notice a host whose links all take as long as they may, and the run waits for it as long as its settings say.
    [Theory]
    [InlineData(1, 200)]
    [InlineData(1, 2000)]
    [InlineData(10, 200)]
    public void RunAsync_LinksOfAStarvingHost_DelayNoOtherRowAndEndByTheirOwnLimits(int hosts, int links)
    {
        var limits = new DownloadOptions();
        string[] good = [.. Enumerable.Range(0, 5 * Good).Select(i => $"http://good-{i % 10_000}.example/{i}.png")];
        string[] rows = [.. good, .. Enumerable.Range(0, links).Select(i => $"http://starving-{i % hosts}.example/{i}.png")];
        new Random(7).Shuffle(rows);

        (_, TimeSpan alone, _) = Crawl(good);
        (string[] ends, TimeSpan together, TimeSpan end) = Crawl(rows);

        output.WriteLine($"the last good picture came after {alone.TotalSeconds:F2} s alone, {together.TotalSeconds:F2} s together; the last row ended after {end.TotalSeconds:F2} s");
        Assert.All(rows.Zip(ends),
            row => Assert.Contains(row.Second, row.First.StartsWith("http://good", StringComparison.Ordinal) ? ["ok"] : (string[])["timeout", "host_busy"]));
        Assert.InRange(together, TimeSpan.Zero, 1.3 * alone);
        Assert.InRange(end, TimeSpan.Zero, together + limits.MaxHostWait + limits.Timeout);
    }

    private (string[] Ends, TimeSpan LastGood, TimeSpan End) Crawl(string[] urls)
    {
        string[] ends = new string[urls.Length];
        TimeSpan lastGood = default;
        TimeSpan end = default;
        _time.Run(async () =>
        {
            using ModuleUnderTest module = Module(16 << 20, 1_000_000, 256 << 20, options => options.Concurrency = "256");
            long start = _time.GetTimestamp();
            int next = -1;
            await Task.WhenAll(Enumerable.Range(0, module.Monitor.CurrentValue.Queue.Parallelism).Select(async _ =>
            {
                for (int i = Interlocked.Increment(ref next); i < urls.Length; i = Interlocked.Increment(ref next))
                {
                    Step<FetchedImage> step = await module.Module.Stage.RunAsync(ModuleUnderTest.Row(urls[i], i), CancellationToken.None);
                    step.Row?.Dispose();
                    end = _time.GetElapsedTime(start);
                    ends[i] = ModuleUnderTest.Name(step);
                    if (step.Row is not null) { lastGood = end; }
                }
            }));
        });
        return (ends, lastGood, end);
    }

    private TimeSpan LastGood(string[] urls, int? announced, int atOnce, int budgetMiB)
    {
        TimeSpan last = default;
        _time.Run(async () =>
        {
            // More slots than such links: only memory is left to starve the others of.
            using ModuleUnderTest module = Module(announced, atOnce, (long)budgetMiB << 20, options => options.Concurrency = "1024");
            long start = _time.GetTimestamp();
            int next = -1;
            using var decoders = new SemaphoreSlim(4);
            await Task.WhenAll(Enumerable.Range(0, 2048).Select(async _ =>
            {
                for (int i = Interlocked.Increment(ref next); i < urls.Length; i = Interlocked.Increment(ref next))
                {
                    Step<FetchedImage> step = await module.Module.Stage.RunAsync(ModuleUnderTest.Row(urls[i], i), CancellationToken.None);
                    bool isGood = urls[i].StartsWith("http://good", StringComparison.Ordinal);
                    Assert.Equal(isGood ? "ok" : "timeout", ModuleUnderTest.Name(step));
                    if (isGood) { last = _time.GetElapsedTime(start); }
                    if (step.Row is null) { continue; }
                    await decoders.WaitAsync();
                    await Task.Delay(TimeSpan.FromMilliseconds(10), _time);
                    step.Row.Dispose();
                    decoders.Release();
                }
            }));
            Assert.Equal(0, module.Bodies.Held);
            Assert.InRange(module.Bodies.Peak, 1, module.Bodies.Capacity + OneRow);
        });
        return last;
    }

    /// <summary>
    /// Every request holds its step for as long as it may, and there are more requests than the slice has steps: all end, and those that make progress
    /// succeed.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData(1_000_000)]
    public void RunAsync_ManyGrowingBodiesInATinySlice_AllEnd(long budget)
    {
        string[] urls = [.. Enumerable.Range(0, 300).Select(i => $"http://{(i % 10 == 0 ? "starving" : "good")}-{i}.example/{i}.png")];
        (string End, TimeSpan Time)[] ends = [];
        _time.Run(async () =>
        {
            using ModuleUnderTest module = Module(16 << 20, 70_000, budget, options => options.Timeout = TimeSpan.FromSeconds(2));
            ends = await RowFeed.RunAsync(module.Module, urls, 256, _time);
            Assert.Equal(0, module.Bodies.Held);
            Assert.InRange(module.Bodies.Peak, 1, budget + OneRow);
        });

        Assert.All(ends.Where((_, i) => i % 10 != 0), end => Assert.Equal("ok", end.End));
        Assert.All(ends.Where((_, i) => i % 10 == 0), end => Assert.Equal("timeout", end.End));
    }

    private ModuleUnderTest Module(int? announced, int atOnce, long budget, Action<DownloadOptions> configure) => SimulatedCrawlTests.Module(
        _time,
        new LambdaWeb(async (request, abort) =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), _time, abort);
            bool isGood = request.RequestUri!.Host.StartsWith("good", StringComparison.Ordinal);
            var content = new StreamContent(isGood ? new MemoryStream(new byte[Picture]) : new DripStream(_time, atOnce, 1300));
            content.Headers.ContentLength = isGood ? Picture : announced;
            return new HttpResponseMessage { Content = content };
        }),
        options =>
        {
            options.MaxBytes = 16 << 20;
            configure(options);
        },
        budget: budget);
}
