using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using LaionStream.Dataset.Parquet;
using LaionStream.Engine.Inputs.Opening;

namespace LaionStream.Engine.Inputs.Lists;

/// <summary>
/// Rows of a JSONL list: one object per line. Its columns are the keys in a sample at its start; keys that first appear later are not copied to the output,
/// but logged.
/// </summary>
internal sealed class JsonRows : ListRows
{
    private readonly Stream _stream;
    private readonly ByteWindow<byte> _feed;
    private readonly InputHealth _health;
    private readonly JsonKeys _keys;
    private readonly JsonValue[] _values;
    private readonly int _maxRecord;
    private ReadOnlyMemory<byte> _line;
    private char[] _text = new char[256];
    private bool _skipsLine;

    private JsonRows(Stream stream, ByteWindow<byte> feed, InputHealth health, JsonKeys keys, ListColumns? columns, int maxRecord)
    {
        (_stream, _feed, _health, _keys, Columns, _maxRecord) = (stream, feed, health, keys, columns, maxRecord);
        _values = new JsonValue[keys.Count];
    }

    /// <inheritdoc/>
    public override ListColumns? Columns { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> LateColumns => _keys.Late;

    /// <summary>Opens a list and samples its keys.</summary>
    /// <param name="location">For messages.</param>
    /// <param name="stream">Decompressed; disposed with the rows.</param>
    /// <param name="health">Counts values that do not fit their column.</param>
    /// <param name="maxRecord">Maximum length of a line, in bytes.</param>
    /// <param name="stop">Cancels the read.</param>
    /// <exception cref="ListSchemaException">No line of the sample has a url.</exception>
    public static async ValueTask<JsonRows> OpenAsync(string location, Stream stream, InputHealth health, int maxRecord, CancellationToken stop)
    {
        var feed = new ByteWindow<byte>(stream.ReadAsync, maxRecord);
        var sample = new JsonSample();
        do
        {
            sample.Look(feed.Window.Span, feed.AtEnd);
        }
        while (!sample.IsEnough && (await feed.MoreAsync(stop) || feed.AtEnd && !sample.SawEnd));
        IReadOnlyList<(string Name, ExtraColumnKind? Kind)> columns = sample.Columns;
        return new JsonRows(stream, feed, health, new JsonKeys(columns.Select(column => column.Name)), columns.Count == 0 ? null : ListColumns.Of(location, columns), maxRecord);
    }

    /// <inheritdoc/>
    public override ListRows GoOn(Stream stream, InputHealth health) => new JsonRows(stream, new ByteWindow<byte>(stream.ReadAsync, _maxRecord), health, _keys, Columns, _maxRecord);

    /// <inheritdoc/>
    public override async ValueTask<bool> NextAsync(CancellationToken stop)
    {
        while (true)
        {
            ReadOnlyMemory<byte> window = _feed.Window;
            int end = window.Span.IndexOf((byte)'\n');
            if (end >= 0 || _feed.AtEnd)
            {
                if (window.IsEmpty)
                {
                    return false;
                }

                ReadOnlyMemory<byte> line = end < 0 ? window : window[..end];
                _feed.Take(end < 0 ? window.Length : end + 1);
                if (_skipsLine || JsonLine.IsBlank(line.Span))
                {
                    _skipsLine = false;
                    continue;
                }

                Read(line);
                return true;
            }

            if (!await _feed.MoreAsync(stop) && !_feed.AtEnd)
            {
                // The line exceeds the maximum length: it counts as one row, and its rest is skipped.
                _feed.Take(window.Length);
                bool again = _skipsLine;
                _skipsLine = true;
                if (!again)
                {
                    IsMalformed = true;
                    return true;
                }
            }
        }
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<char> Text(int column)
    {
        JsonValue value = _values[column];
        if (value.Type is JsonTokenType.None or JsonTokenType.Null)
        {
            return default;
        }

        if (_text.Length < value.Length)
        {
            _text = new char[Math.Max(value.Length, 2 * _text.Length)];
        }

        return _text.AsSpan(0, JsonLine.CopyText(_line.Span.Slice(value.Start, value.Length), value.Type == JsonTokenType.String, _text));
    }

    /// <inheritdoc/>
    public override object? Value(int column, ExtraColumnKind kind)
    {
        JsonValue value = _values[column];
        if (value.Type is JsonTokenType.None or JsonTokenType.Null)
        {
            return null;
        }

        ReadOnlySpan<byte> raw = _line.Span.Slice(value.Start, value.Length);
        object? converted = kind switch
        {
            ExtraColumnKind.Int64 when value.Type == JsonTokenType.Number && Utf8Parser.TryParse(raw, out long whole, out int used) && used == raw.Length => whole,
            ExtraColumnKind.Double when value.Type == JsonTokenType.Number && double.TryParse(raw, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) => real,
            ExtraColumnKind.Boolean when value.Type is JsonTokenType.True or JsonTokenType.False => value.Type == JsonTokenType.True,
            ExtraColumnKind.Text => Text(column).ToString(),
            _ => null,
        };
        _health.BadRecords += converted is null ? 1 : 0;
        return converted;
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => _stream.DisposeAsync();

    private void Read(ReadOnlyMemory<byte> line)
    {
        if (!Utf8.IsValid(line.Span))
        {
            line = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(line.Span)); // invalid bytes become U+FFFD, as in the other text lists
        }

        _line = line;
        Array.Clear(_values);
        IsMalformed = !JsonLine.TryRead(line.Span, _keys, _values);
    }
}
