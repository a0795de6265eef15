using System.Text;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Download.Policies;
using Microsoft.Extensions.Time.Testing;

namespace LaionStream.Engine.Tests.Download.Policies;

public sealed class PolicyCacheTests
{
    private static readonly ReadOnlyMemory<byte> Closed = Encoding.UTF8.GetBytes("User-agent: *\nDisallow: /x\n");

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task GetAsync_ManyAtOnce_FetchesOnce()
    {
        var answer = new TaskCompletionSource<PolicyFetchResult>();
        using var cache = new PolicyCache((_, _) => new ValueTask<PolicyFetchResult>(answer.Task), _clock);
        Task<RobotsFile>[] waits = [.. Enumerable.Range(0, 100).Select(_ => AskAsync(cache, "http://a", CancellationToken.None))];
        answer.SetResult(new PolicyFetchResult(200, Closed));
        RobotsFile[] files = await Task.WhenAll(waits);
        Assert.Equal(1, cache.Fetches);
        Assert.All(files, file => Assert.False(file.IsAllowed("bot", "/x")));
    }

    [Fact]
    public async Task GetAsync_AfterADay_FetchesAgain()
    {
        using var cache = Cache(new PolicyFetchResult(404, default));
        await AskAsync(cache, "http://a", CancellationToken.None);
        _clock.Advance(TimeSpan.FromHours(23));
        await AskAsync(cache, "http://a", CancellationToken.None);
        Assert.Equal(1, cache.Fetches);
        _clock.Advance(TimeSpan.FromHours(1));
        await AskAsync(cache, "http://a", CancellationToken.None);
        Assert.Equal(2, cache.Fetches);
    }

    [Fact]
    public async Task GetAsync_RobotsCannotBeFetched_DeniesAndRetriesSoon()
    {
        using var cache = Cache(new PolicyFetchResult(503, default));
        Assert.False((await AskAsync(cache, "http://a", CancellationToken.None)).IsAllowed("bot", "/"));
        _clock.Advance(TimeSpan.FromMinutes(11));
        await AskAsync(cache, "http://a", CancellationToken.None);
        Assert.Equal(2, cache.Fetches);
    }

    [Theory]
    [InlineData(DropReason.HostBusy)]
    [InlineData(DropReason.HostDown)]
    public async Task GetAsync_OwnLimitsRefused_IsRequestedAgainByTheNextRow(DropReason refused)
    {
        using var cache = Cache(PolicyFetchResult.Failed(refused));
        Assert.Equal(refused, (await AskAsync(cache, "http://a", CancellationToken.None)).Unreachable.Reason);
        await AskAsync(cache, "http://a", CancellationToken.None);
        Assert.Equal(2, cache.Fetches);
    }

    [Fact]
    public async Task GetAsync_MoreOriginsThanTheCacheHolds_EvictsTheLeastRecentlyUsed()
    {
        using var cache = new PolicyCache((_, _) => ValueTask.FromResult(new PolicyFetchResult(404, default)), _clock) { Capacity = 2 };
        foreach (string origin in new[] { "http://a", "http://b", "http://a", "http://c", "http://a" })
        {
            await AskAsync(cache, origin, CancellationToken.None);
        }

        Assert.Equal((2, 3), (cache.Count, cache.Fetches));
        await AskAsync(cache, "http://b", CancellationToken.None);
        Assert.Equal(4, cache.Fetches);
    }

    [Fact]
    public async Task GetAsync_LargeFiles_AreEvictedForTheByteLimit()
    {
        byte[] heavy = Encoding.UTF8.GetBytes("User-agent: *\n" + string.Concat(Enumerable.Range(0, 1000).Select(i => $"Disallow: /{i}\n")));
        using var cache = new PolicyCache((_, _) => ValueTask.FromResult(new PolicyFetchResult(200, heavy)), _clock) { MaxWeight = 200_000 };
        for (int i = 0; i < 10; i++)
        {
            await AskAsync(cache, $"http://{i}", CancellationToken.None);
        }

        Assert.InRange(cache.Count, 1, 3);
    }

