using System.ComponentModel.DataAnnotations;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine;

/// <summary>The graph's own knobs; bound to <c>Laion:Pipeline</c>.</summary>
public sealed class PipelineOptions
{
    /// <summary>Bytes of encoded bodies and decoded pixels that may be in flight.</summary>
    /// <value>Default 512 MiB: some thousand pictures ahead of the decoder, and a process below 1 GB without models.</value>
    [Range(1L << 10, 1L << 44)]
    public long MemoryBudget { get; set; } = 1L << 29;

    /// <summary>The part of <see cref="MemoryBudget"/> that only decoding may take, so that a pile of downloads never starves it.</summary>
    /// <value>Default 0.5.</value>
    [Range(0.05, 0.95)]
    public double DecodeShare { get; set; } = 0.5;

    /// <summary>How long a drain may take after the first signal before it becomes an abort.</summary>
    /// <value>Default 5 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Time between summary lines in the log.</summary>
    /// <value>Default 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan SummaryInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>A file without progress for this long is reported.</summary>
    /// <value>Default 30 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:10", "7.00:00:00")]
    public TimeSpan StallAfter { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Language detection: some microseconds a row.</summary>
    public QueueOptions Language { get; set; } = new() { Parallelism = 1, Capacity = 256 };

    /// <summary>Decoding and preprocessing: some milliseconds of CPU a row. Parallelism 0: all cores but two, at least two.</summary>
    public QueueOptions Decode { get; set; } = new() { Parallelism = 0, Capacity = 128 };

    /// <summary>The filter: some nanoseconds a row.</summary>
    public QueueOptions Filter { get; set; } = new() { Parallelism = 1, Capacity = 256 };

    /// <summary>Rows each set's writer may hold.</summary>
    /// <value>Default 1024.</value>
    [Range(1, 1_000_000)]
    public int WriterCapacity { get; set; } = 1024;

    /// <summary>The decode stage's bounds with the cores filled in.</summary>
    internal QueueOptions DecodeQueue
    {
        get
        {
            int parallelism = Decode.Parallelism > 0 ? Decode.Parallelism : Math.Max(2, Environment.ProcessorCount - 2);
            return new QueueOptions { Parallelism = parallelism, Capacity = Math.Max(Decode.Capacity, 2 * parallelism) };
        }
    }

    /// <summary>The slice of the budget for encoded bodies, in bytes.</summary>
    internal long BodySlice => MemoryBudget - PixelSlice;

    /// <summary>The slice of the budget for decoded pixels, in bytes.</summary>
    internal long PixelSlice => (long)(MemoryBudget * DecodeShare);
}
