using Parquet.Meta;

namespace LaionStream.Dataset.Parquet;

/// <summary>The data page of a column that is being read, and the chunk's dictionary.</summary>
/// <param name="column">The column.</param>
/// <param name="codec">The compression of its pages.</param>
/// <param name="buffers">Used while a page is read.</param>
internal sealed class ColumnPage(FlatColumn column, CompressionCodec codec, PageBuffers buffers)
{
    private const int LevelBits = 1; // a flat column's value is present or not
    private const int None = -1;

    private readonly PageValues _own = column.NewValues();
    private readonly PageValues _dictionary = column.NewValues();
    private PageValues? _values;
    private int _dictionaryCount = None;
    private int[] _places = []; // index of a row's value among the values, or None
    private int[] _found = []; // indices into the dictionary, one per value

    /// <summary>The characters of a text column's value; null when the row has none, or the column is not text.</summary>
    /// <param name="row">Counted from the page's first.</param>
    public ReadOnlyMemory<char>? Text(int row) =>
        _values is PageTexts texts && _places[row] != None ? texts[_places[row]] : default(ReadOnlyMemory<char>?); // null alone would be an empty text

    /// <summary>The value of a column of 64-bit numbers; null when the row has none, or the column is of another type.</summary>
    /// <param name="row">Counted from the page's first.</param>
    public long? Number(int row) =>
        _values is PageNumbers numbers && column.Kind == ExtraColumnKind.Int64 && _places[row] != None ? numbers[_places[row]] : null;

    /// <summary>A value in the type of the column's <see cref="ExtraColumnKind"/>, or null.</summary>
    /// <param name="row">Counted from the page's first.</param>
    public object? Value(int row) => _values is not null && _places[row] != None ? _values.Box(_places[row]) : null;

    /// <summary>Reads the chunk's dictionary.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public void ReadDictionary(ParquetPage page, ReadOnlyMemory<byte> packed)
    {
        if (_dictionaryCount != None) { throw PageBytes.Damaged("is a second dictionary"); }
        var bytes = new PageBytes(PageCodec.Unpack(codec, packed, page.UncompressedBytes, buffers).Span);
        _dictionary.Read(ref bytes, Encoding.PLAIN, page.Values); // old writers call it PLAIN_DICTIONARY
        _dictionaryCount = page.Values;
    }

    /// <summary>Replaces the page.</summary>
    /// <exception cref="InvalidDataException">It is damaged; the previous page's rows are lost as well.</exception>
    public void Read(ParquetPage page, ReadOnlyMemory<byte> packed)
    {
        _values = null;
        if (_places.Length < page.Values) { _places = new int[page.Values + (page.Values / 8)]; }
        Span<int> places = _places.AsSpan(0, page.Values);
        if (page.Type == PageType.DATA_PAGE)
        {
            var bytes = new PageBytes(PageCodec.Unpack(codec, packed, page.UncompressedBytes, buffers).Span);
            PageBytes levels = column.IsNullable ? new PageBytes(bytes.Take(bytes.ReadInt32())) : default;
            ReadValues(ref bytes, page.Encoding, places, ReadLevels(ref levels, places));
            return;
        }

        var head = new PageBytes(packed.Span);
        head.Take(page.RepetitionBytes);
        var written = new PageBytes(head.Take(page.DefinitionBytes));
        ReadOnlyMemory<byte> rest = packed[^head.Length..];
        int claimed = Math.Max(0, page.UncompressedBytes - page.RepetitionBytes - page.DefinitionBytes);
        var values = new PageBytes((page.IsPacked && rest.Length > 0 ? PageCodec.Unpack(codec, rest, claimed, buffers) : rest).Span);
        ReadValues(ref values, page.Encoding, places, ReadLevels(ref written, places));
    }

    /// <summary>Records which rows have a value.</summary>
    /// <returns>The number of rows with a value.</returns>
    private int ReadLevels(ref PageBytes levels, Span<int> places)
    {
        if (column.IsNullable) { HybridRuns.Read(ref levels, LevelBits, places); }
        else { places.Fill(1); }

        int count = 0;
        foreach (ref int place in places) { place = place != 0 ? count++ : None; }
        return count;
    }

    private void ReadValues(ref PageBytes bytes, Encoding encoding, Span<int> places, int count)
    {
        if (encoding is not (Encoding.PLAIN_DICTIONARY or Encoding.RLE_DICTIONARY))
        {
            _own.Read(ref bytes, encoding, count);
            _values = _own;
            return;
        }

        if (count > 0) { Look(ref bytes, places, count); }
        _values = _dictionary;
    }

    /// <summary>Replaces each value's index in the page by its index in the dictionary.</summary>
    private void Look(ref PageBytes bytes, Span<int> places, int count)
    {
        int[] found = _found.Length >= count ? _found : _found = new int[count + (count / 8)];
        HybridRuns.Read(ref bytes, bytes.ReadByte(), found.AsSpan(0, count));
        foreach (int place in found.AsSpan(0, count))
        {
            if ((uint)place >= (uint)Math.Max(0, _dictionaryCount)) { throw PageBytes.Damaged("has an index that is outside its dictionary"); }
        }

        foreach (ref int place in places) { place = place == None ? None : found[place]; }
    }
}
