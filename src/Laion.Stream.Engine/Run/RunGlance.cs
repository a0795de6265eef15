using LaionStream.Dataset.Rows;
using LaionStream.Engine.Inputs;

namespace LaionStream.Engine.Run;

/// <summary>The numbers of a run at one moment, for people who watch it.</summary>
internal sealed record RunGlance
{
    /// <summary>The verb.</summary>
    public required string Verb { get; init; }

    /// <summary>Time since the inputs began to be read.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Links of all sessions, those in flight included.</summary>
    public required long Links { get; init; }

    /// <summary>Links without an outcome.</summary>
    public required long InFlight { get; init; }

    /// <summary>Rows that this session has written, committed or not.</summary>
    public required long Written { get; init; }

    /// <summary>Rows committed by all sessions, by set.</summary>
    public required IReadOnlyDictionary<string, long> Kept { get; init; }

    /// <summary>Rows of open parts, by set.</summary>
    public required IReadOnlyDictionary<string, long> Open { get; init; }

    /// <summary>Links dropped by all sessions, by reason.</summary>
    public required IReadOnlyDictionary<DropReason, long> Dropped { get; init; }

    /// <summary>Input files of this machine's share that are done.</summary>
    public required int FilesDone { get; init; }

    /// <summary>Input files of this machine's share.</summary>
    public required int FilesKnown { get; init; }

    /// <summary>How far they are read.</summary>
    public required InputBytes Input { get; init; }

    /// <summary>What was fetched; null for a graph without downloads.</summary>
    public required RunTraffic? Traffic { get; init; }

    /// <summary>The stages, from the source to the sinks.</summary>
    public required IReadOnlyList<StageGlance> Stages { get; init; }

    /// <summary>Bytes of the memory budget that are held, and that there are.</summary>
    public required (long Held, long Capacity) Memory { get; init; }

    /// <summary>What limits the run.</summary>
    public required string Bottleneck { get; init; }

    /// <summary>One sentence on what to turn; null when there is nothing to turn.</summary>
    public required string? Advice { get; init; }
}
