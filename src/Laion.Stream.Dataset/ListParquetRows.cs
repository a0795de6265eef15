using Parquet;
using Parquet.Schema;

namespace LaionStream.Dataset;

/// <summary>The rows of one row group of a url list, column by column.</summary>
public sealed class ListParquetRows
{
    private readonly Func<int, ReadOnlyMemory<char>?>?[] _texts;
    private readonly Func<int, object?>?[] _values;

    private ListParquetRows(int count, int columns)
    {
        Count = count;
        _texts = new Func<int, ReadOnlyMemory<char>?>?[columns];
        _values = new Func<int, object?>?[columns];
    }

    /// <summary>Rows.</summary>
    public int Count { get; }

    /// <summary>The characters of a text column's value, or null.</summary>
    public ReadOnlyMemory<char>? Text(int column, int row) => _texts[column] is { } read ? read(row) : null;

    /// <summary>A value in the type of its column's <see cref="ExtraColumnKind"/>, or null.</summary>
    public object? Value(int column, int row) => _values[column]?.Invoke(row);

    /// <summary>Reads the named columns of a row group; memory is that of their values.</summary>
    internal static async Task<ListParquetRows> ReadAsync(
        ParquetRowGroupReader group, IReadOnlyList<DataField?> fields, IEnumerable<int> columns, CancellationToken stop)
    {
        var rows = new ListParquetRows(checked((int)group.RowCount), fields.Count);
        foreach (int column in columns)
        {
            if (fields[column] is { } field)
            {
                await rows.ReadColumnAsync(group, field, column, stop);
            }
        }

        return rows;
    }

    private Task ReadColumnAsync(ParquetRowGroupReader group, DataField field, int column, CancellationToken stop)
    {
        Type type = field.ClrType;
        return type == typeof(ReadOnlyMemory<char>) ? ReadTextAsync(group, field, column, stop)
            : type == typeof(long) ? ReadAsync<long>(group, field, column, value => value, stop)
            : type == typeof(int) ? ReadAsync<int>(group, field, column, value => (long)value, stop)
            : type == typeof(uint) ? ReadAsync<uint>(group, field, column, value => (long)value, stop)
            : type == typeof(short) ? ReadAsync<short>(group, field, column, value => (long)value, stop)
            : type == typeof(ushort) ? ReadAsync<ushort>(group, field, column, value => (long)value, stop)
            : type == typeof(sbyte) ? ReadAsync<sbyte>(group, field, column, value => (long)value, stop)
            : type == typeof(byte) ? ReadAsync<byte>(group, field, column, value => (long)value, stop)
            : type == typeof(double) ? ReadAsync<double>(group, field, column, value => value, stop)
            : type == typeof(float) ? ReadAsync<float>(group, field, column, value => (double)value, stop)
            : type == typeof(bool) ? ReadAsync<bool>(group, field, column, value => value, stop)
            : ReadAsync<DateTime>(group, field, column, value => new DateTimeOffset(DateTime.SpecifyKind(value, DateTimeKind.Utc)), stop);
    }

    private async Task ReadTextAsync(ParquetRowGroupReader group, DataField field, int column, CancellationToken stop)
    {
        var values = new ReadOnlyMemory<char>?[Count];
        await group.ReadAsync<ReadOnlyMemory<char>>(field, values.AsMemory(), cancellationToken: stop);
        _texts[column] = row => values[row];
        _values[column] = row => values[row]?.ToString();
    }

    private async Task ReadAsync<T>(ParquetRowGroupReader group, DataField field, int column, Func<T, object> box, CancellationToken stop)
        where T : struct
    {
        var values = new T?[Count];
        await group.ReadAsync<T>(field, values.AsMemory(), cancellationToken: stop);
        _values[column] = row => values[row] is { } value ? box(value) : null;
    }
}
