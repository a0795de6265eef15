using System.Text.Json.Serialization;

namespace LaionStream.Engine.Decoding.Isolation;

/// <summary>The JSON format of the first frame.</summary>
[JsonSerializable(typeof(ChildSetup))]
internal sealed partial class ChildJson : JsonSerializerContext;
