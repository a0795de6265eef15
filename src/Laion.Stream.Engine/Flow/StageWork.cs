using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Flow;

/// <summary>
/// One call of a stage that has not returned: the row or the batch that it works on, and for how long. Time in which the row waits for our own resources
/// (memory, a host's limits) does not count: such code declares it with <see cref="Wait"/>. Everything else counts as work.
/// </summary>
internal sealed class StageWork
{
    private const int MostNamed = 8;

    private static readonly AsyncLocal<StageWork?> Ambient = new();

    // One lock for all calls: only waits and the watcher take it, and a lock per call would cost an object per row.
    private static readonly Lock Gate = new();

    private readonly TimeProvider _clock;
    private readonly long _start;
    private readonly RowKey _row;
    private readonly RowKey[]? _batch;
    private int _waits;
    private long _waitStart;
    private TimeSpan _waited;

    /// <summary>Starts timing a call for one row.</summary>
    /// <param name="stage">The stage that was called.</param>
    /// <param name="row">The row it holds.</param>
    /// <param name="clock">Measures the time.</param>
    public StageWork(StageGauge stage, RowKey row, TimeProvider clock)
        : this(stage, null, 1, clock) => _row = row;

    /// <summary>Starts timing a call for a batch, or for no row at all (a writer's tick).</summary>
    /// <param name="stage">The stage that was called.</param>
    /// <param name="batch">The rows it holds.</param>
    /// <param name="clock">Measures the time.</param>
    public StageWork(StageGauge stage, RowKey[] batch, TimeProvider clock)
        : this(stage, batch, batch.Length, clock)
    {
    }

    private StageWork(StageGauge stage, RowKey[]? batch, int count, TimeProvider clock)
    {
        (Stage, _batch, RowCount, _clock) = (stage, batch, count, clock);
        _start = clock.GetTimestamp();
    }

    /// <summary>The stage that was called.</summary>
    public StageGauge Stage { get; }

    /// <summary>How many rows it holds.</summary>
    public int RowCount { get; }

    /// <summary>The rows it holds.</summary>
    public IReadOnlyList<RowKey> Rows => _batch ?? [_row];

    /// <summary>Time since the call, waits included.</summary>
    public TimeSpan Elapsed => _clock.GetElapsedTime(_start);

    /// <summary>Time since the call without the waits.</summary>
    public TimeSpan Worked
    {
        get
        {
            lock (Gate) { return Elapsed - _waited - (_waits > 0 ? _clock.GetElapsedTime(_waitStart) : TimeSpan.Zero); }
        }
    }

    /// <summary>Whether the row is waiting now.</summary>
    public bool IsWaiting
    {
        get
        {
            lock (Gate) { return _waits > 0; }
        }
    }

    /// <summary>Whether no other row is in the stage at the same time, so that only this row can be the cause of a hang.</summary>
    public bool IsAlone { get; private set; }

    /// <summary>Working time at which the next report of this call is due. Used by the watcher only.</summary>
    public TimeSpan NextReport { get; set; }

    internal StageWork? Next { get; set; }

    internal StageWork? Previous { get; set; }

    /// <summary>Pauses the time of the current call until the result is disposed. Does nothing outside a stage, or in a stage that never waits.</summary>
    public static WorkWait Wait() => new(Ambient.Value);

    /// <summary>Records that the current call runs alone in its stage.</summary>
    public static void NoteAlone()
    {
        if (Ambient.Value is { } work) { work.IsAlone = true; }
    }

    /// <summary>Makes this the current call, until the end of the calling asynchronous method.</summary>
    internal void Enter() => Ambient.Value = this;

    internal void BeginWait()
    {
        lock (Gate)
        {
            if (_waits++ == 0) { _waitStart = _clock.GetTimestamp(); }
        }
    }

    internal void EndWait()
    {
        lock (Gate)
        {
            if (--_waits == 0) { _waited += _clock.GetElapsedTime(_waitStart); }
        }
    }

    /// <summary>The stage and its rows, for log messages.</summary>
    public override string ToString() => RowCount switch
    {
        0 => $"{Stage.Name}, no row",
        1 => $"{Stage.Name}, row {Rows[0]}",
        _ => $"{Stage.Name}, rows {string.Join(' ', Rows.Take(MostNamed))}{(RowCount > MostNamed ? $" and {RowCount - MostNamed} more" : "")}",
    };
}
