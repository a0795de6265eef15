using System.Net;
using LaionStream.Engine.Download;
using LaionStream.Engine.Download.Dns;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Flow;
using Xunit.Abstractions;

namespace LaionStream.Engine.Tests.Download;

/// <summary>Names that the resolvers do not answer for, or answer late: the rows of other names are fetched meanwhile.</summary>
public sealed class StarvingNamesTests(ITestOutputHelper output)
{
    private static readonly TimeSpan LookUp = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Answer = TimeSpan.FromMilliseconds(50);

    // No answer for a bad name comes before the last good row has ended: whatever the machine's speed, a good row that waits for one never ends.
    [Theory]
    [InlineData(200, 256)]
    [InlineData(1_500, 256)]
    [InlineData(1_500, 16)] // concurrent requests: a name that is looked up takes none of them
    public async Task RunAsync_NamesWithoutAnAnswer_KeepNoOtherRowWaiting(int names, int concurrency)
    {
        string[] good = Urls("good", 400);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        string[] bad = Urls("mute", names);

        (string[] ends, _) = await CrawlAsync([.. bad, .. good], concurrency, async abort =>
        {
            await done.Task.WaitAsync(abort);
            return DnsReply.NoReply;
        }, done.SetResult).WaitAsync(TimeSpan.FromMinutes(2));

        Assert.All(ends[..names], end => Assert.Equal("dns_failed", end));
        Assert.All(ends[names..], end => Assert.Equal("ok", end));
    }

    [SkippableTheory]
    [Trait("Category", "Soak")]
    [InlineData("mute", 200)]
    [InlineData("mute", 2_000)]
    [InlineData("mute", 10_000)]
    [InlineData("slow", 2_000)]
    public async Task RunAsync_NamesWithoutAnAnswerInTime_CostWhatTheContractSays(string kind, int names)
    {
        Skip.IfNot(TestWorld.Soak.IsOn, TestWorld.Soak.OffReason);
        TimeSpan limit = new DnsOptions().QueryTimeout;
        string[] good = Urls("good", 20_000);
        string[] rows = [.. good, .. Urls("bad", names)];
        new Random(7).Shuffle(rows);
        async Task<DnsReply> BadAsync(CancellationToken abort)
        {
            await Task.Delay(kind == "mute" ? limit : 0.9 * limit, abort);
            return kind == "mute" ? DnsReply.NoReply : new DnsReply(DnsStatus.NoSuchName, [], TimeSpan.Zero);
        }

        await CrawlAsync(good, 256, BadAsync, () => { }); // compiles what is measured
        (_, TimeSpan alone) = await CrawlAsync(good, 256, BadAsync, () => { });
        (string[] ends, TimeSpan together) = await CrawlAsync(rows, 256, BadAsync, () => { });

        output.WriteLine($"{names} {kind} names: the last good picture came after {alone.TotalSeconds:F2} s alone, {together.TotalSeconds:F2} s together");
        Assert.Equal(good.Length, ends.Count(end => end == "ok"));
    }

    private static string[] Urls(string kind, int count) => [.. Enumerable.Range(0, count).Select(i => $"http://{kind}-{i}.example/{i}.png")];

    private static async Task<(string[] Ends, TimeSpan LastGood)> CrawlAsync(
        string[] urls, int concurrency, Func<CancellationToken, Task<DnsReply>> answerBad, Action lastGood)
    {
        var defaults = new DownloadOptions();
        var web = new LambdaWeb(async (_, abort) =>
        {
            await Task.Delay(Answer, abort);
            return new HttpResponseMessage { Content = new ByteArrayContent(new byte[20_000]) };
        });
        using var module = new ModuleUnderTest(options =>
        {
            (options.Timeout, options.ConnectTimeout, options.ThroughputWindow) = (TimeSpan.FromMinutes(3), defaults.ConnectTimeout, defaults.ThroughputWindow);
            options.Concurrency = concurrency.ToString(System.Globalization.CultureInfo.InvariantCulture);
            options.Outage.After = TimeSpan.Zero; // the last rows fail all at once
        }, async (_, name, _, abort) =>
        {
            if (!name.StartsWith("good", StringComparison.Ordinal)) { return await answerBad(abort); }
            await Task.Delay(LookUp, abort);
            return new DnsReply(DnsStatus.Found, [IPAddress.Loopback], TimeSpan.FromHours(1));
        }, http: web);
        var ends = new string[urls.Length];
        long start = TimeProvider.System.GetTimestamp();
        TimeSpan last = default;
        int next = -1;
        int good = urls.Count(IsGood);
        await Task.WhenAll(Enumerable.Range(0, defaults.Queue.Parallelism).Select(async _ =>
        {
            for (int i = Interlocked.Increment(ref next); i < urls.Length; i = Interlocked.Increment(ref next))
            {
                Step<FetchedImage> step = await module.Module.Stage.RunAsync(ModuleUnderTest.Row(urls[i], i), CancellationToken.None);
                step.Row?.Dispose();
                ends[i] = ModuleUnderTest.Name(step);
                if (!IsGood(urls[i]) || Interlocked.Decrement(ref good) > 0) { continue; }
                last = TimeProvider.System.GetElapsedTime(start);
                lastGood();
            }
        }));
        return (ends, last);
    }

    private static bool IsGood(string url) => url.StartsWith("http://good", StringComparison.Ordinal);
}
