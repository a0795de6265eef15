using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Net;
using LaionStream.Engine.Download.Settings;

namespace LaionStream.Engine.Download.Dns;

/// <summary>
/// Resolves names in process: caches answers within bounds on their TTL, caches that a name does not exist, merges concurrent lookups of one name,
/// and asks the next resolver when one fails.
/// </summary>
/// <remarks>
/// A lookup asks for A records first, and for AAAA only if there are none: one query for nearly every name. A lookup whose callers have all been cancelled
/// still completes (within the query timeout) and fills the cache.
/// <para>
/// The number of concurrent lookups is bounded. A lookup that takes longer than most releases its place and continues in a separate, larger bound for
/// slow ones: names that the resolvers do not answer, even a few hundred of them, do not delay the others.
/// </para>
/// </remarks>
internal sealed class NameResolver : IDisposable
{
    private const int FailuresUntilLast = 3;
    private const int SlowPerPlace = 8;
    private const int PatienceDivisor = 8; // a lookup counts as slow after the query timeout divided by this: a quarter of a second by default

    private readonly ConcurrentDictionary<string, Entry> _cache = new(StringComparer.Ordinal);
    private readonly FrozenDictionary<string, DnsAnswer> _hosts;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _places;
    private readonly SemaphoreSlim _slowPlaces;
    private readonly DnsOptions _options;
    private readonly TimeProvider _clock;
    private readonly DnsQuery _query;
    private readonly Server[] _servers;
    private long _lookups;
    private long _hits;
    private long _coalesced;
    private long _queries;
    private long _failovers;
    private long _missing;
    private long _failed;
    private int _evicting;

    /// <summary>Creates a resolver.</summary>
    /// <param name="options">Bounds and timeouts.</param>
    /// <param name="servers">Resolvers in order of preference; at least one.</param>
    /// <param name="query">Sends one query to one resolver.</param>
    /// <param name="clock">Measures the age of answers.</param>
    public NameResolver(DnsOptions options, IReadOnlyList<IPEndPoint> servers, DnsQuery query, TimeProvider clock)
    {
        ArgumentOutOfRangeException.ThrowIfZero(servers.Count);
        _options = options;
        _clock = clock;
        _query = query;
        _servers = [.. servers.Select(server => new Server(server))];
        _places = new SemaphoreSlim(options.MaxQueries);
        _slowPlaces = new SemaphoreSlim(options.MaxQueries * SlowPerPlace);
        _hosts = HostsFile.Parse(File.Exists(options.HostsFile) ? File.ReadLines(options.HostsFile) : []);
    }

    /// <summary>Counts since the start.</summary>
    public DnsCounters Counters => new(
        Interlocked.Read(ref _lookups), Interlocked.Read(ref _hits), Interlocked.Read(ref _coalesced), Interlocked.Read(ref _queries),
        Interlocked.Read(ref _failovers), Interlocked.Read(ref _missing), Interlocked.Read(ref _failed), _cache.Count);

    /// <summary>Called when a resolver has answered a query.</summary>
    public Action? Answered { get; set; }

    /// <summary>What the cache says of a name; null when it does not know it.</summary>
    public DnsAnswer? Peek(string name) => _cache.TryGetValue(name, out Entry? entry) ? entry.Answer : null;

    /// <summary>Removes a name from the cache, unless it is being looked up.</summary>
    public void Forget(string name)
    {
        if (_cache.TryGetValue(name, out Entry? entry) && entry.Answer is not null) { _cache.TryRemove(KeyValuePair.Create(name, entry)); }
    }

    /// <summary>Removes the names that no resolver answered for from the cache.</summary>
    public void ForgetFailures()
    {
        foreach ((string name, Entry entry) in _cache)
        {
            if (entry.Answer is { Status: DnsStatus.Failed }) { _cache.TryRemove(KeyValuePair.Create(name, entry)); }
        }
    }

