using System.Net;
using LaionStream.Engine.Download.Dns;
using LaionStream.Engine.Download.Settings;
using Microsoft.Extensions.Time.Testing;

namespace LaionStream.Engine.Tests.Download.Dns;

public sealed class NameResolverTests
{
    private static readonly IPAddress Address = IPAddress.Parse("93.184.216.34");
    private readonly FakeTimeProvider _clock = new();
    private readonly DnsOptions _options = new() { HostsFile = "", MinTtl = TimeSpan.FromSeconds(10), MaxTtl = TimeSpan.FromMinutes(10) };
    private int _queries;

    [Fact]
    public async Task ResolveAsync_AMillionLookups_QueryEachNameOnce()
    {
        using NameResolver names = CreateResolver((_, _, _, _) => Answer(3600));
        string[] hosts = [.. Enumerable.Range(0, 10_000).Select(i => $"host{i}.example")];

        for (int i = 0; i < 1_000_000; i++) { Assert.Equal(DnsStatus.Found, (await names.ResolveAsync(hosts[i % hosts.Length], default)).Status); }

        Assert.Equal(10_000, names.Counters.Queries);
        Assert.Equal(990_000, names.Counters.Hits);
    }

    [Theory]
    [InlineData(1, 9, 1)] // a TTL of a second is cached for the minimum time
    [InlineData(1, 11, 2)]
    [InlineData(60, 59, 1)]
    [InlineData(60, 61, 2)]
    [InlineData(86400, 601, 2)] // and a day for the maximum
    public async Task ResolveAsync_Ttl_IsKeptWithinBounds(int ttl, int seconds, int queries)
    {
        using NameResolver names = CreateResolver((_, _, _, _) => Answer(ttl));
        await names.ResolveAsync("a.example", default);
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        await names.ResolveAsync("a.example", default);

        Assert.Equal(queries, _queries);
    }

    [Fact]
    public async Task ResolveAsync_NoSuchName_IsRemembered()
    {
        using NameResolver names = CreateResolver((_, _, _, _) => Task.FromResult(new DnsReply(DnsStatus.NoSuchName, [], default)));

        for (int i = 0; i < 10; i++) { Assert.Equal(DnsStatus.NoSuchName, (await names.ResolveAsync("nowhere.example", default)).Status); }

        Assert.Equal(1, _queries);
    }

    [Fact]
    public async Task ResolveAsync_ManyAtOnce_ShareOneQuery()
    {
        var answer = new TaskCompletionSource<DnsReply>();
        using NameResolver names = CreateResolver((_, _, _, _) => answer.Task);
        using var impatient = new CancellationTokenSource();
        Task<DnsAnswer> first = names.ResolveAsync("a.example", impatient.Token).AsTask();
        Task<DnsAnswer>[] others = [.. Enumerable.Range(0, 100).Select(_ => names.ResolveAsync("a.example", default).AsTask())];

        await impatient.CancelAsync(); // the first caller cancels; the look-up continues
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        answer.SetResult(new DnsReply(DnsStatus.Found, [Address], TimeSpan.FromMinutes(1)));

        Assert.All(await Task.WhenAll(others), found => Assert.Equal([Address], found.Addresses));
        Assert.Equal(1, _queries);
        Assert.Equal(100, names.Counters.Coalesced);
    }

    [Fact]
    public async Task ResolveAsync_FirstResolverFails_QueriesTheNextAndRemembersIt()
    {
        var asked = new List<int>();
        using NameResolver names = CreateResolver((server, _, _, _) =>
        {
            asked.Add(server.Port);
            return server.Port == 1 ? Task.FromResult(DnsReply.Failed) : Answer(60);
        });

        for (int i = 0; i < 5; i++) { Assert.Equal(DnsStatus.Found, (await names.ResolveAsync($"{i}.example", default)).Status); }

        Assert.Equal([1, 2, 1, 2, 1, 2, 2, 2], asked);
        Assert.Equal(3, names.Counters.Failovers);
    }

    [Fact]
    public async Task ResolveAsync_AllResolversFail_FailsAndRetriesSoon()
    {
        using NameResolver names = CreateResolver((_, _, _, _) => Task.FromResult(DnsReply.Failed));

        Assert.Equal(DnsStatus.Failed, (await names.ResolveAsync("a.example", default)).Status);
        await names.ResolveAsync("a.example", default);
        Assert.Equal(2, _queries);
        _clock.Advance(TimeSpan.FromSeconds(11));
        await names.ResolveAsync("a.example", default);
        Assert.Equal(4, _queries);
    }

    [Fact]
    public async Task ResolveAsync_UnexpectedException_EndsTheWait()
    {
        using NameResolver names = CreateResolver((_, _, _, _) => Task.FromException<DnsReply>(new InvalidCastException()));

        Assert.Equal(DnsStatus.Failed, (await names.ResolveAsync("a.example", default)).Status);
    }

    [Fact]
    public async Task ResolveAsync_NameWithIpv6Only_IsFound()
    {
        using NameResolver names = CreateResolver((_, _, ipv6, _) =>
            Task.FromResult(new DnsReply(DnsStatus.Found, ipv6 ? [IPAddress.Parse("2606:4700::1111")] : [], TimeSpan.FromMinutes(1))));

        Assert.Equal(IPAddress.Parse("2606:4700::1111"), Assert.Single((await names.ResolveAsync("six.example", default)).Addresses));
        Assert.Equal(2, _queries);
    }

