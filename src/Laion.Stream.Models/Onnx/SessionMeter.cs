using System.Collections.Concurrent;
using System.Diagnostics;

namespace LaionStream.Models.Onnx;

/// <summary>
/// Measures how busy one part of a session is: time with a batch in progress, time inside the models, and the processor time that the calling thread spends
/// there, in total and per model and shape. Written by the session, read from any thread.
/// </summary>
/// <param name="device">The session's name.</param>
/// <param name="part">Which of its models: <see cref="ClipPart"/> or <see cref="ScoresPart"/>; both run concurrently.</param>
/// <param name="threads">Threads inside the session: with more than one, the calling thread's processor time is not the total, and is not reported.</param>
internal sealed class SessionMeter(string device, string part, int threads)
{
    /// <summary>CLIP's towers and the heads on its embeddings.</summary>
    public const string ClipPart = "clip";

    /// <summary>Score models with towers of their own.</summary>
    public const string ScoresPart = "scores";

    private readonly ConcurrentDictionary<RunKey, ModelCallStats> _tallies = new();
    private long _busy;
    private long _rows;
    private long _batches;
    private long _first;
    private long _last;

    /// <summary>The session's name.</summary>
    public string Device => device;

    /// <summary>The part of the session's models.</summary>
    public string Part => part;

    /// <summary>Whether <see cref="ModelCallStats.Processor"/> is meaningful.</summary>
    public bool KnowsProcessor => threads == 1 && ThreadClock.IsKnown;

    /// <summary>Time with a batch in progress.</summary>
    public TimeSpan Busy => Stopwatch.GetElapsedTime(0, Volatile.Read(ref _busy));

    /// <summary>Time from the start of the first batch to the end of the last.</summary>
    public TimeSpan Span => Stopwatch.GetElapsedTime(Volatile.Read(ref _first), Volatile.Read(ref _last));

    /// <summary>Told the rows and the time of each batch; null when nothing listens.</summary>
    public Action<int, TimeSpan>? BatchEnded { get; set; }

    /// <summary>Rows scored, without padding.</summary>
    public long Rows => Volatile.Read(ref _rows);

    /// <summary>Batches scored.</summary>
    public long Batches => Volatile.Read(ref _batches);

    /// <summary>The runs, per model and shape of its first input.</summary>
    public IReadOnlyCollection<ModelCallStats> Runs => [.. _tallies.Values];

    /// <summary>Time inside the models.</summary>
    public TimeSpan Inside => Stopwatch.GetElapsedTime(0, Runs.Sum(run => run.Ticks));

    /// <summary>Processor time inside the models.</summary>
    public TimeSpan Processor => TimeSpan.FromMicroseconds(Runs.Sum(run => run.Nanoseconds) / 1000);

    /// <summary>Records the start of a batch.</summary>
    /// <returns>The argument for <see cref="End"/>.</returns>
    public long Begin()
    {
        long now = Stopwatch.GetTimestamp();
        Interlocked.CompareExchange(ref _first, now, 0);
        return now;
    }

    /// <summary>Records the end of a batch.</summary>
    /// <param name="begun">The result of <see cref="Begin"/>.</param>
    /// <param name="rows">Its rows.</param>
    public void End(long begun, int rows)
    {
        long now = Stopwatch.GetTimestamp();
        Volatile.Write(ref _last, now);
        Interlocked.Add(ref _busy, now - begun);
        Interlocked.Add(ref _rows, rows);
        Interlocked.Increment(ref _batches);
        BatchEnded?.Invoke(rows, Stopwatch.GetElapsedTime(begun, now));
    }

    /// <summary>Records a run of a model. Runs before the first batch, while models are loaded and probed, are not counted.</summary>
    /// <param name="model">Its file's name.</param>
    /// <param name="shape">Shape of its first input.</param>
    /// <param name="ticks">Time it took, in <see cref="Stopwatch"/> ticks.</param>
    /// <param name="nanoseconds">Processor time of the calling thread.</param>
    public void Note(string model, ReadOnlySpan<long> shape, long ticks, long nanoseconds)
    {
        if (Volatile.Read(ref _first) == 0) { return; }

        var key = new RunKey(model, shape.Length > 0 ? shape[0] : 0, shape.Length > 1 ? shape[^1] : 0);
        if (!_tallies.TryGetValue(key, out ModelCallStats? tally)) { tally = _tallies.GetOrAdd(key, new ModelCallStats(model, shape.ToArray())); }

        tally.Add(ticks, nanoseconds);
    }

    /// <summary>Rows and length distinguish the shapes of one model: its other sizes are fixed.</summary>
    private readonly record struct RunKey(string Model, long Rows, long Length);
}
