using System.Text.Json.Serialization;

namespace LaionStream.Engine.Decoding.Isolation;

/// <summary>How the first frame is written.</summary>
[JsonSerializable(typeof(ChildSetup))]
internal sealed partial class ChildJson : JsonSerializerContext;
