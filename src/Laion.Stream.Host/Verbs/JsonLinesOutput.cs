using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LaionStream.Host.Verbs;

/// <summary>One JSON object per line: <c>{"text": …, "embedding": […]}</c> or <c>{"image": …, "embedding": […]}</c>.</summary>
internal sealed class JsonLinesOutput(TextWriter output, bool isHalf) : IVectorOutput
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc/>
    public async Task WriteAsync(string kind, string of, ReadOnlyMemory<float> vector)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString(kind, of);
            json.WriteStartArray("embedding");
            foreach (float value in vector.Span) { json.WriteNumberValue(isHalf ? (float)(Half)value : value); }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        await output.WriteLineAsync(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    /// <inheritdoc/>
    public void Complete() => output.Flush();

    /// <inheritdoc/>
    public void Dispose() => output.Flush();
}
