using System.Text.Json.Serialization;

namespace LaionStream.Dataset.History;

/// <summary>How a line of <c>state/history.jsonl</c> is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(HistoryPoint))]
internal sealed partial class HistoryJson : JsonSerializerContext;
