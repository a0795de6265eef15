namespace LaionStream.Engine.Flow;

/// <summary>Gathers rows into batches of a size that may change while it runs, which a <c>BatchBlock</c> cannot.</summary>
/// <typeparam name="T">A row.</typeparam>
/// <param name="size">Rows of a full batch; read at every row.</param>
/// <param name="send">Sends a batch on; waits while as many as may be are ready, and is false when the block of batches has ended.</param>
/// <param name="isReady">Whether a batch is ready.</param>
/// <param name="abort">Ends the wait.</param>
/// <remarks>Its methods are called by one block, which works on one message at a time.</remarks>
internal sealed class RowGatherer<T>(Func<int> size, Func<T[], Task<bool>> send, Func<bool> isReady, CancellationToken abort)
    where T : class
{
    private readonly List<T> _open = [];
    private volatile int _held;

    /// <summary>Rows in no batch that is ready.</summary>
    public int Held => _held;

    /// <summary>Takes a row; null is a tick, which sends a partial batch unless a full one waits: then the worker is busy, and the partial one may fill.</summary>
    public ValueTask TakeAsync(T? row)
    {
        if (row is null) { return isReady() ? default : SendAsync(); }

        _open.Add(row);
        _held = _open.Count;
        return _open.Count >= size() ? SendAsync() : default;
    }

    /// <summary>Sends the rows that are left.</summary>
    public async ValueTask SendAsync()
    {
        if (_open.Count == 0) { return; }

        T[] batch = [.. _open];
        if (!await send(batch))
        {
            abort.ThrowIfCancellationRequested();
            throw new InvalidOperationException("A batch was declined: the block of batches has ended before the one of rows.");
        }

        _open.Clear();
        _held = 0;
    }
}
