using System.Runtime.CompilerServices;
using Parquet.Schema;

namespace LaionStream.Dataset.Parquet;

/// <summary>Reads one of our Parquet files (or any flat one): schema, metadata and rows, some pages in memory at a time.</summary>
public sealed class SampleFileReader : IAsyncDisposable
{
    private readonly ListParquetReader _file;
    private readonly string _path;

    private SampleFileReader(string path, ListParquetReader file, long bytes) => (_path, _file, Bytes) = (path, file, bytes);

    /// <summary>Size of the file in bytes.</summary>
    public long Bytes { get; }

    /// <summary>Columns in the file's order; a nested one is one column of objects.</summary>
    public IReadOnlyList<SampleFileColumn> Columns =>
    [
        .. _file.Package.Schema.Fields.Select(one => one is DataField column
            ? new SampleFileColumn(column.Name, IsText(column.ClrType) ? typeof(string) : column.ClrType, column.IsNullable)
            : new SampleFileColumn(one.Name, typeof(object), IsNullable: true)),
    ];

    /// <summary>Rows of the file.</summary>
    public long Rows => _file.Package.Metadata?.NumRows ?? 0;

    /// <summary>Row groups of the file.</summary>
    public int RowGroups => _file.GroupCount;

    /// <summary>Key-value metadata of the file.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _file.Package.CustomMetadata;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is not a Parquet file, or is truncated.</exception>
    public static async Task<SampleFileReader> OpenAsync(string path)
    {
        try
        {
            long bytes = new FileInfo(path).Length;

            // For a file that is not Parquet the exception is exactly an IOException; for a missing one it is a subclass, which passes.
            return new SampleFileReader(path, await ListParquetReader.OpenAsync(path, CancellationToken.None), bytes);
        }
        catch (IOException e) when (e.GetType() == typeof(IOException))
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    /// <summary>
    /// Reads the rows as name and value, in order: <see cref="string"/>, <see cref="long"/>, <see cref="int"/>, <see cref="double"/>, <see cref="float"/>,
    /// <see cref="bool"/>, <see cref="DateTime"/> (UTC) or null; null for nested and repeated columns.
    /// </summary>
    /// <param name="abort">Cancels the enumeration.</param>
    /// <exception cref="InvalidDataException">A page is damaged; the message says where, the file first.</exception>
    public IAsyncEnumerable<IReadOnlyList<KeyValuePair<string, object?>>> ReadRowsAsync(CancellationToken abort = default) =>
        ReadRowsAsync((_, _) => true, abort);

    /// <summary>Reads some columns of the rows, as <see cref="ReadRowsAsync(CancellationToken)"/> does; the pages of the others are not read.</summary>
    /// <param name="isWanted">Decides by a column's name and the type of its values.</param>
    /// <param name="abort">Cancels the enumeration.</param>
    /// <exception cref="InvalidDataException">A page of such a column is damaged; the message says where, the file first.</exception>
    public async IAsyncEnumerable<IReadOnlyList<KeyValuePair<string, object?>>> ReadRowsAsync(
        Func<string, Type, bool> isWanted, [EnumeratorCancellation] CancellationToken abort = default)
    {
        Type[] types = [.. _file.Package.Schema.Fields.Select(
            field => field is not DataField flat ? typeof(object) : IsText(flat.ClrType) ? typeof(string) : flat.ClrType)];
        int[] places = [.. Enumerable.Range(0, types.Length).Where(place => isWanted(_file.Columns[place].Name, types[place]))];
        await foreach ((ListParquetRows rows, int row) in RowsAsync(places, abort))
        {
            var values = new KeyValuePair<string, object?>[places.Length];
            for (int i = 0; i < places.Length; i++) { values[i] = new(_file.Columns[places[i]].Name, AsInFile(rows.Value(places[i], row), types[places[i]])); }
            yield return values;
        }
    }

    /// <summary>Reads one column of <see cref="long"/> without nulls, such as <c>hash</c>.</summary>
    /// <param name="column">Its name.</param>
    /// <param name="abort">Cancels the read.</param>
    /// <exception cref="InvalidDataException">There is no such column, or a page is damaged.</exception>
    public async Task<long[]> ReadLongsAsync(string column, CancellationToken abort = default)
    {
        int place = PlaceOf(column, type => type == typeof(long)) ?? throw new InvalidDataException($"The file has no column '{column}' of 64-bit numbers.");
        var all = new List<long>();
        await foreach ((ListParquetRows rows, int row) in RowsAsync([place], abort))
        {
            all.Add(rows.Number(place, row) ?? throw new InvalidDataException($"Column '{column}' lacks a number."));
        }

        return [.. all];
    }

    /// <summary>Reads one column of whole numbers, some pages in memory at a time.</summary>
    /// <param name="column">Its name.</param>
    /// <param name="abort">Cancels the enumeration.</param>
    /// <exception cref="InvalidDataException">There is no such column, or a page is damaged.</exception>
    public async IAsyncEnumerable<long?> ReadNumbersAsync(string column, [EnumeratorCancellation] CancellationToken abort = default)
    {
        int place = PlaceOf(column, type => type == typeof(long) || type == typeof(int))
            ?? throw new InvalidDataException($"The file has no column '{column}' of whole numbers.");
        await foreach ((ListParquetRows rows, int row) in RowsAsync([place], abort)) { yield return rows.Number(place, row); }
    }

    /// <summary>Reads one column of text, some pages in memory at a time.</summary>
    /// <param name="column">Its name.</param>
    /// <param name="abort">Cancels the enumeration.</param>
    /// <exception cref="InvalidDataException">There is no such column, or a page is damaged.</exception>
    public async IAsyncEnumerable<string?> ReadTextsAsync(string column, [EnumeratorCancellation] CancellationToken abort = default)
    {
        int place = PlaceOf(column, IsText) ?? throw new InvalidDataException($"The file has no column '{column}' of text.");
        await foreach ((ListParquetRows rows, int row) in RowsAsync([place], abort)) { yield return rows.Text(place, row)?.ToString(); }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _file.DisposeAsync();

    private async IAsyncEnumerable<(ListParquetRows Rows, int Row)> RowsAsync(int[] columns, [EnumeratorCancellation] CancellationToken abort)
    {
        for (int group = 0; group < _file.GroupCount; group++)
        {
            ListParquetRows rows = Open(group, columns);
            long count = _file.RowsIn(group);
            for (int row = 0; row < count; row++)
            {
                await AdvanceAsync(rows, row, abort);
                yield return (rows, row);
            }
        }
    }

    private ListParquetRows Open(int group, int[] columns)
    {
        try
        {
            return _file.Open(group, columns);
        }
        catch (InvalidDataException e)
        {
            throw Damaged(e);
        }
    }

    private async ValueTask AdvanceAsync(ListParquetRows rows, int row, CancellationToken abort)
    {
        try
        {
            await rows.AdvanceAsync(row, abort);
        }
        catch (InvalidDataException e)
        {
            throw Damaged(e);
        }
    }

    private InvalidDataException Damaged(InvalidDataException cause) => new($"'{_path}', {cause.Message}", cause);

    private int? PlaceOf(string column, Func<Type, bool> isRight)
    {
        for (int i = 0; i < _file.Columns.Count; i++)
        {
            bool isIt = _file.Columns[i].Name == column && _file.Package.Schema.Fields[i] is DataField field && isRight(field.ClrType);
            if (isIt) { return i; }
        }

        return null;
    }

    private static bool IsText(Type type) => type == typeof(string) || type == typeof(ReadOnlyMemory<char>);

    private static object? AsInFile(object? value, Type type) => value switch
    {
        long number when type == typeof(int) => (int)number,
        double number when type == typeof(float) => (float)number,
        DateTimeOffset time => time.UtcDateTime,
        _ => value,
    };
}
