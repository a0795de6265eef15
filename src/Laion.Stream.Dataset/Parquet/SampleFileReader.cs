using System.Runtime.CompilerServices;
using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace LaionStream.Dataset.Parquet;

/// <summary>Reads a Parquet file of ours (or any flat one): schema, metadata and rows, one row group in memory at a time.</summary>
public sealed class SampleFileReader : IAsyncDisposable
{
    private readonly ParquetReader _file;

    private SampleFileReader(ParquetReader file, long bytes) => (_file, Bytes) = (file, bytes);

    /// <summary>Size of the file.</summary>
    public long Bytes { get; }

    /// <summary>Columns in the file's order.</summary>
    public IReadOnlyList<SampleFileColumn> Columns => [.. _file.Schema.DataFields.Select(column => new SampleFileColumn(column.Name, IsText(column) ? typeof(string) : column.ClrType, column.IsNullable))];

    /// <summary>Rows of the file.</summary>
    public long Rows => _file.Metadata?.NumRows ?? 0;

    /// <summary>Row groups of the file.</summary>
    public int RowGroups => _file.RowGroupCount;

    /// <summary>Key-value metadata of the file.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _file.CustomMetadata;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is no Parquet file, or is cut.</exception>
    public static async Task<SampleFileReader> OpenAsync(string path)
    {
        try
        {
            long bytes = new FileInfo(path).Length;

            // The library says "not a Parquet file" with a bare IOException; a missing or locked file is a subclass of it or another type and passes.
            return new SampleFileReader(await ParquetReader.CreateAsync(path), bytes);
        }
        catch (Exception e) when (e is ParquetException or InvalidDataException or EndOfStreamException or IndexOutOfRangeException or ArgumentException || e.GetType() == typeof(IOException))
        {
            throw new InvalidDataException($"'{path}' cannot be read as Parquet: {e.Message}", e);
        }
    }

    /// <summary>Reads the rows as name and value, in order: <see cref="string"/>, <see cref="long"/>, <see cref="int"/>, <see cref="double"/>, <see cref="float"/>, <see cref="bool"/>, <see cref="DateTime"/> (UTC) or null.</summary>
    /// <param name="abort">Ends the enumeration.</param>
    public async IAsyncEnumerable<IReadOnlyList<KeyValuePair<string, object?>>> ReadRowsAsync([EnumeratorCancellation] CancellationToken abort = default)
    {
        DataField[] fields = _file.Schema.DataFields;
        for (int group = 0; group < _file.RowGroupCount; group++)
        {
            using ParquetRowGroupReader reader = _file.OpenRowGroupReader(group);
            object?[][] columns = new object?[fields.Length][];
            for (int i = 0; i < fields.Length; i++) { columns[i] = await ReadColumnAsync(reader, fields[i], abort); }

            for (long row = 0; row < reader.RowCount; row++)
            {
                var values = new KeyValuePair<string, object?>[fields.Length];
                for (int i = 0; i < fields.Length; i++) { values[i] = new(fields[i].Name, columns[i][row]); }
                yield return values;
            }
        }
    }

    /// <summary>Reads one column of <see cref="long"/> without nulls, such as <c>hash</c>.</summary>
    /// <param name="column">Its name.</param>
    /// <param name="abort">Ends the reading.</param>
    /// <exception cref="InvalidDataException">There is no such column.</exception>
    public async Task<long[]> ReadLongsAsync(string column, CancellationToken abort = default)
    {
        DataField field = _file.Schema.DataFields.FirstOrDefault(field => field.Name == column && field.ClrType == typeof(long) && !field.IsNullable)
            ?? throw new InvalidDataException($"The file has no column '{column}' of 64-bit numbers.");
        long[] all = new long[Rows];
        int at = 0;
        for (int group = 0; group < _file.RowGroupCount; group++)
        {
            using ParquetRowGroupReader reader = _file.OpenRowGroupReader(group);
            int rows = checked((int)reader.RowCount);
            await reader.ReadAsync<long>(field, all.AsMemory(at, rows), cancellationToken: abort);
            at += rows;
        }

        return all;
    }

    /// <summary>Reads one column of text, a row group in memory at a time.</summary>
    /// <param name="column">Its name.</param>
    /// <param name="abort">Ends the enumeration.</param>
    /// <exception cref="InvalidDataException">There is no such column.</exception>
    public async IAsyncEnumerable<string?> ReadTextsAsync(string column, [EnumeratorCancellation] CancellationToken abort = default)
    {
        DataField field = _file.Schema.DataFields.FirstOrDefault(field => field.Name == column && IsText(field)) ?? throw new InvalidDataException($"The file has no column '{column}' of text.");
        for (int group = 0; group < _file.RowGroupCount; group++)
        {
            using ParquetRowGroupReader reader = _file.OpenRowGroupReader(group);
            string?[] texts = new string?[checked((int)reader.RowCount)];
            await reader.ReadAsync(field, texts.AsMemory(), cancellationToken: abort);
            foreach (string? text in texts) { yield return text; }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _file.DisposeAsync();

    private static bool IsText(DataField field) => field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>);

    private static async Task<object?[]> ReadColumnAsync(ParquetRowGroupReader reader, DataField field, CancellationToken abort)
    {
        int rows = checked((int)reader.RowCount);
        if (IsText(field))
        {
            string?[] texts = new string?[rows];
            await reader.ReadAsync(field, texts.AsMemory(), cancellationToken: abort);
            return texts;
        }

        using RawColumnData data = await reader.ReadRawColumnDataBaseAsync(field, abort);
        return data switch
        {
            RawColumnData<long> column => Spread(column, field, rows),
            RawColumnData<int> column => Spread(column, field, rows),
            RawColumnData<double> column => Spread(column, field, rows),
            RawColumnData<float> column => Spread(column, field, rows),
            RawColumnData<bool> column => Spread(column, field, rows),
            RawColumnData<DateTime> column => Spread(column, field, rows),
            _ => throw new InvalidDataException($"Column '{field.Name}' holds {field.ClrType.Name}, which these files do not use."),
        };
    }

    private static object?[] Spread<T>(RawColumnData<T> column, DataField field, int rows) where T : struct
    {
        object?[] values = new object?[rows];
        ReadOnlySpan<T> present = column.Values;
        if (!field.IsNullable)
        {
            for (int i = 0; i < rows; i++) { values[i] = present[i]; }
            return values;
        }

        ReadOnlySpan<int> levels = column.DefinitionLevels;
        int next = 0;
        for (int i = 0; i < rows; i++)
        {
            if (levels[i] > 0) { values[i] = present[next++]; }
        }

        return values;
    }
}
