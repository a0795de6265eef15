using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace LaionStream.Engine.Inputs.Lists;

/// <summary>Parses one line of a JSONL list. Pure.</summary>
internal static class JsonLine
{
    private static readonly SearchValues<byte> Blank = SearchValues.Create(" \t\r\u001a"u8);

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Whether a line is blank.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> line) => !line.ContainsAnyExcept(Blank) || line.SequenceEqual(ByteOrderMark);

    /// <summary>A line as it is parsed: invalid bytes become U+FFFD, as in the other text lists, and numbers that JSON has no word for become null.</summary>
    public static ReadOnlySpan<byte> Readable(ReadOnlySpan<byte> line)
    {
        if (!Utf8.IsValid(line)) { line = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(line)); }
        return JsonNonFinite.MayOccur(line) ? JsonNonFinite.ToNull(line) : line;
    }

    /// <summary>Finds the values of an object's keys; false when the line is not a JSON object.</summary>
    /// <param name="line">Well-formed UTF-8.</param>
    /// <param name="keys">The columns.</param>
    /// <param name="values">One per column; the last one of equal keys counts.</param>
    public static bool TryRead(ReadOnlySpan<byte> line, JsonKeys keys, Span<JsonValue> values)
    {
        try
        {
            Utf8JsonReader reader = Reader(line, out int offset);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            int column = -1;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                column = keys.Find(ref reader, column + 1);
                JsonValue value = ReadValue(ref reader, offset);
                if (column >= 0)
                {
                    values[column] = value;
                }
            }

            return !reader.Read();
        }
        catch (JsonException)
        {
            return false; // the caller counts the line as malformed
        }
    }

    /// <summary>Reads each key of an object with its value's type, also from a malformed line up to its error.</summary>
    public static void Visit(ReadOnlySpan<byte> line, Action<string, JsonTokenType, bool> visit)
    {
        try
        {
            Utf8JsonReader reader = Reader(line, out int offset);
            if (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    string name = reader.GetString()!;
                    JsonValue value = ReadValue(ref reader, offset);
                    bool isWhole = value.Type == JsonTokenType.Number
                        && long.TryParse(line.Slice(value.Start, value.Length), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
                    visit(name, value.Type, isWhole);
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return; // not a key that can name a column; the line is validated when its row is read
        }
    }

    /// <summary>Writes a value's characters and returns their number; lone surrogates are kept.</summary>
    /// <param name="raw">The value as in the line: well-formed, with valid escapes.</param>
    /// <param name="isString">Whether it may contain escapes.</param>
    /// <param name="to">At least as long as <paramref name="raw"/>.</param>
    public static int CopyText(ReadOnlySpan<byte> raw, bool isString, Span<char> to)
    {
        int written = 0;
        while (isString && raw.IndexOf((byte)'\\') is >= 0 and int escape)
        {
            written += Encoding.UTF8.GetChars(raw[..escape], to[written..]);
            bool isCode = raw[escape + 1] == 'u';
            to[written++] = isCode
                ? (char)ushort.Parse(raw.Slice(escape + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
                : Escaped(raw[escape + 1]);
            raw = raw[(escape + (isCode ? 6 : 2))..];
        }

        return written + Encoding.UTF8.GetChars(raw, to[written..]);
    }

    private static Utf8JsonReader Reader(ReadOnlySpan<byte> line, out int offset)
    {
        offset = line.StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
        return new Utf8JsonReader(line[offset..]);
    }

    private static JsonValue ReadValue(ref Utf8JsonReader reader, int offset)
    {
        reader.Read();
        JsonTokenType type = reader.TokenType;
        int start = (int)reader.TokenStartIndex;
        if (type is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            reader.Skip();
        }

        int end = (int)reader.BytesConsumed;
        return type == JsonTokenType.String ? new JsonValue(type, offset + start + 1, end - start - 2) : new JsonValue(type, offset + start, end - start);
    }

    private static char Escaped(byte letter) => letter switch
    {
        (byte)'n' => '\n',
        (byte)'t' => '\t',
        (byte)'r' => '\r',
        (byte)'b' => '\b',
        (byte)'f' => '\f',
        _ => (char)letter,
    };
}
