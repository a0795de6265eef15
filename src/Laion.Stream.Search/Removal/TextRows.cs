using System.Globalization;
using System.Text;
using System.Text.Json;
using LaionStream.Search.Subsets;

namespace LaionStream.Search.Removal;

/// <summary>The rows of a subset that is a text file: comma-separated values, JSON lines, or addresses.</summary>
/// <param name="path">The file.</param>
/// <param name="format">Its form.</param>
internal sealed class TextRows(string path, SubsetFormat format)
{
    /// <summary>Finds the rows that are to be removed.</summary>
    /// <param name="input">The file, from its start.</param>
    /// <param name="judge">Decides.</param>
    /// <param name="abort">Ends it early.</param>
    /// <returns>Their numbers from 0, and how many rows there are.</returns>
    /// <exception cref="InvalidDataException">The file has another form, or no column that tells rows apart.</exception>
    public (ChosenRows Found, long Rows) Find(Stream input, RowJudge judge, CancellationToken abort)
    {
        var found = new ChosenRows();
        var reader = new RecordReader(input, path, format == SubsetFormat.Csv);
        int[]? places = format == SubsetFormat.Csv ? Head(reader) : null;
        bool hasLooks = format != SubsetFormat.Jsonl;
        long row = 0;
        for (; reader.TryRead(out ReadOnlyMemory<byte> record); row++)
        {
            if (row % 4096 == 0) { abort.ThrowIfCancellationRequested(); }
            RowLooks looks = format switch
            {
                SubsetFormat.Csv => OfFields(FieldsOf(record.Span), places!),
                SubsetFormat.Jsonl => OfObject(record.Span, ref hasLooks),
                _ => new RowLooks(null, Encoding.UTF8.GetString(record.Span.TrimEnd("\r\n"u8)), null, null, null),
            };
            if (judge.IsRemoved(looks)) { found.Add(0, 0, row); }
        }

        return hasLooks || row == 0 ? (found, row) : throw RowLooks.Lacking(path);
    }

    /// <summary>Copies the rows that stay, with their bytes.</summary>
    /// <param name="input">The file, from its start.</param>
    /// <param name="output">Receives them.</param>
    /// <param name="gone">The rows that do not stay.</param>
    public void Copy(Stream input, Stream output, ChosenRows gone)
    {
        var reader = new RecordReader(input, path, format == SubsetFormat.Csv);
        for (long row = format == SubsetFormat.Csv ? -1 : 0; reader.TryRead(out ReadOnlyMemory<byte> record); row++)
        {
            if (row < 0 || !gone.Has(0, 0, row)) { output.Write(record.Span); }
        }
    }

    private int[] Head(RecordReader reader)
    {
        List<string> names = reader.TryRead(out ReadOnlyMemory<byte> head) ? FieldsOf(head.Span) : [];
        if (names.Count > 0) { names[0] = names[0].TrimStart('\uFEFF'); }
        int[] places = [.. RowLooks.Columns.Select(column => names.FindIndex(name => name.Equals(column, StringComparison.OrdinalIgnoreCase)))];
        return places.Any(place => place >= 0) ? places : throw RowLooks.Lacking(path);
    }

    private static List<string> FieldsOf(ReadOnlySpan<byte> record)
    {
        string text = Encoding.UTF8.GetString(record.TrimEnd("\r\n"u8));
        var fields = new List<string>();
        var field = new StringBuilder();
        bool isQuoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '"' && isQuoted && i + 1 < text.Length && text[i + 1] == '"') { field.Append(text[++i]); }
            else if (c == '"') { isQuoted = !isQuoted; }
            else if (c == ',' && !isQuoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else { field.Append(c); }
        }

        fields.Add(field.ToString());
        return fields;
    }

    private static RowLooks OfFields(List<string> fields, int[] places)
    {
        return new RowLooks(long.TryParse(At(0), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long hash)
            ? hash
            : null, At(1), At(2), At(3), At(4));

        string? At(int column) => places[column] is >= 0 and int place && place < fields.Count ? fields[place] : null;
    }

    private RowLooks OfObject(ReadOnlySpan<byte> line, ref bool hasLooks)
    {
        var looks = default(RowLooks);
        if (line.Trim(" \t\r\n"u8).IsEmpty) { return looks; }

        try
        {
            var json = new Utf8JsonReader(line);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject) { throw new JsonException("a line is no object"); }

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                string property = json.GetString()!;
                int column = Array.FindIndex(RowLooks.Columns, name => name.Equals(property, StringComparison.OrdinalIgnoreCase));
                json.Read();
                hasLooks |= column >= 0;
                string? text = json.TokenType == JsonTokenType.String ? json.GetString() : null;
                looks = column switch
                {
                    0 => looks with { Hash = json.TokenType == JsonTokenType.Number && json.TryGetInt64(out long hash) ? hash : looks.Hash },
                    1 => looks with { Url = looks.Url ?? text }, // a list's own column may have the name in other case; it comes later
                    2 => looks with { FinalUrl = looks.FinalUrl ?? text },
                    3 => looks with { Md5 = looks.Md5 ?? text },
                    4 => looks with { Sha256 = looks.Sha256 ?? text },
                    _ => looks,
                };
                json.Skip();
            }
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' is no file of JSON lines: {e.Message}", e);
        }

        return looks;
    }
}
