using System.Text.Json.Serialization;

namespace LaionStream.Explorer.Clip;

/// <summary>How lists of names are written.</summary>
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class ClipJson : JsonSerializerContext;
