using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Download.Policies;

/// <summary>
/// The files of recently used origins that say what may be done with their addresses. Concurrent callers share one fetch; a file is kept as long as its server
/// says, at most a day; number and size are bounded.
/// </summary>
internal sealed class PolicyCache : IDisposable
{
    private readonly Func<PolicyKey, CancellationToken, ValueTask<PolicyFetchResult>> _fetch;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _disposed = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<PolicyKey, LinkedListNode<PolicyCacheEntry>> _entries = [];
    private readonly LinkedList<PolicyCacheEntry> _recent = new(); // most recently used first
    private long _weight;
    private long _fetches;

    /// <summary>Creates an empty cache.</summary>
    /// <param name="fetch">
    /// Fetches a file of an origin (<c>https://example.com:8443</c>), following up to five redirects. It ends within its own deadline and turns every failure
    /// into an outcome; its token belongs to the cache, not to a single caller.
    /// </param>
    /// <param name="clock">Measures the age of entries.</param>
    public PolicyCache(Func<PolicyKey, CancellationToken, ValueTask<PolicyFetchResult>> fetch, TimeProvider clock)
    {
        _fetch = fetch;
        _clock = clock;
    }

    /// <summary>Maximum number of files; beyond it the least recently used one is removed.</summary>
    /// <value>Default 100,000.</value>
    public int Capacity { get; init; } = 100_000;

    /// <summary>Maximum size of all rules, roughly, in bytes.</summary>
    /// <value>Default 128 MiB.</value>
    public long MaxWeight { get; init; } = 128L << 20;

    /// <summary>How long an answer is valid at most, and where its server says nothing; RFC 9309 2.4 advises a day at most.</summary>
    /// <value>Default 24 h.</value>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// How long a host that could not answer is forbidden before it is asked again, and how long an answer is valid at least: a server that forbids caching is
    /// not asked for every picture.
    /// </summary>
    /// <value>Default 10 min.</value>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Number of files in the cache.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Fetches begun.</summary>
    public long Fetches => Interlocked.Read(ref _fetches);

    /// <summary>A file of an origin, fetched if it is not in the cache.</summary>
    /// <param name="key">The file.</param>
    /// <param name="abort">Ends this caller's wait; the fetch continues for the others.</param>
    /// <exception cref="OperationCanceledException">The wait was ended, or the cache was disposed.</exception>
    public ValueTask<IPolicyFile> GetAsync(PolicyKey key, CancellationToken abort)
    {
        (PolicyCacheEntry entry, bool isNew) = FindOrAdd(key);
        if (isNew)
        {
            _ = FillAsync(entry); // never faults: failures are passed to the waiting callers
        }

        return new ValueTask<IPolicyFile>(entry.File.IsCompleted ? entry.File : entry.File.WaitAsync(abort));
    }

    /// <summary>Removes the files that could not be fetched.</summary>
    public void ForgetFailures()
    {
        lock (_lock)
        {
#pragma warning disable RS0030 // the task has completed: nothing is waited for
            LinkedListNode<PolicyCacheEntry>[] failed =
                [.. _entries.Values.Where(node => node.Value.File is { IsCompletedSuccessfully: true, Result.Unreachable.Reason: not DropReason.None })];
#pragma warning restore RS0030
            foreach (LinkedListNode<PolicyCacheEntry> node in failed) { Remove(node); }
        }
    }

    /// <summary>Cancels the fetches in progress.</summary>
    public void Dispose() => _disposed.Cancel();

    private (PolicyCacheEntry Entry, bool IsNew) FindOrAdd(PolicyKey key)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(key, out LinkedListNode<PolicyCacheEntry>? node))
            {
                if (!node.Value.HasExpired(_clock.GetUtcNow()))
                {
                    _recent.Remove(node);
                    _recent.AddFirst(node);
                    return (node.Value, false);
                }

                Remove(node);
            }

            var entry = new PolicyCacheEntry(key);
            _entries.Add(key, _recent.AddFirst(entry));
            Trim();
            return (entry, true);
        }
    }

    private async Task FillAsync(PolicyCacheEntry entry)
    {
        Interlocked.Increment(ref _fetches);
        try
        {
            PolicyFetchResult result = await _fetch(entry.Key, _disposed.Token);
            IPolicyFile file = entry.Key.Read(result);
            lock (_lock)
            {
                entry.Weight = file.Weight;
                entry.ExpiresAt = _clock.GetUtcNow() + LifeOf(result);
                if (_entries.TryGetValue(entry.Key, out LinkedListNode<PolicyCacheEntry>? node) && node.Value == entry)
                {
                    _weight += entry.Weight;
                    Trim();
                }
            }

            entry.Complete(file);
        }
        catch (Exception e)
        {
            // Passed to all waiting callers and not cached, so that the next caller fetches again.
            lock (_lock)
            {
                if (_entries.TryGetValue(entry.Key, out LinkedListNode<PolicyCacheEntry>? node) && node.Value == entry)
                {
                    Remove(node);
                }
            }

            entry.Fail(e);
        }
    }

    private TimeSpan LifeOf(in PolicyFetchResult result) =>
        result.IsLocal ? TimeSpan.Zero
        : result.Outcome == PolicyOutcome.Deny ? RetryAfter
        : result.Freshness is not { } fresh || fresh > TimeToLive ? TimeToLive
        : fresh > RetryAfter ? fresh : RetryAfter;

    private void Trim()
    {
        while (_entries.Count > Capacity || (_weight > MaxWeight && _entries.Count > 1))
        {
            Remove(_recent.Last!);
        }
    }

    private void Remove(LinkedListNode<PolicyCacheEntry> node)
    {
        _entries.Remove(node.Value.Key);
        _recent.Remove(node);
        _weight -= node.Value.Weight;
    }
}
