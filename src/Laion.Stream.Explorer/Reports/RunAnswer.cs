using LaionStream.Dataset.History;
using LaionStream.Dataset.Summary;

namespace LaionStream.Explorer.Reports;

/// <summary>The run that writes the output, or that wrote it last.</summary>
internal sealed record RunAnswer
{
    /// <summary>Whether it is still active.</summary>
    public required bool Running { get; init; }

    /// <summary>How it ended, or <c>running</c>.</summary>
    public required string State { get; init; }

    /// <summary>When it started, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended, UTC.</summary>
    public required DateTimeOffset? EndedAt { get; init; }

    /// <summary>Links with an outcome.</summary>
    public required long Links { get; init; }

    /// <summary>Rows kept.</summary>
    public required long Kept { get; init; }

    /// <summary>Links per second: of the last minutes while it goes on, else of the session.</summary>
    public required double LinksPerSecond { get; init; }

    /// <summary>Rows kept per second, likewise.</summary>
    public required double KeptPerSecond { get; init; }

    /// <summary>What limited it last.</summary>
    public required string? Bottleneck { get; init; }

    /// <summary>Its numbers over time, at most 2,000 points.</summary>
    public required IReadOnlyList<HistoryPoint> History { get; init; }

    /// <summary>Rows through each stage.</summary>
    public required IReadOnlyList<StageSummary> Stages { get; init; }

    /// <summary>The last warnings and errors of its log; none where the service is open to strangers.</summary>
    public required IReadOnlyList<RunError> Errors { get; init; }
}
