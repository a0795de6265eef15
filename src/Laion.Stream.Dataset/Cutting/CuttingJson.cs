using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace LaionStream.Dataset.Cutting;

/// <summary>JSON without reflection.</summary>
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class CuttingJson : JsonSerializerContext;
