namespace LaionStream.Dataset.Summary;

/// <summary>One session's record of itself in <c>summary.json</c>: who ran what, when, with which settings, and at what cost. Written at its start, once a minute, and at its end.</summary>
public sealed record RunRecord
{
    /// <summary>How it ended, or <c>running</c>: then it goes on, or was ended by force after the summary was written.</summary>
    public required string State { get; init; }

    /// <summary>When it began, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended, UTC; null while it is running.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How long it took so far, by a clock that nobody sets.</summary>
    public required double Seconds { get; init; }

    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>The commit that it was built from; empty where the build did not know it.</summary>
    public required string Commit { get; init; }

    /// <summary>Name of the machine.</summary>
    public required string Host { get; init; }

    /// <summary>The process.</summary>
    public required int Process { get; init; }

    /// <summary>The command line; user info and queries of addresses are left out.</summary>
    public required string Command { get; init; }

    /// <summary>SHA-256 of the run's fingerprint: two outputs with the same one were made by the same rules, thresholds and models.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Settings that are not at their default, by their key.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>Links that ended in this session.</summary>
    public required long Links { get; init; }

    /// <summary>Rows kept in this session.</summary>
    public required long Kept { get; init; }

    /// <summary>Links that ended, per second.</summary>
    public required double LinksPerSecond { get; init; }

    /// <summary>Rows kept, per second.</summary>
    public required double KeptPerSecond { get; init; }

    /// <summary>CPU time of the process, its start included, in seconds.</summary>
    public required double CpuSeconds { get; init; }

    /// <summary>Most physical memory that the process has held, in bytes.</summary>
    public required long PeakMemoryBytes { get; init; }
}
