namespace LaionStream.Engine.Flow;

/// <summary>
/// One slice of the memory budget: rows take bytes before they allocate them, in steps as they need them, and give them back when their buffer is gone.
/// The ceiling is capacity + one row.
/// </summary>
/// <remarks>
/// Growers are served before newcomers, and the oldest lease first: bytes that a half-read body waits for come back sooner than those a new body would take, and
/// older bodies end before younger ones hold more than their first step. Served in turn, all would come on together, until they held everything and ended nothing.
/// <para>
/// Leases of more than <see cref="Small"/> bytes share <see cref="LargeShare"/>; those that wait for it are passed over by whoever wants less. Large bodies
/// that come on slowly therefore hold no more than that share, and the small ones, which are nearly all, go on beside them.
/// </para>
/// <para>
/// Why it never deadlocks, though all may hold some bytes and want more: at most one lease at a time goes <em>alone</em>, that is beyond the capacity or the
/// share, and it never waits again. While a lease is alone, or any holder does not wait, that one ends by itself (a body has a deadline, a decode a limit) and
/// its bytes serve the next. When all holders wait and none is alone, the oldest is let go alone. When nobody holds bytes, the
/// first newcomer fits or goes alone. Waiters are looked at whenever one of these states can begin: at each new waiter, release, shrinkage and cancellation.
/// </para>
/// </remarks>
public sealed class ByteBudget
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _growers = new();
    private readonly LinkedList<Waiter> _newcomers = new();
    private long _held;
    private long _large; // of these, by leases of more than Small
    private long _peak;
    private long _leases;
    private ByteLease? _alone;

    /// <summary>Makes a slice.</summary>
    /// <param name="name">For gauges and messages.</param>
    /// <param name="capacity">Bytes that may be held at once, but for one row that goes alone.</param>
    /// <param name="small">Most bytes of a lease that counts as small; 0 for one rule for all.</param>
    public ByteBudget(string name, long capacity, long small = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        ArgumentOutOfRangeException.ThrowIfNegative(small);
        Name = name;
        Capacity = capacity;
        Small = small;
        LargeShare = small == 0 ? capacity : capacity / 2;
    }

    /// <summary>The slice's name.</summary>
    public string Name { get; }

    /// <summary>Bytes that may be held at once.</summary>
    public long Capacity { get; }

    /// <summary>Most bytes of a lease that counts as small.</summary>
    public long Small { get; }

    /// <summary>Bytes that larger leases may hold together.</summary>
    public long LargeShare { get; }

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
        var lease = new ByteLease(this, Interlocked.Increment(ref _leases));
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
            bool taken = TryTake(lease, bytes) == Taking.Done;
            ServeWaiters();
            return taken;
        }
    }

    internal void Release(ByteLease lease)
    {
        lock (_gate)
        {
            Set(lease, 0);
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
            if (!othersFirst && TryTake(lease, bytes) == Taking.Done) { return ValueTask.CompletedTask; }

            waiter = new Waiter(lease, bytes);
            waiter.Node = Add(queue, waiter);
            ServeWaiters(); // those before it may wait for the large share only
            if (waiter.Granted.Task.IsCompleted) { return ValueTask.CompletedTask; }
        }

        return new ValueTask(WaitAsync(waiter, abort));
    }

    private async Task WaitAsync(Waiter waiter, CancellationToken abort)
    {
        using WorkWait wait = StageWork.Wait();
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

    private static LinkedListNode<Waiter> Add(LinkedList<Waiter> queue, Waiter waiter)
    {
        LinkedListNode<Waiter>? older = queue.Last;
        while (older is not null && older.Value.Lease.Number > waiter.Lease.Number) { older = older.Previous; }
        return older is null ? queue.AddFirst(waiter) : queue.AddAfter(older, waiter);
    }

    private void ServeWaiters()
    {
        if (Serve(_growers)) { Serve(_newcomers); }
    }

    // False when the slice is full: nobody overtakes the one that waits for its bytes.
    private bool Serve(LinkedList<Waiter> queue)
    {
        LinkedListNode<Waiter>? next;
        for (LinkedListNode<Waiter>? node = queue.First; node is not null; node = next)
        {
            next = node.Next;
            Waiter waiter = node.Value;
            if (!waiter.Granted.Task.IsCompleted)
            {
                Taking taking = TryTake(waiter.Lease, waiter.Bytes);
                if (taking == Taking.SliceFull) { return false; }
                if (taking == Taking.ShareFull) { continue; }
            }

            queue.Remove(node);
            waiter.Granted.TrySetResult(); // false when a cancellation crossed it: the owner disposes the lease
        }

        return true;
    }

    private Taking TryTake(ByteLease lease, long bytes)
    {
        if (bytes > lease.Bytes && !lease.IsAlone)
        {
            bool isLarge = bytes > Small;
            bool fitsSlice = _held + bytes - lease.Bytes <= Capacity;
            bool fitsShare = !isLarge || _large + bytes - LargeBytes(lease.Bytes) <= LargeShare;
            if (!fitsSlice || !fitsShare)
            {
                // Going alone: a newcomer only where nobody else of its kind holds bytes, a grower whenever the place is free,
                // since those that hold bytes may all be waiting for more.
                bool mayGoAlone = _alone is null && (lease.Bytes > 0 || (isLarge ? _large : _held) == 0);
                if (!mayGoAlone) { return fitsSlice ? Taking.ShareFull : Taking.SliceFull; }
                _alone = lease;
                lease.IsAlone = true;
            }
        }

        Set(lease, bytes);
        _peak = Math.Max(_peak, _held);
        return Taking.Done;
    }

    private void Set(ByteLease lease, long bytes)
    {
        _held += bytes - lease.Bytes;
        _large += LargeBytes(bytes) - LargeBytes(lease.Bytes);
        lease.Bytes = bytes;
    }

    private long LargeBytes(long bytes) => bytes > Small ? bytes : 0;

    private enum Taking
    {
        Done,
        SliceFull,
        ShareFull,
    }

    private sealed class Waiter(ByteLease lease, long bytes)
    {
        public ByteLease Lease { get; } = lease;

        public long Bytes { get; } = bytes;

        public LinkedListNode<Waiter>? Node { get; set; }

        public TaskCompletionSource Granted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
