using Parquet;
using Parquet.Meta;
using Parquet.Schema;

namespace LaionStream.Dataset.Parquet;

/// <summary>The rows of one column of a row group, some pages at a time. Forward only.</summary>
internal sealed class ListParquetColumnRows
{
    // As much as one page of most writers: each time the chunk's dictionary, where pages need it, is read anew.
    private const int EnoughBytes = 1 << 20;
    private const int EnoughValues = 1 << 15;
    private const int MostHeaderBytes = 1 << 16; // with the bounds of a page's values in it

    private readonly ParquetWindow _file;
    private readonly ParquetRowGroupReader _group;
    private readonly DataField _field;
    private readonly ColumnMetaData _meta;
    private readonly long _groupRows;
    private readonly Func<Exception, bool> _isDamage;
    private readonly Stored _stored;
    private (long Start, long Length) _dictionary;
    private long _nextPage;
    private int _pagesAtOnce = int.MaxValue;
    private int _first;
    private Array _values = Array.Empty<int>(); // these two are used again: arrays this large are slow to be collected
    private int[] _places = []; // where a row's value lies among those that are not null, or -1
    private Func<int, ReadOnlyMemory<char>?>? _text;
    private Func<int, object?>? _value;

    /// <summary>Stands before the first row.</summary>
    /// <param name="file">The file that <paramref name="group"/> reads.</param>
    /// <param name="group">The row group.</param>
    /// <param name="field">Flat, of a type that <see cref="ListParquetReader"/> knows.</param>
    /// <param name="isDamage">Whether an exception speaks of the bytes.</param>
    /// <exception cref="InvalidDataException">The group lacks the column.</exception>
    public ListParquetColumnRows(ParquetWindow file, ParquetRowGroupReader group, DataField field, Func<Exception, bool> isDamage)
    {
        (_file, _group, _field, _isDamage) = (file, group, field, isDamage);
        _meta = group.GetMetadata(field)?.MetaData ?? throw new InvalidDataException($"Column '{field.Name}' is missing.");
        _groupRows = group.RowCount;
        _stored = new Stored(_meta.NumValues, _meta.DataPageOffset, _meta.DictionaryPageOffset, _meta.IndexPageOffset, _meta.Statistics);
        _nextPage = new[] { _stored.DataPage, _stored.DictionaryPage ?? 0, _stored.IndexPage ?? 0 }.Where(place => place > 0).DefaultIfEmpty(0).Min();
    }

    /// <summary>The row behind the last one that is there.</summary>
    public int End { get; private set; }

    /// <summary>The characters of a text column's value, or null.</summary>
    public ReadOnlyMemory<char>? Text(int row) => _text?.Invoke(row - _first);

    /// <summary>A value in the type of its column's <see cref="ExtraColumnKind"/>, or null.</summary>
    public object? Value(int row) => _value?.Invoke(row - _first);

    /// <summary>Reads on until a row is there.</summary>
    public async Task AdvanceAsync(int row, CancellationToken stop)
    {
        while (row >= End)
        {
            Run pages = await FindPagesAsync(stop);
            if (pages.Values > _groupRows - End)
            {
                throw new InvalidDataException($"Column '{_field.Name}' has more values than its row group has rows.");
            }

            await _file.LoadAsync(_dictionary.Start, pages.NeedsDictionary ? _dictionary.Length : 0, stop);
            await _file.LoadAsync(pages.Start, pages.End - pages.Start, stop);
            _file.Show(pages.NeedsDictionary ? _dictionary : default, (pages.Start, pages.End - pages.Start));
            Pretend(pages);
            try
            {
                await ReadAsync(pages.Values, stop);
                _first = End;
                End += pages.Values;
            }
            catch (Exception e) when (pages.Count > 1 && _isDamage(e))
            {
                // One of the pages is damaged: those before it are still good, each by itself.
                (_nextPage, _pagesAtOnce) = (pages.Start, 1);
            }
            finally
            {
                Restore();
            }
        }
    }

    /// <summary>Steps over the headers of the next pages, and notes the dictionary.</summary>
    private async ValueTask<Run> FindPagesAsync(CancellationToken stop)
    {
        var run = new Run(-1, -1, 0, 0, false);
        long bytes = 0;
        while (run.Count < _pagesAtOnce && run.Values < EnoughValues && bytes < EnoughBytes && End + run.Values < _stored.Values)
        {
            ParquetPage page;
            try
            {
                await _file.LoadAsync(_nextPage, MostHeaderBytes, stop);
                page = ReadHeader();
            }
            catch (Exception e) when (run.Values > 0 && _isDamage(e))
            {
                return run; // its turn, and its complaint, come next time
            }

            _nextPage = page.End;
            if (page.Type == PageType.DICTIONARY_PAGE)
            {
                _dictionary = (page.Start, page.End - page.Start);
                continue;
            }

            bool needsDictionary = run.NeedsDictionary || page.Encoding is Encoding.PLAIN_DICTIONARY or Encoding.RLE_DICTIONARY;
            run = new Run(run.Start < 0 ? page.Start : run.Start, page.End, run.Count + 1, run.Values + page.Values, needsDictionary);
            bytes += page.UncompressedBytes;
        }

        return run.Values > 0 ? run : throw new InvalidDataException($"Column '{_field.Name}' has fewer values than its row group has rows.");
    }

