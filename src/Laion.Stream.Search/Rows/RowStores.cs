namespace LaionStream.Search.Rows;

/// <summary>The rows of several folders as those of one, numbered as <see cref="RowIds"/> says. Safe to use from several threads.</summary>
/// <param name="stores">The folders' rows, in the order of their places; the caller disposes them, after the last use of this.</param>
public sealed class RowStores(IReadOnlyList<RowStore> stores) : IDisposable
{
    private readonly Lock _lock = new();
    private long[] _versions = [];
    private RowSnapshot _now = new([], 0);

    /// <summary>The rows as they are known now; the caller disposes it.</summary>
    public RowSnapshot Acquire()
    {
        if (stores.Count == 1) { return stores[0].Acquire(); }

        RowSnapshot[] all = [.. stores.Select(store => store.Acquire())];
        try
        {
            lock (_lock)
            {
                long[] versions = Array.ConvertAll(all, one => one.Version);
                if (!versions.AsSpan().SequenceEqual(_versions))
                {
                    RowSnapshot before = _now;
                    (_now, _versions) = (RowSnapshot.Join(all, RowStore.NextVersion()), versions);
                    before.Dispose();
                }

                return _now.Again();
            }
        }
        finally
        {
            foreach (RowSnapshot one in all) { one.Dispose(); }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _now.Dispose();
            (_now, _versions) = (new RowSnapshot([], 0), []);
        }
    }
}
