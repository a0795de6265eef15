using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LaionStream.Host.Verbs;

/// <summary>A row as one JSON object: column names as keys, int64 as numbers, times in ISO 8601.</summary>
internal static class RowJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The object as one line.</summary>
    public static string Of(IEnumerable<KeyValuePair<string, object?>> row)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            foreach ((string name, object? value) in row)
            {
                json.WritePropertyName(name);
                Write(json, value);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case string text: json.WriteStringValue(text); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case int number: json.WriteNumberValue(number); break;
            case long number: json.WriteNumberValue(number); break;
            case float number when float.IsFinite(number): json.WriteNumberValue(number); break;
            case double number when double.IsFinite(number): json.WriteNumberValue(number); break;
            case DateTime time: json.WriteStringValue(DateTime.SpecifyKind(time, DateTimeKind.Utc)); break;
            case DateTimeOffset time: json.WriteStringValue(time); break;
            default: JsonSerializer.Serialize(json, value is float or double ? null : value); break;
        }
    }
}
