namespace LaionStream.Engine.Flow;

/// <summary>Bytes held from one slice of the memory budget. Travels with the buffer it stands for; disposing gives the bytes back, once.</summary>
public sealed class ByteLease : IDisposable
{
    private readonly ByteBudget _budget;
    private int _disposed;

    internal ByteLease(ByteBudget budget, long number)
    {
        _budget = budget;
        Number = number;
    }

    /// <summary>Bytes now held.</summary>
    /// <remarks>Written under the budget's lock.</remarks>
    public long Bytes { get; internal set; }

    /// <summary>Its place in the order in which leases were asked for.</summary>
    internal long Number { get; }

    /// <summary>Whether this lease may go beyond the slice: at most one lease of a slice can at a time.</summary>
    internal bool IsAlone { get; set; }

    /// <summary>Grows (waiting for room if need be) or shrinks the lease to <paramref name="bytes"/>.</summary>
    /// <param name="bytes">Bytes wanted in all.</param>
    /// <param name="abort">Ends the wait.</param>
    public ValueTask ResizeAsync(long bytes, CancellationToken abort) => _budget.ResizeAsync(this, bytes, abort);

    /// <summary>Whether the lease could be resized without waiting.</summary>
    /// <param name="bytes">Bytes wanted in all.</param>
    public bool TryResize(long bytes) => _budget.TryResize(this, bytes);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _budget.Release(this);
        }
    }
}
