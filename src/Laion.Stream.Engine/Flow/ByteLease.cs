namespace LaionStream.Engine.Flow;

/// <summary>Bytes reserved from one slice of the memory budget. Accompanies the buffer that it covers; disposing releases the bytes, once.</summary>
public sealed class ByteLease : IDisposable
{
    private readonly ByteBudget _budget;
    private int _disposed;

    internal ByteLease(ByteBudget budget, long number)
    {
        _budget = budget;
        Number = number;
    }

    /// <summary>Bytes held now.</summary>
    /// <remarks>Written under the budget's lock.</remarks>
    public long Bytes { get; internal set; }

    /// <summary>Its sequence number in the order of requests.</summary>
    internal long Number { get; }

    /// <summary>Whether this lease may exceed the slice's capacity; true for at most one lease of a slice at a time.</summary>
    internal bool IsExempt { get; set; }

    /// <summary>Grows (waiting until the bytes are free) or shrinks the lease to <paramref name="bytes"/>.</summary>
    /// <param name="bytes">The new size of the lease, in bytes.</param>
    /// <param name="abort">Ends the wait.</param>
    public ValueTask ResizeAsync(long bytes, CancellationToken abort) => _budget.ResizeAsync(this, bytes, abort);

    /// <summary>Whether the lease could be resized without waiting.</summary>
    /// <param name="bytes">The new size of the lease, in bytes.</param>
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
