namespace LaionStream.Dataset.Summary;

/// <summary>
/// One session's record in <c>summary.json</c>: who ran what, when, with which settings, and at what cost. Written at its start, once a minute, and at its
/// end.
/// </summary>
public sealed record RunRecord
{
    /// <summary>How it ended, or <c>running</c>: then it is in progress, or was ended by force after the summary was written.</summary>
    public required string State { get; init; }

    /// <summary>When it started, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended, UTC; null while it is running.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Its duration so far, by a monotonic clock.</summary>
    public required double Seconds { get; init; }

    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>The commit that it was built from; empty when the build did not know it.</summary>
    public required string Commit { get; init; }

    /// <summary>Name of the machine.</summary>
    public required string Host { get; init; }

    /// <summary>The process id.</summary>
    public required int Process { get; init; }

    /// <summary>The command line, without user info and queries of addresses.</summary>
    public required string Command { get; init; }

    /// <summary>SHA-256 of the run's fingerprint: two outputs with the same one were made by the same rules, thresholds and models.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Settings that are not at their default, by key.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>Links that got an outcome in this session.</summary>
    public required long Links { get; init; }

    /// <summary>Rows kept in this session.</summary>
    public required long Kept { get; init; }

    /// <summary>Links that got an outcome, per second.</summary>
    public required double LinksPerSecond { get; init; }

    /// <summary>Rows kept, per second.</summary>
    public required double KeptPerSecond { get; init; }

    /// <summary>CPU time of the process, its start included, in seconds.</summary>
    public required double CpuSeconds { get; init; }

    /// <summary>Peak physical memory of the process, in bytes.</summary>
    public required long PeakMemoryBytes { get; init; }
}
