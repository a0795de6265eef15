using System.Text.Json;
using System.Text.Json.Serialization;

namespace LaionStream.Dataset.Summary;

/// <summary><c>summary.json</c>: the outcome of every link of an output. <c>Links = Kept + Σ Dropped</c>, always.</summary>
public sealed record RunSummary
{
    /// <summary>The verb that wrote it: <c>run</c>, <c>extract</c>, <c>demo</c> or <c>retry</c>.</summary>
    public required string Verb { get; init; }

    /// <summary>Whether every input file of this output's share is done.</summary>
    public required bool Complete { get; init; }

    /// <summary>Links (for lists: lines) that have an outcome.</summary>
    public required long Links { get; init; }

    /// <summary>Links that entered the graph: accepted by the rules and the deduplication.</summary>
    public required long Candidates { get; init; }

    /// <summary>Rows in the dataset.</summary>
    public required long Kept { get; init; }

    /// <summary>Links that were dropped, by reason.</summary>
    public required IReadOnlyDictionary<string, long> Dropped { get; init; }

    /// <summary>How often each opt-out signal objected, by its name; without those that never did.</summary>
    [JsonPropertyName("optOuts")]
    public IReadOnlyDictionary<string, OptOutCount> OptOuts { get; init; } = new Dictionary<string, OptOutCount>();

    /// <summary>Kept rows by output set.</summary>
    public required IReadOnlyDictionary<string, long> Sets { get; init; }

    /// <summary>Rows that went into and came out of each stage of the last session, in the graph's order.</summary>
    public IReadOnlyList<StageSummary> Stages { get; init; } = [];

    /// <summary>The download module's numbers for the last session; null when nothing was fetched.</summary>
    public DownloadReport? Download { get; init; }

    /// <summary>Input files, and how many of them are done.</summary>
    public required FilesSummary Files { get; init; }

    /// <summary>Lower-case hex SHA-256 of each model file used, by its role.</summary>
    public IReadOnlyDictionary<string, string> Models { get; init; } = new Dictionary<string, string>();

    /// <summary>The session that wrote this; null in summaries of version 0.1.0.</summary>
    public RunRecord? Run { get; init; }

    /// <summary>Thresholds and limits that were applied, by name; none when the filter was off.</summary>
    public IReadOnlyDictionary<string, double> Thresholds { get; init; } = new Dictionary<string, double>();

    /// <summary>The similarity of every row that was scored for this output, by set, before the threshold; none where nothing is scored, and in summaries of
    /// earlier versions.</summary>
    public IReadOnlyDictionary<string, SimilarityHistogram> Similarity { get; init; } = new Dictionary<string, SimilarityHistogram>();

    /// <summary>Further notes, such as which model wrote <c>punsafe</c>.</summary>
    public IReadOnlyDictionary<string, string> Notes { get; init; } = new Dictionary<string, string>();

    /// <summary>When it was written, UTC.</summary>
    public required DateTimeOffset WrittenAt { get; init; }

    /// <summary>Writes the file's text.</summary>
    public byte[] ToJson() => [.. JsonSerializer.SerializeToUtf8Bytes(this, SummaryJson.Default.RunSummary), (byte)'\n'];

    /// <summary>Reads the file's text.</summary>
    /// <exception cref="InvalidDataException">It is not a summary; the message says why.</exception>
    public static RunSummary Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return Whole(JsonSerializer.Deserialize(json, SummaryJson.Default.RunSummary) ?? throw new InvalidDataException("summary.json is empty."));
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"summary.json cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Generated readers leave a property null that an earlier version did not write, whatever its initial value.</summary>
    private static RunSummary Whole(RunSummary read) => read with
    {
        Stages = read.Stages ?? [],
        OptOuts = read.OptOuts ?? new Dictionary<string, OptOutCount>(),
        Models = read.Models ?? new Dictionary<string, string>(),
        Thresholds = read.Thresholds ?? new Dictionary<string, double>(),
        Similarity = read.Similarity ?? new Dictionary<string, SimilarityHistogram>(),
        Notes = read.Notes ?? new Dictionary<string, string>(),
    };
}
