using System.Text.Json.Serialization;

namespace LaionStream.Explorer.Reports;

/// <summary>How reports are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DatasetAnswer))]
[JsonSerializable(typeof(RunAnswer))]
internal sealed partial class ReportsJson : JsonSerializerContext;
