using System.ComponentModel.DataAnnotations;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Run;

/// <summary>The graph's own options; bound to <c>Laion:Pipeline</c>.</summary>
public sealed class PipelineOptions
{
    /// <summary>Bytes of encoded bodies and decoded pixels that may be in flight.</summary>
    /// <value>
    /// Default 512 MiB: some thousand pictures ahead of the decoder, and with pictures of usual sizes a process below 1 GB without models. A picture that is
    /// larger than its slice exceeds it while it is decoded, one at a time: at 89 megapixels 0.3 to 1.1 GB, AVIF 1.3 (of 12 bits 2.1). Runs with nothing but
    /// such pictures used 1.9 GB, with all formats on 2.2 GB (2.8 with AVIF of 12 bits); Imaging:MaxPixels lowers that.
    /// </value>
    [Range(1L << 10, 1L << 44)]
    public long MemoryBudget { get; set; } = 1L << 29;

    /// <summary>The part of <see cref="MemoryBudget"/> that only decoding may use, so that many downloads never starve it.</summary>
    /// <value>Default 0.5.</value>
    [Range(0.05, 0.95)]
    public double DecodeShare { get; set; } = 0.5;

    /// <summary>How long a drain may take after the first signal before it becomes an abort.</summary>
    /// <value>Default 5 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long a run may take to end after an abort: the second signal, a drain beyond <see cref="DrainTimeout"/>, or a fault. A run that takes longer (a call
    /// of a stage does not return) is ended by force: exit code 1, resumable, and the rows inside stages are recorded for the next start.
    /// </summary>
    /// <value>Default 5 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00")]
    public TimeSpan AbortGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long one call may take in a stage without a time limit of its own: language, a batch on a device, a filter, a row or a commit of a writer. Download
    /// has
    /// <c>Download:Timeout</c>, decode <c>Imaging:DecodeTimeout</c>; waiting for memory or for a host's turn is not counted. A longer call is only reported.
    /// </summary>
    /// <value>Default 2 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan StageLimit { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How far beyond its limit a call is first reported; it is reported again each time its duration has doubled.</summary>
    /// <value>Default 30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan OverrunGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Time between summary lines in the log.</summary>
    /// <value>Default 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan SummaryInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>A file without progress for this long is reported.</summary>
    /// <value>Default 30 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:10", "7.00:00:00")]
    public TimeSpan StallAfter { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Language detection: a few microseconds per row.</summary>
    public QueueOptions Language { get; set; } = new() { Parallelism = 1, Capacity = 256 };

    /// <summary>Decoding and preprocessing: a few milliseconds of CPU per row. Parallelism 0: all cores but two, at least two.</summary>
    public QueueOptions Decode { get; set; } = new() { Parallelism = 0, Capacity = 128 };

    /// <summary>The two filters, similarity and limits: a few nanoseconds per row.</summary>
    public QueueOptions Filter { get; set; } = new() { Parallelism = 1, Capacity = 256 };

    /// <summary>Rows that each set's writer may hold.</summary>
    /// <value>Default 1024.</value>
    [Range(1, 1_000_000)]
    public int WriterCapacity { get; set; } = 1024;

    /// <summary>The decode stage's options with the number of cores filled in.</summary>
    internal QueueOptions DecodeQueue
    {
        get
        {
            int parallelism = Decode.Parallelism > 0 ? Decode.Parallelism : Math.Max(2, Environment.ProcessorCount - 2);
            return new QueueOptions
            {
                Parallelism = parallelism,
                Capacity = Math.Max(Decode.Capacity, 2 * parallelism),
                LiveAtLeast = Environment.ProcessorCount, // a run that started with one decoder may be given every core
            };
        }
    }

    /// <summary>The slice of the budget for encoded bodies, in bytes.</summary>
    internal long BodySlice => MemoryBudget - PixelSlice;

    /// <summary>The slice of the budget for decoded pixels, in bytes.</summary>
    internal long PixelSlice => (long)(MemoryBudget * DecodeShare);
}
