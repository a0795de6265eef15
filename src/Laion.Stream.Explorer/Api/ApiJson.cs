using System.Text.Json.Serialization;

namespace LaionStream.Explorer.Api;

/// <summary>How the other answers are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(InfoAnswer))]
internal sealed partial class ApiJson : JsonSerializerContext;
