using System.Text.Json.Serialization;

namespace LaionStream.Explorer.Exports;

/// <summary>How exports are asked for.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    MaxDepth = 16)]
[JsonSerializable(typeof(ExportRequest))]
[JsonSerializable(typeof(CommandAnswer))]
internal sealed partial class ExportsJson : JsonSerializerContext;
