namespace LaionStream.Engine.Flow;

/// <summary>
/// One slice of the memory budget: rows take bytes before they allocate them and give them back when their buffer is gone.
/// Never deadlocks: at most one lease at a time (the one that goes <em>alone</em>) may pass the slice's capacity, and it never waits again,
/// so it always ends and wakes the next. The ceiling is therefore capacity + one row.
/// </summary>
/// <remarks>
/// Waiters are served first come, first served, growers before newcomers: bytes that a half-read body waits for come back sooner
/// than those a new body would take.
/// </remarks>
public sealed class ByteBudget
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _growers = new();
    private readonly LinkedList<Waiter> _newcomers = new();
    private long _held;
    private long _peak;
    private ByteLease? _alone;

    /// <summary>Makes a slice.</summary>
    /// <param name="name">For gauges and messages.</param>
    /// <param name="capacity">Bytes that may be held at once, but for one row that goes alone.</param>
    public ByteBudget(string name, long capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        Name = name;
        Capacity = capacity;
    }

    /// <summary>The slice's name.</summary>
    public string Name { get; }

    /// <summary>Bytes that may be held at once.</summary>
    public long Capacity { get; }

    /// <summary>Bytes held now.</summary>
    public long Held
    {
        get
        {
            lock (_gate) { return _held; }
        }
    }

    /// <summary>The most bytes ever held at once.</summary>
    public long Peak
    {
        get
        {
            lock (_gate) { return _peak; }
        }
    }

    /// <summary>Rows that wait for bytes.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate) { return _growers.Count + _newcomers.Count; }
        }
    }

    /// <summary>Takes bytes for a new row, waiting until they are free. A row larger than the slice waits to go alone.</summary>
    /// <param name="bytes">Bytes wanted.</param>
    /// <param name="abort">Ends the wait.</param>
    public async ValueTask<ByteLease> ReserveAsync(long bytes, CancellationToken abort)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        var lease = new ByteLease(this);
        try
        {
            await TakeAsync(_newcomers, lease, bytes, abort);
            return lease;
        }
        catch (OperationCanceledException)
        {
            lease.Dispose(); // a grant may have crossed the cancellation
            throw;
        }
    }

    internal ValueTask ResizeAsync(ByteLease lease, long bytes, CancellationToken abort) => TakeAsync(_growers, lease, bytes, abort);

    internal bool TryResize(ByteLease lease, long bytes)
    {
        lock (_gate)
        {
            if (bytes > lease.Bytes && _growers.Count > 0 && !lease.IsAlone) { return false; }
            bool taken = TryTake(lease, bytes);
            ServeWaiters();
            return taken;
        }
    }

    internal void Release(ByteLease lease)
    {
        lock (_gate)
        {
            _held -= lease.Bytes;
            lease.Bytes = 0;
            if (ReferenceEquals(_alone, lease)) { _alone = null; }
            ServeWaiters();
        }
    }

    private ValueTask TakeAsync(LinkedList<Waiter> queue, ByteLease lease, long bytes, CancellationToken abort)
    {
        Waiter waiter;
        lock (_gate)
        {
            if (bytes <= lease.Bytes)
            {
                TryTake(lease, bytes);
                ServeWaiters();
                return ValueTask.CompletedTask;
            }

            bool othersFirst = !lease.IsAlone && (_growers.Count > 0 || (queue == _newcomers && _newcomers.Count > 0));
            if (!othersFirst && TryTake(lease, bytes)) { return ValueTask.CompletedTask; }

            waiter = new Waiter(lease, bytes);
            waiter.Node = queue.AddLast(waiter);
        }

        return new ValueTask(WaitAsync(waiter, abort));
    }

    private async Task WaitAsync(Waiter waiter, CancellationToken abort)
    {
        await using CancellationTokenRegistration registration = abort.UnsafeRegister(
            static (state, token) => ((Waiter)state!).Granted.TrySetCanceled(token), waiter);
        try
        {
            await waiter.Granted.Task;
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
            {
                waiter.Node!.List?.Remove(waiter.Node);
                ServeWaiters();
            }

            throw;
        }
    }

    private void ServeWaiters()
    {
        while ((_growers.First ?? _newcomers.First) is { } node)
        {
            Waiter waiter = node.Value;
            if (waiter.Granted.Task.IsCompleted)
            {
                node.List!.Remove(node);
                continue;
            }

            if (!TryTake(waiter.Lease, waiter.Bytes)) { return; }

            node.List!.Remove(node);
            waiter.Granted.TrySetResult(); // false when a cancellation crossed it: the owner disposes the lease
        }
    }

    private bool TryTake(ByteLease lease, long bytes)
    {
        long more = bytes - lease.Bytes;
        bool fits = _held + more <= Capacity;
        if (more > 0 && !fits && !lease.IsAlone)
        {
            // Going alone: a newcomer only into an otherwise empty slice, a grower whenever the place is free,
            // since those that hold bytes may all be waiting for more.
            bool mayGoAlone = _alone is null && (lease.Bytes > 0 || _held == 0);
            if (!mayGoAlone) { return false; }
            _alone = lease;
            lease.IsAlone = true;
        }

        _held += more;
        lease.Bytes = bytes;
        _peak = Math.Max(_peak, _held);
        return true;
    }

    private sealed class Waiter(ByteLease lease, long bytes)
    {
        public ByteLease Lease { get; } = lease;

        public long Bytes { get; } = bytes;

        public LinkedListNode<Waiter>? Node { get; set; }

        public TaskCompletionSource Granted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