    private ParquetPage ReadHeader()
    {
        _file.Position = _nextPage;
        ParquetPage page = ParquetPageHeader.Read(_file);
        return page.End <= _file.Length ? page : throw new InvalidDataException($"A page of column '{_field.Name}' runs beyond the file.");
    }

    private void Pretend(Run pages)
    {
        _group.RowGroup.NumRows = pages.Values;
        _meta.NumValues = pages.Values;
        _meta.IndexPageOffset = null;
        _meta.Statistics = null;
        _meta.DictionaryPageOffset = pages.NeedsDictionary ? _file.WindowStart : null;
        _meta.DataPageOffset = _file.WindowStart + (pages.NeedsDictionary ? _dictionary.Length : 0);
    }

    private void Restore()
    {
        _group.RowGroup.NumRows = _groupRows;
        (_meta.NumValues, _meta.DataPageOffset, _meta.DictionaryPageOffset, _meta.IndexPageOffset, _meta.Statistics) =
            (_stored.Values, _stored.DataPage, _stored.DictionaryPage, _stored.IndexPage, _stored.Statistics);
    }

    private Task ReadAsync(int values, CancellationToken stop)
    {
        System.Type type = _field.ClrType;
        return type == typeof(ReadOnlyMemory<char>) ? ReadTextAsync(values, stop)
            : type == typeof(long) ? ReadAsync<long>(values, value => value, stop)
            : type == typeof(int) ? ReadAsync<int>(values, value => (long)value, stop)
            : type == typeof(uint) ? ReadAsync<uint>(values, value => (long)value, stop)
            : type == typeof(short) ? ReadAsync<short>(values, value => (long)value, stop)
            : type == typeof(ushort) ? ReadAsync<ushort>(values, value => (long)value, stop)
            : type == typeof(sbyte) ? ReadAsync<sbyte>(values, value => (long)value, stop)
            : type == typeof(byte) ? ReadAsync<byte>(values, value => (long)value, stop)
            : type == typeof(double) ? ReadAsync<double>(values, value => value, stop)
            : type == typeof(float) ? ReadAsync<float>(values, value => (double)value, stop)
            : type == typeof(bool) ? ReadAsync<bool>(values, value => value, stop)
            : ReadAsync<DateTime>(values, value => new DateTimeOffset(DateTime.SpecifyKind(value, DateTimeKind.Utc)), stop);
    }

    private async Task ReadTextAsync(int count, CancellationToken stop)
    {
        ReadOnlyMemory<char>[] values = await ReadRawAsync<ReadOnlyMemory<char>>(count, stop);
        _text = at => _places[at] is >= 0 and int place ? values[place] : default(ReadOnlyMemory<char>?);
        _value = at => _places[at] is >= 0 and int place ? values[place].ToString() : null;
    }

    private async Task ReadAsync<T>(int count, Func<T, object> box, CancellationToken stop)
        where T : struct
    {
        T[] values = await ReadRawAsync<T>(count, stop);
        _value = at => _places[at] is >= 0 and int place ? box(values[place]) : null;
    }

    // Not the nullable ReadAsync of Parquet.Net 6.1.0: it looks at levels for required columns too, where none were read,
    // in an array rented as it is, and what some other writer left in there made nulls of values.
    private async Task<T[]> ReadRawAsync<T>(int count, CancellationToken stop)
        where T : struct
    {
        T[] values = Room<T>(count);
        _places = _places.Length >= count ? _places : new int[count + (count / 8)];
        bool isNullable = _field.MaxDefinitionLevel > 0;
        Memory<int>? levels = isNullable ? _places.AsMemory(0, count) : default(Memory<int>?);
        await _group.ReadRawAsync(_field, values.AsMemory(0, count), levels, null, stop);
        int next = 0;
        for (int row = 0; row < count; row++)
        {
            _places[row] = !isNullable || _places[row] == _field.MaxDefinitionLevel ? next++ : -1;
        }

        return values;
    }

    private T[] Room<T>(int count)
        where T : struct
    {
        if (_values is T[] values && values.Length >= count)
        {
            return values;
        }

        values = new T[count + (count / 8)];
        _values = values;
        return values;
    }

    private readonly record struct Run(long Start, long End, int Count, int Values, bool NeedsDictionary);

    private readonly record struct Stored(long Values, long DataPage, long? DictionaryPage, long? IndexPage, Statistics? Statistics);
}
