using LaionStream.Dataset.Summary;
using LaionStream.Explorer.Queries;

namespace LaionStream.Explorer.Reports;

/// <summary>How the output came about and what is in it.</summary>
internal sealed record DatasetAnswer
{
    /// <summary>Links with an outcome; null when the run's summary is not there.</summary>
    public required long? Links { get; init; }

    /// <summary>Rows of the output.</summary>
    public required long Kept { get; init; }

    /// <summary>Dropped links by reason, the most frequent first.</summary>
    public required IReadOnlyList<DroppedCount> Dropped { get; init; }

    /// <summary>Rows by set.</summary>
    public required IReadOnlyDictionary<string, long> Sets { get; init; }

    /// <summary>Rows through each stage of the last session.</summary>
    public required IReadOnlyList<StageSummary> Stages { get; init; }

    /// <summary>Thresholds by name.</summary>
    public required IReadOnlyDictionary<string, double> Thresholds { get; init; }

    /// <summary>SHA-256 of the models by role.</summary>
    public required IReadOnlyDictionary<string, string> Models { get; init; }

    /// <summary>The similarity of every scored row, kept or not, by set.</summary>
    public required IReadOnlyDictionary<string, SimilarityHistogram> Similarity { get; init; }

    /// <summary>Rows by language.</summary>
    public required IReadOnlyList<FacetCount> Languages { get; init; }

    /// <summary>Rows by licence.</summary>
    public required IReadOnlyList<FacetCount> Licences { get; init; }

    /// <summary>Rows by domain.</summary>
    public required IReadOnlyList<FacetCount> Domains { get; init; }

    /// <summary>Rows by width and height.</summary>
    public required IReadOnlyDictionary<string, Histogram> Sizes { get; init; }
}
