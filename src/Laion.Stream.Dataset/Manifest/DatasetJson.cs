using System.Text.Json.Serialization;

namespace LaionStream.Dataset.Manifest;

/// <summary>How the JSON files of an output are written: camelCase, no reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ManifestEntry))]
internal sealed partial class DatasetJson : JsonSerializerContext;
