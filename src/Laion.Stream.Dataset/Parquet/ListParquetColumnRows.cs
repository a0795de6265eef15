using Parquet.Meta;

namespace LaionStream.Dataset.Parquet;

/// <summary>
/// The rows of one column of a row group, one page at a time. Forward only. Pages are read by our own decoder: the package trusts their headers, and some
/// damaged ones keep it busy for ever.
/// </summary>
internal sealed class ListParquetColumnRows
{
    private const int UsualHeaderBytes = 1 << 16; // with the bounds of a page's values in it

    private readonly ParquetBytes _file;
    private readonly PageBuffers _buffers;
    private readonly FlatColumn _column;
    private readonly ColumnPage _page;
    private readonly long _groupRows;
    private readonly long _values;
    private long _next;
    private int _first;

    /// <summary>Starts before the first row.</summary>
    /// <param name="file">The file.</param>
    /// <param name="buffers">Used while a page is read.</param>
    /// <param name="column">The column.</param>
    /// <param name="chunk">Its chunk in the row group; null when there is none.</param>
    /// <param name="groupRows">Number of rows of the row group.</param>
    /// <exception cref="InvalidDataException">The group lacks the column, or has it in another type.</exception>
    public ListParquetColumnRows(ParquetBytes file, PageBuffers buffers, FlatColumn column, ColumnMetaData? chunk, long groupRows)
    {
        if (chunk is null || chunk.Type != column.Physical) { throw new InvalidDataException($"Column '{column.Field.Name}' is missing, or of another type."); }
        (_file, _buffers, _column, _groupRows, _values) = (file, buffers, column, groupRows, chunk.NumValues);
        _page = new ColumnPage(column, chunk.Codec, buffers);

        // Some writers give wrong offsets for these, or none for the dictionary: it comes first.
        _next = new[] { chunk.DataPageOffset, chunk.DictionaryPageOffset ?? 0, chunk.IndexPageOffset ?? 0 }.Where(place => place > 0).DefaultIfEmpty(0).Min();
    }

    /// <summary>The column's name.</summary>
    public string Name => _column.Field.Name;

    /// <summary>The row after the last one available.</summary>
    public int End { get; private set; }

    /// <summary>The characters of a text column's value, or null.</summary>
    public ReadOnlyMemory<char>? Text(int row) => _page.Text(row - _first);

    /// <summary>The number of a column of 64-bit numbers, or null.</summary>
    public long? Number(int row) => _page.Number(row - _first);

    /// <summary>A value in the type of its column's <see cref="ExtraColumnKind"/>, or null.</summary>
    public object? Value(int row) => _page.Value(row - _first);

    /// <summary>Reads on until a row is available.</summary>
    /// <exception cref="InvalidDataException">A page is damaged, or the chunk has fewer values than the row group has rows.</exception>
    public async ValueTask AdvanceAsync(int row, CancellationToken stop)
    {
        while (row >= End)
        {
            stop.ThrowIfCancellationRequested();
            if (End >= _values) { throw new InvalidDataException($"Column '{_column.Field.Name}' has fewer values than its row group has rows."); }
            await _file.LoadAsync(_next, UsualHeaderBytes, stop);
            ParquetPage page = ReadHeader();
            ReadOnlyMemory<byte> packed = await LoadAsync(page, stop);
            _next = page.End;
            if (page.Type == PageType.DICTIONARY_PAGE)
            {
                _page.ReadDictionary(page, packed);
            }
            else if (page.Type is PageType.DATA_PAGE or PageType.DATA_PAGE_V2)
            {
                _page.Read(page, packed);
                _first = End;
                End += page.Values;
            }
        }
    }

    private ParquetPage ReadHeader()
    {
        _file.Position = _next;
        ParquetPage page = ParquetPageHeader.Read(_file);
        if (page.End > _file.Length) { throw new InvalidDataException($"A page of column '{_column.Field.Name}' runs beyond the file."); }
        bool isData = page.Type is PageType.DATA_PAGE or PageType.DATA_PAGE_V2;
        return isData && page.Values > _groupRows - End
            ? throw new InvalidDataException($"Column '{_column.Field.Name}' has more values than its row group has rows.") : page;
    }

    private async ValueTask<ReadOnlyMemory<byte>> LoadAsync(ParquetPage page, CancellationToken stop)
    {
        int length = checked((int)(page.End - page.Body));
        await _file.LoadAsync(page.Body, length, stop);
        Memory<byte> packed = _buffers.Packed(length);
        _file.Position = page.Body;
        await _file.ReadExactlyAsync(packed, stop);
        return packed;
    }
}