    [Fact]
    public async Task ResolveAsync_HostsFile_GoesFirst()
    {
        _options.HostsFile = Path.Combine(Directory.CreateTempSubdirectory("hosts").FullName, "hosts");
        await File.WriteAllTextAsync(_options.HostsFile, "# ours\n10.1.2.3\tbox.example Alias.example # both\nnonsense here\n::1 box6\n");
        using NameResolver names = CreateResolver((_, _, _, _) => Answer(60));

        Assert.Equal("10.1.2.3", Assert.Single((await names.ResolveAsync("alias.example", default)).Addresses).ToString());
        Assert.Equal(0, _queries);
    }

    [Fact]
    public async Task ResolveAsync_MoreNamesThanTheCacheHolds_StaysBounded()
    {
        _options.CacheSize = 1000;
        using NameResolver names = CreateResolver((_, _, _, _) => Answer(60));

        for (int i = 0; i < 20_000; i++) { await names.ResolveAsync($"{i}.example", default); }

        Assert.InRange(names.Counters.Cached, 1, 1001);
    }

    [Fact]
    public async Task ResolveAsync_UnansweredNames_DoNotDelayOthers()
    {
        _options.MaxQueries = 4;
        int open = 0;
        using NameResolver names = CreateResolver((_, name, _, abort) => name == "good.example" ? Answer(60) : HangAsync(abort));
        _ = Enumerable.Range(0, 15).Select(i => names.ResolveAsync($"silent{i}.example", default)).ToArray();
        Task<DnsAnswer> good = names.ResolveAsync("good.example", default).AsTask();

        for (int eighth = 1; eighth <= 3; eighth++)
        {
            await UntilAsync(() => Volatile.Read(ref open) == 4 * eighth);
            Assert.False(good.IsCompleted);
            _clock.Advance(_options.QueryTimeout / 8);
        }

        Assert.Equal(DnsStatus.Found, (await good.WaitAsync(TimeSpan.FromMinutes(1))).Status);

        Task<DnsReply> HangAsync(CancellationToken abort)
        {
            Interlocked.Increment(ref open);
            return new TaskCompletionSource<DnsReply>().Task.WaitAsync(abort);
        }
    }

    [Fact]
    public async Task ResolveAsync_NoNameIsAnswered_StaysBounded()
    {
        _options.MaxQueries = 4;
        int open = 0;
        using NameResolver names = CreateResolver((_, _, _, abort) =>
        {
            Interlocked.Increment(ref open);
            return new TaskCompletionSource<DnsReply>().Task.WaitAsync(abort);
        });
        _ = Enumerable.Range(0, 1000).Select(i => names.ResolveAsync($"silent{i}.example", default)).ToArray();

        for (int eighth = 1; eighth <= 9; eighth++)
        {
            await UntilAsync(() => Volatile.Read(ref open) == 4 * eighth);
            _clock.Advance(_options.QueryTimeout / 8);
        }

        await Task.Delay(100); // another query would have arrived at once
        Assert.Equal(36, Volatile.Read(ref open));
    }

    [Theory]
    [InlineData(true, DnsStatus.Found, 2)] // a datagram was lost
    [InlineData(false, DnsStatus.Failed, 1)] // SERVFAIL
    public async Task ResolveAsync_OnlyResolverDoesNotReply_IsAskedAgain(bool silent, object status, int questions)
    {
        int asked = 0;
        DnsReply first = silent ? DnsReply.NoReply : DnsReply.Failed;
        using var names = new NameResolver(
            _options, [new IPEndPoint(IPAddress.Loopback, 1)], (_, _, _, _) => ++asked == 1 ? Task.FromResult(first) : Answer(60), _clock);

        Assert.Equal(status, (await names.ResolveAsync("a.example", default)).Status);
        Assert.Equal((questions, questions - 1), (asked, (int)names.Counters.Failovers));
    }

    [Fact]
    public void Parse_ResolvConf_TakesNameservers()
    {
        string[] lines = ["# a comment", "search example.org", "nameserver 10.0.0.53", "nameserver 2001:db8::53", "nameserver nonsense", "options ndots:5"];

        Assert.Equal(["10.0.0.53:53", "[2001:db8::53]:53"], ResolvConf.Parse(lines).Select(server => server.ToString()));
        Assert.Equal("127.0.0.1:53", Assert.Single(ResolvConf.Parse([])).ToString());
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        for (int i = 0; !isSo(); i++)
        {
            Assert.True(i < 6000, "Waited a minute for it.");
            await Task.Delay(10);
        }
    }

    private static Task<DnsReply> Answer(int ttl) => Task.FromResult(new DnsReply(DnsStatus.Found, [Address], TimeSpan.FromSeconds(ttl)));

    private NameResolver CreateResolver(DnsQuery query) =>
        new(_options, [new IPEndPoint(IPAddress.Loopback, 1), new IPEndPoint(IPAddress.Loopback, 2)], (server, name, ipv6, abort) =>
    {
        Interlocked.Increment(ref _queries);
        return query(server, name, ipv6, abort);
    }, _clock);
}
