namespace LaionStream.Engine.Ledger.Claims;

/// <summary>
/// Every hash that has an owner. Memory-mapped runs hold the hashes of closed ledger segments (8 bytes per hash, in the page cache); a table holds the rest
/// (at most 11.8 bytes per hash). The hashes of a closed segment leave the table as soon as their run is on disk.
/// </summary>
/// <remarks>
/// Thread-safe. The process's own memory is bounded by the hashes of one segment plus those of the rows in the graph; in the worst case (no run written yet)
/// it is 11.8 bytes per hash, so that 24 GiB hold 2.1 billion hashes. A lookup outside the page cache costs a disk read; there is no other limit.
/// </remarks>
internal sealed class ClaimIndex : IDisposable
{
    private readonly HashTable _table = new();
    private readonly Func<ulong, bool> _inRuns;
    private volatile HashRun[] _runs = [];

    /// <summary>Creates an empty index.</summary>
    public ClaimIndex() => _inRuns = InRuns;

    /// <summary>Hashes with an owner.</summary>
    public long Count => _table.Count + _runs.Sum(run => run.Count);

    /// <summary>Bytes of the process's own memory.</summary>
    public long TableBytes => _table.Bytes;

    /// <summary>The mapped runs.</summary>
    public IReadOnlyList<HashRun> Runs => _runs;

    /// <summary>Claims a hash unless it has an owner.</summary>
    /// <returns>Whether the hash had no owner.</returns>
    public bool TryAdd(long hash) => _table.TryAdd(hash, _inRuns);

    /// <summary>Adds a new run to the index and removes its hashes from the table.</summary>
    public void Attach(HashRun run)
    {
        _runs = [.. _runs, run];
        _table.RemoveAll(run.Contains);
    }

    /// <summary>Replaces runs by the run that they were merged into, and unmaps the old ones as soon as no lookup is reading them.</summary>
    public void Replace(IReadOnlyList<HashRun> old, HashRun merged)
    {
        _runs = [.. _runs.Except(old), merged];
        _table.AwaitLookups();
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
