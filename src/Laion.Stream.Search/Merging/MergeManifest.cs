using System.Text.Json.Serialization;
using LaionStream.Search.Outputs;

namespace LaionStream.Search.Merging;

/// <summary><c>merge.json</c>: how a merged output came about. Names no time, so that the same inputs give the same bytes.</summary>
internal sealed record MergeManifest
{
    /// <summary>Version of this form.</summary>
    public int Form { get; init; } = 1;

    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>Which keys make rows equal, in the order in which they were compared.</summary>
    public required IReadOnlyList<string> Keys { get; init; }

    /// <summary>Rows of the merged output.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows of the inputs.</summary>
    public required long Of { get; init; }

    /// <summary>The inputs, by the number that the column <c>merged_from</c> has.</summary>
    public required IReadOnlyList<MergedInput> Inputs { get; init; }
}

/// <summary>An input of a merged output.</summary>
/// <param name="Source">Where it lies, its models, thresholds and files.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Lost">Those left out, by the key that an earlier row shares.</param>
internal sealed record MergedInput(SourceRecord Source, long Rows, IReadOnlyDictionary<string, long> Lost);

/// <summary>How <c>merge.json</c> is written.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MergeManifest))]
internal sealed partial class MergeJson : JsonSerializerContext;
