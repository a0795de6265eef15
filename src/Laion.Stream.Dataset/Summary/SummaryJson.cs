using System.Text.Json.Serialization;

namespace LaionStream.Dataset.Summary;

/// <summary>How <c>summary.json</c> is written: snake_case and indented, for people and scripts.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(RunSummary))]
internal sealed partial class SummaryJson : JsonSerializerContext;
