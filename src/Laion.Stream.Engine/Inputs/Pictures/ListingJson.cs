using System.Text.Json.Serialization;

namespace LaionStream.Engine.Inputs.Pictures;

/// <summary>How the lines of a list of pictures are written: a JSON string each.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class ListingJson : JsonSerializerContext;
