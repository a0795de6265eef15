using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using LaionStream.Dataset.Parquet;
using LaionStream.Search.Rows;

namespace LaionStream.Explorer.Exports;

/// <summary>Writes rows of a snapshot in one of the formats.</summary>
/// <param name="rows">The snapshot.</param>
/// <param name="ids">Numbers of the rows; those that do not exist are left out.</param>
internal sealed class ExportFile(RowSnapshot rows, IReadOnlyList<long> ids)
{
    private const int Chunk = 1 << 16;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }; // it is no part of a page

    private static readonly Dictionary<string, Type> Types = new(StringComparer.Ordinal)
    {
        ["string"] = typeof(string),
        ["long"] = typeof(long),
        ["int"] = typeof(int),
        ["double"] = typeof(double),
        ["float"] = typeof(float),
        ["bool"] = typeof(bool),
        ["time"] = typeof(DateTime),
    };

    private readonly RowColumn[] _columns =
    [
        .. rows.Files.SelectMany(span => span.File.Columns).Where(column => Types.ContainsKey(column.Type)).GroupBy(column => column.Name, StringComparer.Ordinal)
            .Select(group => new RowColumn(group.Key, TypeOf([.. group.Select(column => column.Type).Distinct()]))),
    ];

    /// <summary>Writes lines of comma-separated values, a head first (RFC 4180).</summary>
    public Task WriteCsvAsync(Stream to, CancellationToken abort) => WriteLinesAsync(
        to, string.Join(',', _columns.Select(column => Quoted(column.Name))) + "\r\n",
        (row, line) =>
        {
            for (int i = 0; i < row.Length; i++) { line.Append(i > 0 ? "," : "").Append(Quoted(TextOf(row[i]))); }
            line.Append("\r\n");
        },
        abort);

    /// <summary>Writes an object a line.</summary>
    public Task WriteJsonAsync(Stream to, CancellationToken abort) => WriteLinesAsync(to, "", (row, line) => line.Append(JsonOf(row)).Append('\n'), abort);

    /// <summary>Writes an address a line; a row without one has none.</summary>
    public Task WriteUrlsAsync(Stream to, CancellationToken abort)
    {
        int[] urls = [.. rows.Files.Select(span => span.File).Where(file => file.PlaceOf(RowMeaning.Url) >= 0)
            .Select(file => Array.FindIndex(_columns, column => column.Name == file.Columns[file.PlaceOf(RowMeaning.Url)].Name)).Where(column => column >= 0).Distinct()]; // folders name it differently
        return WriteLinesAsync(
            to, "",
            (row, line) =>
            {
                if (urls.Select(url => row[url] as string).FirstOrDefault(url => !string.IsNullOrEmpty(url)) is { } found) { line.Append(found).Append('\n'); }
            },
            abort);
    }

    /// <summary>Writes a Parquet file with the columns and types of the output's.</summary>
    /// <param name="to">Receives it; can be positioned.</param>
    /// <param name="abort">Ends the writing.</param>
    public async Task WriteParquetAsync(Stream to, CancellationToken abort)
    {
        var columns = new AnyColumns([.. _columns.Select(column => new SampleFileColumn(column.Name, Types[column.Type], IsNullable: true))]);
        PartFileWriter<IReadOnlyList<object?>> writer =
            await PartFileWriter<IReadOnlyList<object?>>.CreateAsync(to, columns, new Dictionary<string, string>(), 16 << 20);
        foreach (object?[] row in Rows(abort)) { await writer.AddAsync(row, abort); }
        await writer.CompleteAsync(abort);
    }

    /// <summary>The type that holds the values of a column to which folders give different ones.</summary>
    private static string TypeOf(string[] types) => types switch
    {
        [var one] => one,
        _ when types.All(type => type is "int" or "long") => "long",
        _ when types.All(type => type is "int" or "long" or "float" or "double") => "double",
        _ => "string",
    };

    private static object? As(string type, object? value) => (type, value) switch
    {
        (_, null) => null,
        ("long", int number) => (long)number,
        ("double", int or long or float) => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        ("string", not string) => TextOf(value),
        _ => value,
    };

    private static string Quoted(string text) => text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string TextOf(object? value) => value switch
    {
        null => "",
        DateTime time => time.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFZ", CultureInfo.InvariantCulture),
        bool yes => yes ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private IEnumerable<object?[]> Rows(CancellationToken abort)
    {
        var places = new Dictionary<RowFile, int[]>();
        foreach (long id in ids)
        {
            abort.ThrowIfCancellationRequested();
            if (rows.Find(id) is not var (file, at)) { continue; }
            RowFile from = rows.Files[file].File;
            if (!places.TryGetValue(from, out int[]? place))
            {
                string[] own = [.. from.Columns.Select(column => Types.ContainsKey(column.Type) ? column.Name : "")];
                places[from] = place = Array.ConvertAll(_columns, column => Array.IndexOf(own, column.Name));
            }

            KeyValuePair<string, object?>[] row = from.Read(at);
            yield return [.. place.Select((index, i) => index < 0 ? null : As(_columns[i].Type, row[index].Value))];
        }
    }

    private async Task WriteLinesAsync(Stream to, string head, Action<object?[], StringBuilder> write, CancellationToken abort)
    {
        var lines = new StringBuilder(head);
        foreach (object?[] row in Rows(abort))
        {
            write(row, lines);
            if (lines.Length < Chunk) { continue; }
            await to.WriteAsync(Encoding.UTF8.GetBytes(lines.ToString()), abort);
            lines.Clear();
        }

        await to.WriteAsync(Encoding.UTF8.GetBytes(lines.ToString()), abort);
    }

    private string JsonOf(object?[] row)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Plain))
        {
            json.WriteStartObject();
            for (int i = 0; i < row.Length; i++) { Write(json, _columns[i].Name, row[i]); }
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    private static void Write(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case string text: json.WriteString(name, text); break;
            case long number: json.WriteNumber(name, number); break;
            case int number: json.WriteNumber(name, number); break;
            case double number when double.IsFinite(number): json.WriteNumber(name, number); break;
            case float number when float.IsFinite(number): json.WriteNumber(name, number); break;
            case bool yes: json.WriteBoolean(name, yes); break;
            case DateTime: json.WriteString(name, TextOf(value)); break;
            default: json.WriteNull(name); break;
        }
    }
}
