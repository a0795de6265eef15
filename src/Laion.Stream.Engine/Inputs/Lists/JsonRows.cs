using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using LaionStream.Dataset.Parquet;
using LaionStream.Engine.Inputs.Opening;

namespace LaionStream.Engine.Inputs.Lists;

/// <summary>
/// Rows of a JSON list: one object per line, or the objects of an array. Its columns are the keys in a sample at its start; keys that first appear later are
/// not copied to the output, but logged.
/// </summary>
internal sealed class JsonRows : ListRows
{
    private readonly Stream _stream;
    private readonly JsonRecords _records;
    private readonly Queue<byte[]?> _sampled; // null for a record that is too long
    private readonly InputHealth _health;
    private readonly JsonKeys _keys;
    private readonly JsonValue[] _values;
    private readonly int _maxRecord;
    private ReadOnlyMemory<byte> _record;
    private char[] _text = new char[256];

    private JsonRows(Stream stream, JsonRecords records, Queue<byte[]?> sampled, InputHealth health, JsonKeys keys, ListColumns? columns, int maxRecord)
    {
        (_stream, _records, _sampled, _health, _keys, Columns, _maxRecord) = (stream, records, sampled, health, keys, columns, maxRecord);
        _values = new JsonValue[keys.Count];
    }

    /// <inheritdoc/>
    public override ListColumns? Columns { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> LateColumns => _keys.Late;

    /// <summary>Opens a list and samples its keys.</summary>
    /// <param name="location">For messages.</param>
    /// <param name="stream">Decompressed; disposed with the rows.</param>
    /// <param name="choice">Which columns are used.</param>
    /// <param name="health">Counts values that do not fit their column.</param>
    /// <param name="maxRecord">Maximum length of a record, in bytes.</param>
    /// <param name="stop">Cancels the read.</param>
    /// <exception cref="ListSchemaException">No record of the sample has a url.</exception>
    public static async ValueTask<JsonRows> OpenAsync(string location, Stream stream, ListColumnChoice choice, InputHealth health, int maxRecord,
        CancellationToken stop)
    {
        JsonRecords records = await JsonRecords.OpenAsync(stream.ReadAsync, maxRecord, health, stop);
        var sample = new JsonSample();
        var sampled = new Queue<byte[]?>();
        while (!sample.IsEnough(records.Consumed) && await records.NextAsync(stop))
        {
            sampled.Enqueue(records.IsTooLong ? null : records.Current.ToArray());
            sample.Look(records.Current.Span);
        }

        IReadOnlyList<ListColumn> columns = sample.Columns;
        ListColumns? roles = columns.Count == 0 ? null : ListColumns.Of(location, columns, choice);
        return new JsonRows(stream, records, sampled, health, new JsonKeys(columns.Select(column => column.Name)), roles, maxRecord);
    }

    /// <inheritdoc/>
    public override ListRows GoOn(Stream stream, InputHealth health) =>
        new JsonRows(stream, new JsonLines(new ByteWindow<byte>(stream.ReadAsync, _maxRecord)), new Queue<byte[]?>(), health, _keys, Columns, _maxRecord);

    /// <inheritdoc/>
    public override async ValueTask<bool> NextAsync(CancellationToken stop)
    {
        if (_sampled.TryDequeue(out byte[]? sampled)) { Read(sampled); }
        else if (await _records.NextAsync(stop)) { Read(_records.IsTooLong ? null : _records.Current); }
        else { return false; }
        return true;
    }

    /// <inheritdoc/>
    /// <remarks>A list, an object, true and false are neither an address nor a caption; a number may be one.</remarks>
    public override ReadOnlySpan<char> Text(int column) =>
        _values[column].Type is JsonTokenType.String or JsonTokenType.Number ? Characters(_values[column]) : default;

    /// <inheritdoc/>
    public override object? Value(int column, ExtraColumnKind kind)
    {
        JsonValue value = _values[column];
        if (value.Type is JsonTokenType.None or JsonTokenType.Null)
        {
            return null;
        }

        ReadOnlySpan<byte> raw = _record.Span.Slice(value.Start, value.Length);
        object? converted = kind switch
        {
            ExtraColumnKind.Int64 when value.Type == JsonTokenType.Number && Utf8Parser.TryParse(raw, out long whole, out int used) && used == raw.Length =>
                whole,
            ExtraColumnKind.Double when value.Type == JsonTokenType.Number
                && double.TryParse(raw, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) => real,
            ExtraColumnKind.Boolean when value.Type is JsonTokenType.True or JsonTokenType.False => value.Type == JsonTokenType.True,
            ExtraColumnKind.Text => Characters(value).ToString(),
            _ => null,
        };
        if (converted is null) { _health.SkipRecord("a value has another type than its column"); }
        return converted;
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => _stream.DisposeAsync();

    private void Read(ReadOnlyMemory<byte>? record)
    {
        Array.Clear(_values);
        ReadOnlySpan<byte> bytes = record is { } whole ? whole.Span : default;
        ReadOnlySpan<byte> readable = JsonLine.Readable(bytes);
        _record = readable == bytes ? record.GetValueOrDefault() : readable.ToArray();
        IsMalformed = !JsonLine.TryRead(readable, _keys, _values);
    }

    /// <summary>The characters of a value; of a list or an object its JSON.</summary>
    private ReadOnlySpan<char> Characters(JsonValue value)
    {
        if (_text.Length < value.Length)
        {
            _text = new char[Math.Max(value.Length, 2 * _text.Length)];
        }

        return _text.AsSpan(0, JsonLine.CopyText(_record.Span.Slice(value.Start, value.Length), value.Type == JsonTokenType.String, _text));
    }
}
