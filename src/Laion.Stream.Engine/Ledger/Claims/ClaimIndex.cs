namespace LaionStream.Engine.Ledger.Claims;

/// <summary>
/// Every hash that has an owner: mapped runs for what closed ledger segments made durable (8 bytes a hash, page cache), and a table for the rest
/// (at most 11.8 bytes a hash). A closed segment's hashes leave the table as soon as their run is on disk.
/// </summary>
/// <remarks>
/// Safe for many threads. The process's own memory is bounded by one segment's hashes plus the rows in the graph, and at worst (no run written yet) by
/// 11.8 bytes a pair: 24 GiB hold 2.1 billion pairs. Beyond what the page cache holds a look-up costs a disk read; there is no other ceiling.
/// </remarks>
internal sealed class ClaimIndex : IDisposable
{
    private readonly HashTable _table = new();
    private readonly Func<ulong, bool> _inRuns;
    private volatile HashRun[] _runs = [];

    /// <summary>Makes an empty index.</summary>
    public ClaimIndex() => _inRuns = InRuns;

    /// <summary>Hashes with an owner.</summary>
    public long Count => _table.Count + _runs.Sum(run => run.Count);

    /// <summary>Bytes of the process's own memory.</summary>
    public long TableBytes => _table.Bytes;

    /// <summary>The mapped runs.</summary>
    public IReadOnlyList<HashRun> Runs => _runs;

    /// <summary>Takes a hash for its first claimer.</summary>
    /// <returns>Whether nobody had it.</returns>
    public bool TryAdd(long hash) => _table.TryAdd(hash, _inRuns);

    /// <summary>Looks at a new run from now on and forgets its hashes in the table.</summary>
    public void Attach(HashRun run)
    {
        _runs = [.. _runs, run];
        _table.Forget(run.Contains);
    }

    /// <summary>Looks at a merged run from now on, and unmaps the runs that went into it as soon as no look-up is inside them.</summary>
    public void Replace(IReadOnlyList<HashRun> old, HashRun merged)
    {
        _runs = [.. _runs.Except(old), merged];
        _table.AwaitLookUps();
        foreach (HashRun run in old) { run.Dispose(); }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (HashRun run in _runs) { run.Dispose(); }
        _runs = [];
    }

    private bool InRuns(ulong mixed)
    {
        foreach (HashRun run in _runs)
        {
            if (run.Contains(mixed)) { return true; }
        }

        return false;
    }
}
