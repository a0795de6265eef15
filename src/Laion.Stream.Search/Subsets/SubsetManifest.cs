using System.Text.Json.Serialization;
using LaionStream.Search.Outputs;

namespace LaionStream.Search.Subsets;

/// <summary>What lies beside a subset: how it came about. Names no time, so that the same inputs give the same bytes.</summary>
internal sealed record SubsetManifest
{
    /// <summary>Version of this form.</summary>
    public int Form { get; init; } = 1;

    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>The file, with its size and digest; null for a folder, whose own manifest lists its files.</summary>
    public FileRecord? File { get; init; }

    /// <summary>What it is written as.</summary>
    public required string Format { get; init; }

    /// <summary>Rows of the subset.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows of the inputs.</summary>
    public required long Of { get; init; }

    /// <summary>Which rows were asked for.</summary>
    public required SubsetQuery Query { get; init; }

    /// <summary>Where they came from.</summary>
    public required IReadOnlyList<SourceRecord> Inputs { get; init; }
}

/// <summary>Which rows were asked for.</summary>
internal sealed record SubsetQuery(
    IReadOnlyList<string> Sets, IReadOnlyList<SubsetPreset> Presets, string? Where, string? Distinct, long? PerDomain, string? Sample, long Seed, IReadOnlyList<string> Columns)
{
    /// <summary>What the pictures had to be like: a text, or <c>sha256:</c> and the digest of a picture.</summary>
    public string? Like { get; init; }

    /// <summary>The lowest cosine for it.</summary>
    public float? MinSimilarity { get; init; }
}

/// <summary>How the manifest of a subset is written.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SubsetManifest))]
internal sealed partial class SubsetJson : JsonSerializerContext;