    /// <summary>Finds a name's addresses.</summary>
    /// <param name="name">A host as a URL serialises it: lower case ASCII.</param>
    /// <param name="abort">Ends the caller's wait, not the lookup.</param>
    public ValueTask<DnsAnswer> ResolveAsync(string name, CancellationToken abort)
    {
        Interlocked.Increment(ref _lookups);
        if (_hosts.TryGetValue(name, out DnsAnswer? listed))
        {
            Interlocked.Increment(ref _hits);
            return ValueTask.FromResult(listed);
        }

        if (_cache.TryGetValue(name, out Entry? known) && known.IsUsable(_clock.GetTimestamp()))
        {
            return JoinAsync(known, abort);
        }

        var mine = new Entry();
        Entry current = _cache.AddOrUpdate(name, static (_, fresh) => fresh.Mine, static (_, old, fresh) => old.IsUsable(fresh.Now) ? old : fresh.Mine,
            (Mine: mine, Now: _clock.GetTimestamp()));
        if (!ReferenceEquals(current, mine)) { return JoinAsync(current, abort); }

        _ = LookUpAsync(name, mine); // never throws: it completes the entry, whether or not anyone still waits for it
        if (_cache.Count > _options.CacheSize) { Evict(); }
        return new ValueTask<DnsAnswer>(mine.Pending.Task.WaitAsync(abort));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private ValueTask<DnsAnswer> JoinAsync(Entry entry, CancellationToken abort)
    {
        if (entry.Answer is { } answer)
        {
            Interlocked.Increment(ref _hits);
            return ValueTask.FromResult(answer);
        }

        Interlocked.Increment(ref _coalesced);
        return new ValueTask<DnsAnswer>(entry.Pending.Task.WaitAsync(abort));
    }

    private async Task LookUpAsync(string name, Entry entry)
    {
        DnsAnswer answer = DnsAnswer.Failed;
        TimeSpan keep = _options.FailureTtl;
        try
        {
            (answer, keep) = await AskBoundedAsync(name);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            keep = TimeSpan.Zero; // the run is ending
        }
        finally
        {
            // Always completes the entry, even after an unexpected exception, so that no caller waits for ever.
            if (answer.Status is DnsStatus.Found or DnsStatus.NoSuchName) { Answered?.Invoke(); }
            if (answer.Status == DnsStatus.NoSuchName) { Interlocked.Increment(ref _missing); }
            if (answer.Status == DnsStatus.Failed) { Interlocked.Increment(ref _failed); }
            entry.Complete(answer, _clock.GetTimestamp() + (long)(keep.TotalSeconds * _clock.TimestampFrequency));
        }
    }

    private async Task<(DnsAnswer Answer, TimeSpan Keep)> AskBoundedAsync(string name)
    {
        SemaphoreSlim held = _places;
        await held.WaitAsync(_stop.Token);
        try
        {
            Task<(DnsAnswer, TimeSpan)> asking = AskAsync(name);
            await ((Task)asking).WaitAsync(_options.QueryTimeout / PatienceDivisor, _clock)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            if (!asking.IsCompleted && _slowPlaces.Wait(0))
            {
                held.Release();
                held = _slowPlaces;
            }

            return await asking;
        }
        finally
        {
            held.Release();
        }
    }

    private async Task<(DnsAnswer Answer, TimeSpan Keep)> AskAsync(string name)
    {
        DnsReply reply = await AskServersAsync(name, ipv6: false);
        if (reply is { Status: DnsStatus.Found, Addresses.Length: 0 }) { reply = await AskServersAsync(name, ipv6: true); }

        return reply.Status switch
        {
            DnsStatus.Found when reply.Addresses.Length > 0 => (DnsAnswer.Found(reply.Addresses), Clamp(reply.Ttl)),
            DnsStatus.NoHandle => (DnsAnswer.NoHandle, TimeSpan.Zero),
            DnsStatus.Failed => (DnsAnswer.Failed, _options.FailureTtl),
            _ => (DnsAnswer.NoSuchName, _options.NegativeTtl),
        };
    }

    private async Task<DnsReply> AskServersAsync(string name, bool ipv6)
    {
        DnsReply reply = DnsReply.NoReply;
        bool again = false;
        foreach (Server server in Order())
        {
            reply = await AskServerAsync(server, name, ipv6, again);
            if (reply.Status != DnsStatus.Failed) { return reply; }
            again = true;
        }

        // Datagrams get lost: a single resolver is asked a second time, as in resolv.conf(5), unless it did respond.
        return _servers.Length == 1 && reply.IsNoReply ? await AskServerAsync(_servers[0], name, ipv6, again) : reply;
    }

    private async Task<DnsReply> AskServerAsync(Server server, string name, bool ipv6, bool again)
    {
        if (again) { Interlocked.Increment(ref _failovers); }
        Interlocked.Increment(ref _queries);
        DnsReply reply = await _query(server.EndPoint, name, ipv6, _stop.Token);
        if (reply.Status != DnsStatus.NoHandle) { server.Note(reply.Status != DnsStatus.Failed); }
        return reply;
    }

    // In order of preference, with servers that failed several times in a row last: a dead server costs its timeout only until then.
    private IEnumerable<Server> Order() => _servers.Length == 1 ? _servers : _servers.OrderBy(static server => server.Failures >= FailuresUntilLast);

    private TimeSpan Clamp(TimeSpan ttl) => ttl < _options.MinTtl ? _options.MinTtl : ttl > _options.MaxTtl ? _options.MaxTtl : ttl;

    // One thread at a time removes expired entries, then arbitrary ones, until the cache is nine tenths full.
    private void Evict()
    {
        if (Interlocked.Exchange(ref _evicting, 1) == 1) { return; }
        long now = _clock.GetTimestamp();
        int target = _options.CacheSize - (_options.CacheSize / 10);
        foreach ((string name, Entry entry) in _cache)
        {
            if (!entry.IsUsable(now)) { _cache.TryRemove(KeyValuePair.Create(name, entry)); }
        }

        int surplus = _cache.Count - target;
        foreach ((string name, Entry entry) in _cache)
        {
            if (surplus <= 0) { break; }
            if (entry.Answer is not null && _cache.TryRemove(KeyValuePair.Create(name, entry))) { surplus--; }
        }

        Volatile.Write(ref _evicting, 0);
    }

    private sealed class Entry
    {
        private long _expires = long.MaxValue;
        private volatile DnsAnswer? _answer;

        public TaskCompletionSource<DnsAnswer> Pending { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public DnsAnswer? Answer => _answer;

        public bool IsUsable(long now) => now < Volatile.Read(ref _expires);

        public void Complete(DnsAnswer answer, long expires)
        {
            Volatile.Write(ref _expires, expires);
            _answer = answer;
            Pending.TrySetResult(answer);
        }
    }

    private sealed class Server(IPEndPoint endPoint)
    {
        private int _failures;

        public IPEndPoint EndPoint { get; } = endPoint;

        public int Failures => Volatile.Read(ref _failures);

        public void Note(bool answered)
        {
            if (answered) { Volatile.Write(ref _failures, 0); }
            else { Interlocked.Increment(ref _failures); }
        }
    }
}
