using System.Text.Json.Serialization;

namespace LaionStream.Explorer.Maps;

/// <summary>How maps are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, MaxDepth = 16)]
[JsonSerializable(typeof(MapAnswer))]
[JsonSerializable(typeof(MapPassesRequest))]
[JsonSerializable(typeof(MapPassesAnswer))]
internal sealed partial class MapsJson : JsonSerializerContext;
