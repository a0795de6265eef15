namespace LaionStream.Engine.Flow;

/// <summary>
/// One slice of the memory budget. Rows reserve bytes before they allocate them, in steps as needed, and release them when the buffer has been returned.
/// The upper bound is the capacity plus one row.
/// </summary>
/// <remarks>
/// Leases that grow are served before new ones, and older leases before younger ones. A half-read body returns its bytes sooner than a new body would, and
/// older bodies complete before younger ones hold more than their first step. Served in turn instead, all bodies would grow together until they held the whole
/// slice and none could complete.
/// <para>
/// Leases of more than <see cref="Small"/> bytes together hold at most <see cref="LargeShare"/>; requests for less may overtake those that wait for this share.
/// Slow large bodies therefore never hold more than the share, and small bodies, nearly all of them, are not delayed by them.
/// </para>
/// <para>
/// Deadlock is impossible, although every lease may hold bytes and request more. At most one lease at a time is <em>exempt</em>: it may exceed the capacity or
/// the share, and it never waits again. While a lease is exempt, or some holder is not waiting, that holder ends by itself (a body has a deadline, a decode a
/// time limit) and its bytes serve the next. When all holders wait and none is exempt, the oldest becomes exempt. When no lease holds bytes, the first new one
/// fits or becomes exempt. The waiters are checked whenever one of these states can begin: at each new waiter, release, shrinkage and cancellation.
/// </para>
/// </remarks>
public sealed class ByteBudget
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _growers = new();
    private readonly LinkedList<Waiter> _newcomers = new();
    private long _held;
    private long _large; // the part of it held by leases of more than Small bytes
    private long _peak;
    private long _leases;
    private ByteLease? _alone;

    /// <summary>Creates a slice.</summary>
    /// <param name="name">The name in gauges and messages.</param>
    /// <param name="capacity">Bytes that may be held at once, apart from one exempt lease.</param>
    /// <param name="small">Largest lease that counts as small, in bytes; 0 to treat all leases alike.</param>
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

    /// <summary>Largest lease that counts as small, in bytes.</summary>
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

    /// <summary>Highest number of bytes held at once.</summary>
    public long Peak
    {
        get
        {
            lock (_gate) { return _peak; }
        }
    }

    /// <summary>Number of rows waiting for bytes.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate) { return _growers.Count + _newcomers.Count; }
        }
    }

    /// <summary>Reserves bytes for a new row, waiting until they are free. A row larger than the slice waits until it can be exempt.</summary>
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
            lease.Dispose(); // the grant may have raced with the cancellation
            throw;
        }
    }

    internal ValueTask ResizeAsync(ByteLease lease, long bytes, CancellationToken abort) => TakeAsync(_growers, lease, bytes, abort);

    internal bool TryResize(ByteLease lease, long bytes)
    {
        lock (_gate)
        {
            if (bytes > lease.Bytes && _growers.Count > 0 && !lease.IsExempt) { return false; }
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

            bool othersFirst = !lease.IsExempt && (_growers.Count > 0 || (queue == _newcomers && _newcomers.Count > 0));
            if (!othersFirst && TryTake(lease, bytes) == Taking.Done) { return ValueTask.CompletedTask; }

            waiter = new Waiter(lease, bytes);
            waiter.Node = Add(queue, waiter);
            ServeWaiters(); // the waiters before it may be waiting for the large share only
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

    // False when the slice is full: then no later waiter may overtake this one.
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
            waiter.Granted.TrySetResult(); // false when it raced with a cancellation: the owner disposes the lease
        }

        return true;
    }

    private Taking TryTake(ByteLease lease, long bytes)
    {
        if (bytes > lease.Bytes && !lease.IsExempt)
        {
            bool isLarge = bytes > Small;
            bool fitsSlice = _held + bytes - lease.Bytes <= Capacity;
            bool fitsShare = !isLarge || _large + bytes - LargeBytes(lease.Bytes) <= LargeShare;
            if (!fitsSlice || !fitsShare)
            {
                // Exempting: a new lease only if no other lease of its kind holds bytes; a growing one whenever no lease is exempt,
                // because all holders may be waiting for more.
                bool mayGoAlone = _alone is null && (lease.Bytes > 0 || (isLarge ? _large : _held) == 0);
                if (!mayGoAlone) { return fitsSlice ? Taking.ShareFull : Taking.SliceFull; }
                _alone = lease;
                lease.IsExempt = true;
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
