using System.Text.Json.Serialization;

namespace LaionStream.Search.Subsets;

/// <summary>What lies beside a subset: how it came about. Names no time, so that the same inputs give the same bytes.</summary>
internal sealed record SubsetManifest
{
    /// <summary>Version of this form.</summary>
    public int Form { get; init; } = 1;

    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>The file, with its size and digest.</summary>
    public required SubsetFile File { get; init; }

    /// <summary>What it is written as.</summary>
    public required string Format { get; init; }

    /// <summary>Rows of the subset.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows of the inputs.</summary>
    public required long Of { get; init; }

    /// <summary>Which rows were asked for.</summary>
    public required SubsetQuery Query { get; init; }

    /// <summary>Where they came from.</summary>
    public required IReadOnlyList<SubsetInput> Inputs { get; init; }
}

/// <summary>A file, as a manifest names it.</summary>
/// <param name="Path">Relative to the folder that holds it.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Lower-case hex SHA-256 of its bytes.</param>
internal sealed record SubsetFile(string Path, long Bytes, string Sha256);

/// <summary>Which rows were asked for.</summary>
internal sealed record SubsetQuery(
    IReadOnlyList<string> Sets, IReadOnlyList<SubsetPreset> Presets, string? Where, string? Distinct, long? PerDomain, string? Sample, long Seed, IReadOnlyList<string> Columns);

/// <summary>An input of a subset.</summary>
/// <param name="Path">As it was named.</param>
/// <param name="Away">Parts that had been moved away, and were not read.</param>
/// <param name="Fingerprint">SHA-256 of the run's fingerprint; null outside an output folder.</param>
/// <param name="Models">SHA-256 of the models of the run, by role.</param>
/// <param name="Thresholds">What the rows were held to.</param>
/// <param name="Files">The files that were read.</param>
internal sealed record SubsetInput(
    string Path, int Away, string? Fingerprint, IReadOnlyDictionary<string, string> Models, IReadOnlyDictionary<string, double> Thresholds, IReadOnlyList<SubsetFile> Files);

/// <summary>How the manifest of a subset is written.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SubsetManifest))]
internal sealed partial class SubsetJson : JsonSerializerContext;
