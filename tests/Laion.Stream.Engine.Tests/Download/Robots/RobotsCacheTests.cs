using System.Text;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Download.Robots;
using Microsoft.Extensions.Time.Testing;

namespace LaionStream.Engine.Tests.Download.Robots;

public sealed class RobotsCacheTests
{
    private static readonly ReadOnlyMemory<byte> Closed = Encoding.UTF8.GetBytes("User-agent: *\nDisallow: /x\n");

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task GetAsync_ManyAtOnce_FetchesOnce()
    {
        var answer = new TaskCompletionSource<RobotsFetchResult>();
        using var cache = new RobotsCache((_, _) => new ValueTask<RobotsFetchResult>(answer.Task), _clock);
        Task<RobotsFile>[] waits = [.. Enumerable.Range(0, 100).Select(_ => cache.GetAsync("http://a", CancellationToken.None).AsTask())];
        answer.SetResult(new RobotsFetchResult(200, Closed));
        RobotsFile[] files = await Task.WhenAll(waits);
        Assert.Equal(1, cache.Fetches);
        Assert.All(files, file => Assert.False(file.IsAllowed("bot", "/x")));
    }

    [Fact]
    public async Task GetAsync_AfterADay_FetchesAgain()
    {
        using var cache = Cache(new RobotsFetchResult(404, default));
        await cache.GetAsync("http://a", CancellationToken.None);
        _clock.Advance(TimeSpan.FromHours(23));
        await cache.GetAsync("http://a", CancellationToken.None);
        Assert.Equal(1, cache.Fetches);
        _clock.Advance(TimeSpan.FromHours(1));
        await cache.GetAsync("http://a", CancellationToken.None);
        Assert.Equal(2, cache.Fetches);
    }

    [Fact]
    public async Task GetAsync_RobotsCannotBeFetched_DeniesAndRetriesSoon()
    {
        using var cache = Cache(new RobotsFetchResult(503, default));
        Assert.False((await cache.GetAsync("http://a", CancellationToken.None)).IsAllowed("bot", "/"));
        _clock.Advance(TimeSpan.FromMinutes(11));
        await cache.GetAsync("http://a", CancellationToken.None);
        Assert.Equal(2, cache.Fetches);
    }

    [Theory]
    [InlineData(DropReason.HostBusy)]
    [InlineData(DropReason.HostDown)]
    public async Task GetAsync_OwnLimitsRefused_IsRequestedAgainByTheNextRow(DropReason refused)
    {
        using var cache = Cache(RobotsFetchResult.Failed(refused));
        Assert.Equal(refused, (await cache.GetAsync("http://a", CancellationToken.None)).Unreachable.Reason);
        await cache.GetAsync("http://a", CancellationToken.None);
        Assert.Equal(2, cache.Fetches);
    }

    [Fact]
    public async Task GetAsync_MoreOriginsThanTheCacheHolds_EvictsTheLeastRecentlyUsed()
    {
        using var cache = new RobotsCache((_, _) => ValueTask.FromResult(new RobotsFetchResult(404, default)), _clock) { Capacity = 2 };
        foreach (string origin in new[] { "http://a", "http://b", "http://a", "http://c", "http://a" })
        {
            await cache.GetAsync(origin, CancellationToken.None);
        }

        Assert.Equal((2, 3), (cache.Count, cache.Fetches));
        await cache.GetAsync("http://b", CancellationToken.None);
        Assert.Equal(4, cache.Fetches);
    }

    [Fact]
    public async Task GetAsync_LargeFiles_AreEvictedForTheByteLimit()
    {
        byte[] heavy = Encoding.UTF8.GetBytes("User-agent: *\n" + string.Concat(Enumerable.Range(0, 1000).Select(i => $"Disallow: /{i}\n")));
        using var cache = new RobotsCache((_, _) => ValueTask.FromResult(new RobotsFetchResult(200, heavy)), _clock) { MaxWeight = 200_000 };
        for (int i = 0; i < 10; i++)
        {
            await cache.GetAsync($"http://{i}", CancellationToken.None);
        }

        Assert.InRange(cache.Count, 1, 3);
    }

    [Fact]
    public async Task GetAsync_CallerCancels_FetchContinuesForTheOthers()
    {
        var answer = new TaskCompletionSource<RobotsFetchResult>();
        using var cache = new RobotsCache((_, _) => new ValueTask<RobotsFetchResult>(answer.Task), _clock);
        using var gone = new CancellationTokenSource();
        Task<RobotsFile> first = cache.GetAsync("http://a", gone.Token).AsTask();
        Task<RobotsFile> second = cache.GetAsync("http://a", CancellationToken.None).AsTask();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        answer.SetResult(new RobotsFetchResult(200, Closed));
        Assert.False((await second).IsAllowed("bot", "/x"));
    }

    [Fact]
    public async Task GetAsync_FetchThrows_ReachesTheCallerAndIsForgotten()
    {
        int calls = 0;
        using var cache = new RobotsCache(
            (_, _) => ++calls == 1 ? throw new InvalidOperationException("a bug") : ValueTask.FromResult(new RobotsFetchResult(200, Closed)), _clock);
        await Assert.ThrowsAsync<InvalidOperationException>(() => cache.GetAsync("http://a", CancellationToken.None).AsTask());
        Assert.False((await cache.GetAsync("http://a", CancellationToken.None)).IsAllowed("bot", "/x"));
    }

    [Fact]
    public async Task Dispose_FetchInProgress_EndsItsWaiters()
    {
        var cache = new RobotsCache(
            async (_, end) =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, end);
                return new RobotsFetchResult(200, Closed);
            },
            _clock);
        Task<RobotsFile> wait = cache.GetAsync("http://a", CancellationToken.None).AsTask();
        cache.Dispose();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    private RobotsCache Cache(RobotsFetchResult result) => new((_, _) => ValueTask.FromResult(result), _clock);
}
