namespace LaionStream.Engine.Download.Robots;

/// <summary>The robots.txt files of recently used origins. Concurrent callers share one fetch; a file is kept for a day; number and size are bounded.</summary>
internal sealed class RobotsCache : IDisposable
{
    private readonly Func<string, CancellationToken, ValueTask<RobotsFetchResult>> _fetch;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _disposed = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<RobotsCacheEntry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<RobotsCacheEntry> _recent = new(); // most recently used first
    private long _weight;
    private long _fetches;

    /// <summary>Creates an empty cache.</summary>
    /// <param name="fetch">
    /// Fetches <c>/robots.txt</c> of an origin (<c>https://example.com:8443</c>), following up to five redirects. It ends within its own deadline and turns
    /// every failure into an outcome; its token belongs to the cache, not to a single caller.
    /// </param>
    /// <param name="clock">Measures the age of entries.</param>
    public RobotsCache(Func<string, CancellationToken, ValueTask<RobotsFetchResult>> fetch, TimeProvider clock)
    {
        _fetch = fetch;
        _clock = clock;
    }

    /// <summary>Maximum number of origins; beyond it the least recently used one is removed.</summary>
    /// <value>Default 100,000.</value>
    public int Capacity { get; init; } = 100_000;

    /// <summary>Maximum size of all rules, roughly, in bytes.</summary>
    /// <value>Default 128 MiB.</value>
    public long MaxWeight { get; init; } = 128L << 20;

    /// <summary>How long an answer is valid; RFC 9309 2.4 advises a day at most.</summary>
    /// <value>Default 24 h.</value>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How long a host that could not answer is forbidden before it is asked again.</summary>
    /// <value>Default 10 min.</value>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Number of origins in the cache.</summary>
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

    /// <summary>The rules of an origin, fetched if they are not in the cache.</summary>
    /// <param name="origin">Scheme, host and port as <see cref="LaionStream.Text.Urls.WebUrl.Origin"/> writes them.</param>
    /// <param name="abort">Ends this caller's wait; the fetch continues for the others.</param>
    /// <exception cref="OperationCanceledException">The wait was ended, or the cache was disposed.</exception>
    public ValueTask<RobotsFile> GetAsync(string origin, CancellationToken abort)
    {
        (RobotsCacheEntry entry, bool isNew) = FindOrAdd(origin);
        if (isNew)
        {
            _ = FillAsync(entry); // never faults: failures are passed to the waiting callers
        }

        return new ValueTask<RobotsFile>(entry.File.IsCompleted ? entry.File : entry.File.WaitAsync(abort));
    }

    /// <summary>Removes the origins whose file could not be fetched.</summary>
    public void ForgetFailures()
    {
        lock (_lock)
        {
#pragma warning disable RS0030 // the task has completed: nothing is waited for
            LinkedListNode<RobotsCacheEntry>[] failed =
                [.. _entries.Values.Where(node => node.Value.File is { IsCompletedSuccessfully: true, Result.IsUnreachable: true })];
#pragma warning restore RS0030
            foreach (LinkedListNode<RobotsCacheEntry> node in failed) { Remove(node); }
        }
    }

    /// <summary>Cancels the fetches in progress.</summary>
    public void Dispose() => _disposed.Cancel();

    private (RobotsCacheEntry Entry, bool IsNew) FindOrAdd(string origin)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(origin, out LinkedListNode<RobotsCacheEntry>? node))
            {
                if (!node.Value.HasExpired(_clock.GetUtcNow()))
                {
                    _recent.Remove(node);
                    _recent.AddFirst(node);
                    return (node.Value, false);
                }

                Remove(node);
            }

            var entry = new RobotsCacheEntry(origin);
            _entries.Add(origin, _recent.AddFirst(entry));
            Trim();
            return (entry, true);
        }
    }

    private async Task FillAsync(RobotsCacheEntry entry)
    {
        Interlocked.Increment(ref _fetches);
        try
        {
            RobotsFetchResult result = await _fetch(entry.Origin, _disposed.Token);
            RobotsFile file = RobotsFile.From(result);
            lock (_lock)
            {
                entry.Weight = file.Weight;
                entry.ExpiresAt = _clock.GetUtcNow() + LifeOf(result);
                if (_entries.TryGetValue(entry.Origin, out LinkedListNode<RobotsCacheEntry>? node) && node.Value == entry)
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
                if (_entries.TryGetValue(entry.Origin, out LinkedListNode<RobotsCacheEntry>? node) && node.Value == entry)
                {
                    Remove(node);
                }
            }

            entry.Fail(e);
        }
    }

    private TimeSpan LifeOf(in RobotsFetchResult result) => result.IsLocal ? TimeSpan.Zero : result.Outcome == RobotsOutcome.Deny ? RetryAfter : TimeToLive;

    private void Trim()
    {
        while (_entries.Count > Capacity || (_weight > MaxWeight && _entries.Count > 1))
        {
            Remove(_recent.Last!);
        }
    }

    private void Remove(LinkedListNode<RobotsCacheEntry> node)
    {
        _entries.Remove(node.Value.Origin);
        _recent.Remove(node);
        _weight -= node.Value.Weight;
    }
}
