using System.ComponentModel.DataAnnotations;

namespace LaionStream.Search.Index;

/// <summary>How vectors are indexed; section <c>Index</c> of <c>appsettings.json</c>.</summary>
public sealed class IndexOptions
{
    /// <summary>Vectors below which no index is built: comparing each of them takes a few milliseconds, and is exact.</summary>
    /// <value>Default 100,000.</value>
    [Range(2, 100_000_000)]
    public int ExactBelow { get; set; } = 100_000;

    /// <summary>Vectors of a segment, about: it is closed at the end of the part that reaches them. Building one needs about 0.7 KB of memory a vector of 512 numbers.</summary>
    /// <value>Default 1,000,000.</value>
    [Range(2, 100_000_000)]
    public int SegmentRows { get; set; } = 1_000_000;

    /// <summary>The most vectors of a segment that --compact merges smaller ones into.</summary>
    /// <value>Default 4,000,000.</value>
    [Range(2, 400_000_000)]
    public int MaxSegmentRows { get; set; } = 4_000_000;

    /// <summary>Threads that build a segment or a map.</summary>
    /// <value>Default 0: one per core.</value>
    [Range(0, 1024)]
    public int Threads { get; set; }

    /// <summary>Time between two looks at an output that is followed.</summary>
    /// <value>Default 5 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.05", "01:00:00")]
    public TimeSpan Poll { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The most rows of a map. Of more, some are drawn; of an output that grew, mostly the same. A map takes about 1.2 KB of memory a row.</summary>
    /// <value>Default 200,000.</value>
    [Range(3, 2_000_000)]
    public int MapRows { get; set; } = 200_000;

    /// <summary>What a map draws its random numbers from: the same vectors and seed give the same map.</summary>
    /// <value>Default 1.</value>
    [Range(0, int.MaxValue)]
    public int MapSeed { get; set; } = 1;

    /// <summary><see cref="Threads"/>, resolved.</summary>
    internal int BuildThreads => Threads > 0 ? Threads : Environment.ProcessorCount;
}
