using LaionStream.Dataset.Parquet;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Text.Urls;

namespace LaionStream.Engine.Inputs.Lists;

/// <summary>
/// Rows of a Parquet list. From a damaged page on, the rest of its row group counts as malformed rows, so that the ordinals of the other rows do not change.
/// </summary>
internal sealed class ParquetListRows : ListRows
{
    private readonly ListParquetReader _reader;
    private readonly InputHealth _health;
    private readonly ListColumns _columns;
    private ListParquetRows? _rows;
    private long _groupRows;
    private int _group = -1;
    private int _row;
    private readonly long _bytes;
    private readonly long _total;
    private long _read;
    private long _counted;

    private ParquetListRows(ListParquetReader reader, InputHealth health, ListColumns columns, long bytes)
    {
        (_reader, _health, _columns, _bytes) = (reader, health, columns, bytes);
        _total = Enumerable.Range(0, reader.GroupCount).Sum(group => (long)reader.RowsIn(group));
    }

    /// <inheritdoc/>
    public override ListColumns? Columns => _columns;

    /// <summary>Opens a local file.</summary>
    /// <exception cref="IOException">The file does not exist or is not a Parquet file.</exception>
    /// <exception cref="ListSchemaException">The list has no url column.</exception>
    public static async ValueTask<ParquetListRows> OpenAsync(string path, ListColumnChoice choice, InputHealth health, CancellationToken stop)
    {
        PlainFile.Demand(path);
        ListParquetReader reader = await ListParquetReader.OpenAsync(path, stop);
        return await OverAsync(path, reader, choice, health, new FileInfo(path).Length);
    }

    /// <summary>Opens a remote file.</summary>
    /// <exception cref="IOException">The file is not a Parquet file, or cannot be read.</exception>
    /// <exception cref="ListSchemaException">The list has no url column.</exception>
    public static async ValueTask<ParquetListRows> OpenAsync(string location, RemoteFile file, ListColumnChoice choice, InputHealth health,
        CancellationToken stop)
    {
        ListParquetReader reader = await ListParquetReader.OpenAsync(PublicLocation.Of(location), file, file.LoadAsync, stop);
        return await OverAsync(location, reader, choice, health, file.Length);
    }

    /// <inheritdoc/>
    public override async ValueTask<bool> NextAsync(CancellationToken stop)
    {
        _row++;
        Count();
        try
        {
            while (_row >= _groupRows)
            {
                if (++_group >= _reader.GroupCount)
                {
                    return false;
                }

                (_rows, _row, _groupRows) = (null, 0, _reader.RowsIn(_group));
                _rows = _groupRows > 0 ? _reader.Open(_group, Enumerable.Range(0, _reader.Columns.Count)) : null;
            }

            if (_rows is not null)
            {
                await _rows.AdvanceAsync(_row, stop);
            }
        }
        catch (InvalidDataException e)
        {
            _health.SkipMember(e.Message);
            _rows = null;
        }

        IsMalformed = _rows is null;
        return true;
    }

    /// <summary>Columns of a row lie in different places of the file: a row counts as its share of the bytes.</summary>
    private void Count()
    {
        long counted = _total == 0 ? _bytes : (long)((double)_bytes * Math.Min(_read++, _total) / _total);
        (_health.Bytes, _counted) = (_health.Bytes + counted - _counted, counted);
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<char> Text(int column) => _rows!.Text(column, _row) is { } text ? text.Span : default;

    /// <inheritdoc/>
    public override object? Value(int column, ExtraColumnKind kind) => ListValue.As(_rows!.Value(column, _row), kind);

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => _reader.DisposeAsync();

    private static async ValueTask<ParquetListRows> OverAsync(string location, ListParquetReader reader, ListColumnChoice choice, InputHealth health, long bytes)
    {
        try
        {
            return new ParquetListRows(reader, health,
                ListColumns.Of(location, [.. reader.Columns.Select(column => new ListColumn(column.Name, column.Kind, column.Kind == ExtraColumnKind.Text))],
                choice), bytes);
        }
        catch (ListSchemaException)
        {
            await reader.DisposeAsync();
            throw;
        }
    }
}
