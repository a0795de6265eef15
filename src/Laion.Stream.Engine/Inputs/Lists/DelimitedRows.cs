using System.Text;
using LaionStream.Dataset.Parquet;
using LaionStream.Engine.Inputs.Opening;

namespace LaionStream.Engine.Inputs.Lists;

/// <summary>Rows of a CSV, TSV or TXT list. When a record is malformed, only its first line is skipped.</summary>
internal sealed class DelimitedRows : ListRows
{
    private readonly ByteWindow<char> _feed;
    private readonly StreamReader _reader;
    private readonly Quoting _quoting;
    private readonly int _maxRecord;
    private readonly bool _trims;
    private char _delimiter;
    private DelimitedParser _parser;
    private ReadOnlyMemory<char> _record;
    private char[] _unquoted = new char[256];
    private ListColumns? _columns;
    private int _columnCount = 1;
    private bool _skipsLine;

    private DelimitedRows(Stream stream, char delimiter, Quoting quoting, int maxRecord, bool trims)
    {
        (_delimiter, _quoting, _maxRecord) = (delimiter, quoting, maxRecord);
        _reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 1 << 16);
        _feed = new ByteWindow<char>(_reader.ReadAsync, maxRecord);
        _parser = new DelimitedParser(delimiter, quoting);
        _trims = trims;
    }

    /// <inheritdoc/>
    public override ListColumns? Columns => _columns;

    /// <summary>Opens a list whose first record names its columns.</summary>
    /// <param name="location">For messages.</param>
    /// <param name="stream">Decompressed; disposed with the rows.</param>
    /// <param name="choice">Which columns are used.</param>
    /// <param name="delimiter">The usual delimiter between fields. Spreadsheets write others into a .csv where a comma separates decimals: the heading shows
    /// which.</param>
    /// <param name="quoting">What quotation marks mean.</param>
    /// <param name="maxRecord">Maximum length of a record, in characters.</param>
    /// <param name="stop">Cancels the read.</param>
    /// <exception cref="ListSchemaException">The heading cannot be read or has no url column.</exception>
    public static async ValueTask<DelimitedRows> OpenAsync(
        string location, Stream stream, ListColumnChoice choice, char delimiter, Quoting quoting, int maxRecord, CancellationToken stop)
    {
        var rows = new DelimitedRows(stream, delimiter, quoting, maxRecord, trims: false) { _columnCount = int.MaxValue };
        await rows.FindDelimiterAsync(choice.Url, stop);
        if (await rows.NextAsync(stop))
        {
            if (rows.IsMalformed)
            {
                throw new ListSchemaException($"The heading of '{location}' cannot be read: a quoted name has no end, or the line is too long.");
            }

            string[] names = [.. Enumerable.Range(0, rows._parser.Fields.Count).Select(i => rows.Text(i).Trim().ToString())];
            rows._columns = ListColumns.Of(location, [.. names.Select(ListColumn.OfText)], choice);
            rows._columnCount = names.Length;
        }

        return rows;
    }

    /// <summary>Opens a list with one URL per line.</summary>
    /// <param name="location">For messages.</param>
    /// <param name="stream">Decompressed; disposed with the rows.</param>
    /// <param name="choice">Which columns the settings name.</param>
    /// <param name="maxRecord">Maximum length of a line, in characters.</param>
    /// <exception cref="ListSchemaException">The settings name a column that such a list cannot have.</exception>
    public static DelimitedRows OpenLines(string location, Stream stream, ListColumnChoice choice, int maxRecord) =>
        new(stream, '\n', Quoting.None, maxRecord, trims: true) { _columns = ListColumns.OfLines(location, choice) };

    /// <inheritdoc/>
    public override async ValueTask<bool> NextAsync(CancellationToken stop)
    {
        while (true)
        {
            ReadOnlyMemory<char> window = _feed.Window;
            if (window.IsEmpty && _feed.AtEnd)
            {
                return false;
            }

            if (_skipsLine)
            {
                SkipLine(window.Span);
            }
            else if (_parser.Parse(window.Span, _feed.AtEnd, out int length) is var outcome && outcome == DelimitedParser.Outcome.Record)
            {
                _feed.Take(length);
                _record = window;
                IsMalformed = _parser.Fields.Count > _columnCount;
                if (_parser.Fields.Count > 1 || !Text(0).IsWhiteSpace())
                {
                    return true;
                }

                continue;
            }
            else if (outcome == DelimitedParser.Outcome.Unclosed)
            {
                SkipLine(window.Span);
                IsMalformed = true;
                return true;
            }

            if (!await _feed.MoreAsync(stop) && !_feed.AtEnd)
            {
                // The record exceeds the maximum length.
                SkipLine(window.Span);
                IsMalformed = true;
                return true;
            }
        }
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<char> Text(int column)
    {
        if (column >= _parser.Fields.Count)
        {
            return default;
        }

        DelimitedParser.Field field = _parser.Fields[column];
        ReadOnlySpan<char> text = _record.Span.Slice(field.Start, field.Length);
        return field.IsDoubled ? Undouble(text) : _trims ? text.Trim() : text;
    }

    /// <inheritdoc/>
    public override object? Value(int column, ExtraColumnKind kind) => column < _parser.Fields.Count ? Text(column).ToString() : null;

    /// <inheritdoc/>
    public override ListRows GoOn(Stream stream, InputHealth health)
    {
        return new DelimitedRows(stream, _delimiter, _quoting, _maxRecord, _trims) { _columns = _columns, _columnCount = _columnCount };
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _reader.BaseStream.DisposeAsync();
        _reader.Dispose();
    }

    /// <summary>Takes the delimiter that makes the column of addresses one of the heading's; none does: the usual one, for the message.</summary>
    private async ValueTask FindDelimiterAsync(string url, CancellationToken stop)
    {
        while (await _feed.MoreAsync(stop) && !_feed.Window.Span.TrimStart().ContainsAny('\n', '\r')) { }
        if (_feed.Window.Span is ['s', 'e', 'p', '=', char named, '\r' or '\n', ..])
        {
            // A spreadsheet's own line, which is no heading.
            SkipLine(_feed.Window.Span);
            (_delimiter, _parser) = (named, new DelimitedParser(named, _quoting));
            while (await _feed.MoreAsync(stop) && !_feed.Window.Span.TrimStart().ContainsAny('\n', '\r')) { }
        }

        ReadOnlyMemory<char> start = _feed.Window;
        foreach (char delimiter in (char[])[_delimiter, ',', ';', '\t', '|'])
        {
            if (!HasColumn(start.Span.TrimStart("\r\n"), new DelimitedParser(delimiter, _quoting), url)) { continue; }
            (_delimiter, _parser) = (delimiter, new DelimitedParser(delimiter, _quoting));
            return;
        }
    }

    private static bool HasColumn(ReadOnlySpan<char> start, DelimitedParser parser, string name)
    {
        parser.Parse(start, final: true, out _);
        foreach (DelimitedParser.Field field in parser.Fields)
        {
            if (start.Slice(field.Start, field.Length).Trim().Equals(name, StringComparison.OrdinalIgnoreCase)) { return true; }
        }

        return false;
    }

    private void SkipLine(ReadOnlySpan<char> window)
    {
        int end = window.IndexOfAny('\n', '\r');
        _feed.Take(end < 0 ? window.Length : end + 1);
        _skipsLine = end < 0;
    }

    private ReadOnlySpan<char> Undouble(ReadOnlySpan<char> text)
    {
        if (_unquoted.Length < text.Length)
        {
            _unquoted = new char[text.Length];
        }

        int written = 0;
        for (int i = 0; i < text.Length; i++)
        {
            _unquoted[written++] = text[i];
            i += text[i] == '"' ? 1 : 0;
        }

        return _unquoted.AsSpan(0, written);
    }
}
