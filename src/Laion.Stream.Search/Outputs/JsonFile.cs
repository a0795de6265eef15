using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace LaionStream.Search.Outputs;

/// <summary>The text of a manifest for people and programs: indented, with no character escaped that JSON itself allows, and a line end.</summary>
internal static class JsonFile
{
    /// <summary>Writes a value as text.</summary>
    public static byte[] Of<T>(T value, JsonTypeInfo<T> type)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            JsonSerializer.Serialize(writer, value, type);
        }

        return [.. json.ToArray(), .. "\n"u8];
    }
}
