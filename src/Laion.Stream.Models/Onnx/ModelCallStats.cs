using System.Diagnostics;

namespace LaionStream.Models.Onnx;

/// <summary>The runs of one model with one shape.</summary>
/// <param name="model">Its file's name.</param>
/// <param name="shape">Shape of its first input, padding included.</param>
internal sealed class ModelCallStats(string model, IReadOnlyList<long> shape)
{
    private long _count;
    private long _ticks;
    private long _nanoseconds;

    /// <summary>The model's file name.</summary>
    public string Model => model;

    /// <summary>Shape of its first input.</summary>
    public IReadOnlyList<long> Shape => shape;

    /// <summary>Number of runs.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Time spent in them.</summary>
    public TimeSpan Time => Stopwatch.GetElapsedTime(0, Ticks);

    /// <summary>Processor time of the calling threads in them.</summary>
    public TimeSpan Processor => TimeSpan.FromMicroseconds(Nanoseconds / 1000.0);

    internal long Ticks => Volatile.Read(ref _ticks);

    internal long Nanoseconds => Volatile.Read(ref _nanoseconds);

    internal void Add(long ticks, long nanoseconds)
    {
        Interlocked.Increment(ref _count);
        Interlocked.Add(ref _ticks, ticks);
        Interlocked.Add(ref _nanoseconds, nanoseconds);
    }
}
