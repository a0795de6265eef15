using System.Text.Json;
using System.Text.Unicode;
using LaionStream.Engine.Inputs.Wat;

namespace LaionStream.Host.Verbs.Explain;

/// <summary>
/// Reads one line of questions. Strings are decoded as in the WAT reader, so that lone surrogates are kept as they were written. Not safe for concurrent use.
/// </summary>
internal sealed class QuestionReader
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 1000 }; // unknown fields may contain anything

    private readonly JsonText _text = new();

    /// <summary>Reads a line; unknown fields are skipped, and the last of equal fields is used.</summary>
    /// <exception cref="QuestionException">The line is not a JSON object, or a field has the wrong type.</exception>
    public Question Read(ReadOnlySpan<byte> line)
    {
        if (!Utf8.IsValid(line)) { throw new QuestionException("the line is not UTF-8"); }

        try
        {
            var reader = new Utf8JsonReader(line, Options);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) { throw new QuestionException("the line is not a JSON object"); }

            var question = new Question();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = Decode(ref reader);
                reader.Read();
                question = Take(question, name, ref reader);
            }

            reader.Read(); // throws when something follows the object
            return question;
        }
        catch (JsonException e)
        {
            throw new QuestionException($"the line is not JSON: {e.Message}", e);
        }
    }

    private Question Take(Question question, string name, ref Utf8JsonReader value)
    {
        switch (name)
        {
            case "text": return question with { Text = String(name, ref value) };
            case "raw": return question with { Raw = Flag(name, ref value) };
            case "url": return question with { Url = String(name, ref value) };
            case "base": return question with { Base = String(name, ref value) };
            case "address": return question with { Address = String(name, ref value) };
            case "robots": return question with { Robots = String(name, ref value) };
            case "tdmrep": return question with { Tdmrep = Json(name, ref value) };
            case "agent": return question with { Agent = String(name, ref value) };
            case "headers": return question with { Headers = Headers(ref value) };
            case "image": return question with { Image = String(name, ref value) };
            default:
                value.Skip();
                return question;
        }
    }

    private string? String(string name, ref Utf8JsonReader value) => value.TokenType switch
    {
        JsonTokenType.String => Decode(ref value),
        JsonTokenType.Null => null,
        _ => throw new QuestionException($"'{name}' is not a string"),
    };

    /// <summary>A JSON document, as itself or as a text.</summary>
    private string? Json(string name, ref Utf8JsonReader value)
    {
        if (value.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject)) { return String(name, ref value); }
        using JsonDocument document = JsonDocument.ParseValue(ref value);
        return document.RootElement.GetRawText();
    }

    private static bool Flag(string name, ref Utf8JsonReader value) => value.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False or JsonTokenType.Null => false,
        _ => throw new QuestionException($"'{name}' is not true or false"),
    };

    /// <summary>Headers as <c>"Name: value"</c> or as <c>["name", "value"]</c>.</summary>
    private List<(string Name, string Value)>? Headers(ref Utf8JsonReader value)
    {
        if (value.TokenType == JsonTokenType.Null) { return null; }
        if (value.TokenType != JsonTokenType.StartArray) { throw new QuestionException("'headers' is not a list"); }

        var headers = new List<(string Name, string Value)>();
        while (value.Read() && value.TokenType != JsonTokenType.EndArray) { headers.Add(Header(ref value)); }
        return headers;
    }

    private (string Name, string Value) Header(ref Utf8JsonReader value)
    {
        if (value.TokenType == JsonTokenType.String)
        {
            string header = Decode(ref value);
            int colon = header.IndexOf(':', StringComparison.Ordinal);
            return colon > 0 ? (header[..colon].Trim(), header[(colon + 1)..].Trim()) : throw new QuestionException("a header has no colon after its name");
        }

        if (value.TokenType == JsonTokenType.StartArray
            && Next(ref value) is { } name
            && Next(ref value) is { } content
            && value.Read()
            && value.TokenType == JsonTokenType.EndArray)
        {
            return (name.Trim(), content.Trim());
        }

        throw new QuestionException("a header is neither \"Name: value\" nor a pair of strings");
    }

    private string? Next(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.String ? Decode(ref reader) : null;

    private string Decode(ref Utf8JsonReader reader) => _text.Decode(reader.ValueSpan).ToString();
}
