using System.Text.Json;
using System.Text.Json.Serialization;

namespace LaionStream.Models.Catalog.Pull;

/// <summary>The JSON format of <see cref="PullManifest"/>, which <c>models</c> reads for its help text too: generated code spares it reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true)]
[JsonSerializable(typeof(PullManifest))]
internal sealed partial class PullJson : JsonSerializerContext;
