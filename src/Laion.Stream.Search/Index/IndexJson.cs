using System.Text.Json.Serialization;

namespace LaionStream.Search.Index;

/// <summary>How the manifest of an index is written: camelCase, kinds by name, no reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(IndexLine))]
internal sealed partial class IndexJson : JsonSerializerContext;
