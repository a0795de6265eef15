using System.Text.Json;

namespace LaionStream.Models.Pictures.Metadata;

/// <summary>Reads small JSON of unknown origin into maps and texts.</summary>
internal static class BoundedJson
{
    private const int MostBytes = 256 << 10;
    private const int MostDepth = 16;

    /// <summary>Reads a value; null when it is damaged, too large, or neither a map nor a text. Of equal keys the last counts.</summary>
    public static object? Read(ReadOnlySpan<byte> json)
    {
        json = json.TrimEnd((byte)0);
        if (json.Length > MostBytes) { return null; }

        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MostDepth });
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            return Convert(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // damaged, or a text that is not UTF-16
        }
    }

    private static object? Convert(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Object => Map(element),
        _ => null,
    };

    private static Dictionary<string, object?> Map(JsonElement element)
    {
        var map = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (JsonProperty property in element.EnumerateObject()) { map[property.Name] = Convert(property.Value); }
        return map;
    }
}
