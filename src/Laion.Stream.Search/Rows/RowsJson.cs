using System.Text.Json.Serialization;

namespace LaionStream.Search.Rows;

/// <summary>How the JSON of the row store is written: camelCase, no reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RowFooter))]
[JsonSerializable(typeof(RowFileEntry))]
internal sealed partial class RowsJson : JsonSerializerContext;
