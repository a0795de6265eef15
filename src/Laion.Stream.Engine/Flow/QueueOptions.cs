using System.ComponentModel.DataAnnotations;

namespace LaionStream.Engine.Flow;

/// <summary>One stage's queue: how many rows it works on at once and how many it may hold.</summary>
public sealed class QueueOptions
{
    /// <summary>How far a live change may raise the parallelism above the value the run started with.</summary>
    private const int LiveHeadroom = 4;

    /// <summary>Rows worked on at once. Live: a change takes effect on save, up to four times the value the run started with.</summary>
    [Range(0, 100_000)]
    public int Parallelism { get; set; } = 1;

    /// <summary>Rows the stage may hold: waiting, in progress and not yet taken by the next stage. At least twice the parallelism.</summary>
    [Range(2, 1_000_000)]
    public int Capacity { get; set; } = 2;

    /// <summary>The least value up to which the parallelism may be raised while a run lasts; 0 when four times its start is enough.</summary>
    internal int LiveAtLeast { get; init; }

    /// <summary>The highest parallelism that a live change may set.</summary>
    internal int LiveMost => Math.Max(Parallelism * LiveHeadroom, LiveAtLeast);
}
