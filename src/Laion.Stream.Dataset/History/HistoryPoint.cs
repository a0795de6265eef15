namespace LaionStream.Dataset.History;

/// <summary>One line of <c>state/history.jsonl</c>: how far an output was at one moment. Counts of links are the output's, the others are the session's.</summary>
public sealed record HistoryPoint
{
    /// <summary>When it was written, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When its session started, UTC: points with the same start belong together.</summary>
    public required DateTimeOffset Session { get; init; }

    /// <summary>Links that had an outcome.</summary>
    public required long Links { get; init; }

    /// <summary>Rows kept.</summary>
    public required long Kept { get; init; }

    /// <summary>Links dropped, by reason.</summary>
    public required IReadOnlyDictionary<string, long> Dropped { get; init; }

    /// <summary>Pictures fetched in this session.</summary>
    public required long Fetched { get; init; }

    /// <summary>Bytes of pictures fetched in this session.</summary>
    public required long Bytes { get; init; }

    /// <summary>Median time of a fetch in this session so far, in milliseconds; 0 when nothing was fetched.</summary>
    public required double LatencyP50 { get; init; }

    /// <summary>99th percentile likewise.</summary>
    public required double LatencyP99 { get; init; }

    /// <summary>CPU time of the process, in seconds.</summary>
    public required double CpuSeconds { get; init; }

    /// <summary>Physical memory of the process, in bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>What limited the run at that moment: a stage, <c>input</c> or <c>memory (…)</c>.</summary>
    public required string Bottleneck { get; init; }
}
