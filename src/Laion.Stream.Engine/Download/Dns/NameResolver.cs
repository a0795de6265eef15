using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Net;
using LaionStream.Engine.Download.Settings;

namespace LaionStream.Engine.Download.Dns;

/// <summary>
/// Resolves names in process: remembers answers within TTL bounds, remembers what does not exist, joins look-ups of the same name,
/// and asks the next resolver where one fails.
/// </summary>
/// <remarks>
/// A first asks for A and only where there is none for AAAA: one query for nearly every name. A look-up that all its callers have left goes on to
/// its end (bounded by the query timeout) and fills the cache.
/// <para>
/// A look-up that is not answered in the time that most take gives its place to the next and waits on among the slow: resolvers that say nothing
/// for a few hundred names do not hold up the others.
/// </para>
/// </remarks>
internal sealed class NameResolver : IDisposable
{
    private const int FailuresUntilLast = 3;
    private const int SlowPerPlace = 8;
    private const int PatienceDivisor = 8; // of the time for one query; a quarter of a second by default

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

    /// <summary>Makes a resolver.</summary>
    /// <param name="options">Bounds.</param>
    /// <param name="servers">Resolvers in order of preference; at least one.</param>
    /// <param name="query">How to ask one.</param>
    /// <param name="clock">For the ages of answers.</param>
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

    /// <summary>Finds a name's addresses.</summary>
    /// <param name="name">A host as a URL serialises it: lower case ASCII.</param>
    /// <param name="abort">Ends the caller's wait, not the look-up.</param>
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

        _ = LookUpAsync(name, mine); // never throws: its answer goes into the entry, whoever still waits for it
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
            (answer, keep) = await AskInPlaceAsync(name);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            keep = TimeSpan.Zero; // the run ends
        }
        finally
        {
            // Whatever an answer may have done to its reader: nobody waits for ever.
            if (answer.Status == DnsStatus.NoSuchName) { Interlocked.Increment(ref _missing); }
            if (answer.Status == DnsStatus.Failed) { Interlocked.Increment(ref _failed); }
            entry.Settle(answer, _clock.GetTimestamp() + (long)(keep.TotalSeconds * _clock.TimestampFrequency));
        }
    }

    private async Task<(DnsAnswer Answer, TimeSpan Keep)> AskInPlaceAsync(string name)
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
        DnsReply reply = DnsReply.Silence;
        bool again = false;
        foreach (Server server in Order())
        {
            reply = await AskServerAsync(server, name, ipv6, again);
            if (reply.Status != DnsStatus.Failed) { return reply; }
            again = true;
        }

        // Datagrams get lost: the only resolver is worth a second question, as in resolv.conf(5), unless it did answer.
        return _servers.Length == 1 && reply.IsSilence ? await AskServerAsync(_servers[0], name, ipv6, again) : reply;
    }

    private async Task<DnsReply> AskServerAsync(Server server, string name, bool ipv6, bool again)
    {
        if (again) { Interlocked.Increment(ref _failovers); }
        Interlocked.Increment(ref _queries);
        DnsReply reply = await _query(server.EndPoint, name, ipv6, _stop.Token);
        if (reply.Status != DnsStatus.NoHandle) { server.Note(reply.Status != DnsStatus.Failed); }
        return reply;
    }

    // In order of preference, those that failed several times in a row last: each question pays a dead resolver's timeout at most until then.
    private IEnumerable<Server> Order() => _servers.Length == 1 ? _servers : _servers.OrderBy(static server => server.Failures >= FailuresUntilLast);

    private TimeSpan Clamp(TimeSpan ttl) => ttl < _options.MinTtl ? _options.MinTtl : ttl > _options.MaxTtl ? _options.MaxTtl : ttl;

    // One thread at a time throws out what has expired, then whatever comes first, down to nine tenths.
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

        public void Settle(DnsAnswer answer, long expires)
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
