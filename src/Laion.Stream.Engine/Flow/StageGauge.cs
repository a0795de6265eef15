using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Flow;

/// <summary>The counters of one stage of the graph; written by the stage's adapter, read by reports.</summary>
public sealed class StageGauge
{
    private readonly long[] _dropped = new long[256];
    private readonly Func<int> _capacity;
    private long _received;
    private long _kept;
    private long _busyTicks;
    private int _active;
    private int _overdue;
    private long _overruns;

    internal StageGauge(string name, int capacity, int parallelism)
        : this(name, () => capacity, parallelism)
    {
    }

    internal StageGauge(string name, Func<int> capacity, int parallelism)
    {
        Name = name;
        Tag = KeyValuePair.Create<string, object?>("stage", name);
        _capacity = capacity;
        Parallelism = parallelism;
    }

    /// <summary>The stage's name as in the graph.</summary>
    public string Name { get; }

    /// <summary>Rows (batches, for a batch stage) the stage may hold.</summary>
    public int Capacity => _capacity();

    /// <summary>Maximum number of rows (batches) worked on at once.</summary>
    public int Parallelism { get; }

    /// <summary>Rows started so far.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Rows passed on so far.</summary>
    public long Kept => Volatile.Read(ref _kept);

    /// <summary>Rows dropped by the stage so far.</summary>
    public long Dropped => _dropped.Sum(static count => Volatile.Read(in count));

    /// <summary>Rows (batches) in progress now.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>Working time so far, summed over parallel rows.</summary>
    public TimeSpan Busy => TimeSpan.FromTicks(Volatile.Read(ref _busyTicks));

    /// <summary>Rows waiting to be started.</summary>
    public int Waiting => InputCount?.Invoke() ?? 0;

    /// <summary>Rows waiting to be taken by the next stage.</summary>
    public int Unread => OutputCount?.Invoke() ?? 0;

    /// <summary>Calls that exceed their time limit now.</summary>
    public int Overdue
    {
        get => Volatile.Read(ref _overdue);
        internal set => Volatile.Write(ref _overdue, value);
    }

    /// <summary>Calls that have ever exceeded their time limit.</summary>
    public long Overruns => Volatile.Read(ref _overruns);

    /// <summary>Whether the stage holds about as many rows as it may, so that the one before it waits.</summary>
    public bool IsFull => Waiting + Active + Unread >= Math.Max(1, Capacity - (Capacity / 10));

    /// <summary>The stage's own time limit for one call; null when the stage has none.</summary>
    internal Func<TimeSpan>? Limit { get; init; }

    /// <summary>Receives the duration of each call; null when nothing is measured.</summary>
    internal FlowMetrics? Metrics { get; set; }

    /// <summary>The stage's name as a tag of measurements; made once, not at each row.</summary>
    internal KeyValuePair<string, object?> Tag { get; }

    /// <summary>The calls that have not returned.</summary>
    internal WorkList Works { get; } = new();

    internal Func<int>? InputCount { get; set; }

    internal Func<int>? OutputCount { get; set; }

    /// <summary>Rows dropped by the stage for <paramref name="reason"/>.</summary>
    public long DroppedFor(DropReason reason) => Volatile.Read(ref _dropped[(int)reason]);

    internal void Begin(StageWork work)
    {
        Interlocked.Increment(ref _active);
        Interlocked.Add(ref _received, work.RowCount);
        Works.Add(work);
    }

    internal void End(StageWork work)
    {
        Works.Remove(work);
        Interlocked.Decrement(ref _active);
        TimeSpan time = work.Elapsed;
        Interlocked.Add(ref _busyTicks, time.Ticks);
        if (work.RowCount > 0) { Metrics?.NoteCall(this, time); } // a writer's tick is no row's time
    }

    internal void CountOverrun() => Interlocked.Increment(ref _overruns);

    internal void CountKept() => Interlocked.Increment(ref _kept);

    internal void CountDropped(DropReason reason) => Interlocked.Increment(ref _dropped[(int)reason]);
}