    [Fact]
    public async Task GetAsync_CallerCancels_FetchContinuesForTheOthers()
    {
        var answer = new TaskCompletionSource<PolicyFetchResult>();
        using var cache = new PolicyCache((_, _) => new ValueTask<PolicyFetchResult>(answer.Task), _clock);
        using var gone = new CancellationTokenSource();
        Task<RobotsFile> first = AskAsync(cache, "http://a", gone.Token);
        Task<RobotsFile> second = AskAsync(cache, "http://a", CancellationToken.None);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        answer.SetResult(new PolicyFetchResult(200, Closed));
        Assert.False((await second).IsAllowed("bot", "/x"));
    }

    [Fact]
    public async Task GetAsync_FetchThrows_ReachesTheCallerAndIsForgotten()
    {
        int calls = 0;
        using var cache = new PolicyCache(
            (_, _) => ++calls == 1 ? throw new InvalidOperationException("a bug") : ValueTask.FromResult(new PolicyFetchResult(200, Closed)), _clock);
        await Assert.ThrowsAsync<InvalidOperationException>(() => AskAsync(cache, "http://a", CancellationToken.None));
        Assert.False((await AskAsync(cache, "http://a", CancellationToken.None)).IsAllowed("bot", "/x"));
    }

    [Fact]
    public async Task Dispose_FetchInProgress_EndsItsWaiters()
    {
        var cache = new PolicyCache(
            async (_, end) =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, end);
                return new PolicyFetchResult(200, Closed);
            },
            _clock);
        Task<RobotsFile> wait = AskAsync(cache, "http://a", CancellationToken.None);
        cache.Dispose();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    private PolicyCache Cache(PolicyFetchResult result) => new((_, _) => ValueTask.FromResult(result), _clock);

    [Theory]
    [InlineData(null, 24 * 60)]
    [InlineData(3600 * 2, 120)]
    [InlineData(3600 * 100, 24 * 60)] // at most a day
    [InlineData(0, 10)] // at least as long as a host rests that could not answer
    [InlineData(-5, 10)]
    public async Task GetAsync_FreshnessOfTheAnswer_BoundsItsLife(int? seconds, int minutes)
    {
        using var cache = Cache(new PolicyFetchResult(200, Closed) { Freshness = seconds is { } fresh ? TimeSpan.FromSeconds(fresh) : null });
        await AskAsync(cache, "http://a", CancellationToken.None);
        _clock.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
        await AskAsync(cache, "http://a", CancellationToken.None);
        Assert.Equal(1, cache.Fetches);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await AskAsync(cache, "http://a", CancellationToken.None);
        Assert.Equal(2, cache.Fetches);
    }

    [Fact]
    public async Task GetAsync_BothFilesOfAnOrigin_AreKeptApart()
    {
        var asked = new List<PolicyKey>();
        using var cache = new PolicyCache((key, _) =>
        {
            asked.Add(key);
            return ValueTask.FromResult(new PolicyFetchResult(200, Closed));
        }, _clock);

        Assert.IsType<RobotsFile>(await cache.GetAsync(new PolicyKey(PolicyKind.Robots, "http://a"), CancellationToken.None));
        Assert.IsType<TdmFile>(await cache.GetAsync(new PolicyKey(PolicyKind.Tdm, "http://a"), CancellationToken.None));
        Assert.Equal(["http://a/robots.txt", "http://a/.well-known/tdmrep.json"], asked.Select(key => key.Url));
        Assert.Equal(2, cache.Count);
    }

    private static async Task<RobotsFile> AskAsync(PolicyCache cache, string origin, CancellationToken abort) =>
        (RobotsFile)await cache.GetAsync(new PolicyKey(PolicyKind.Robots, origin), abort);
}
