using Parquet;

namespace LaionStream.Dataset.Parquet;

/// <summary>The rows of one row group of a URL list, from the first to the last; holds one page of each column at a time.</summary>
public sealed class ListParquetRows
{
    private readonly ListParquetColumnRows?[] _columns;
    private readonly string _name;
    private readonly Func<Exception, bool> _isDamage;
    private int _ready;

    internal ListParquetRows(
        ParquetBytes file, PageBuffers buffers, ParquetRowGroupReader group, IReadOnlyList<FlatColumn?> fields, IEnumerable<int> columns, string name,
        Func<Exception, bool> isDamage)
    {
        (_name, _isDamage) = (name, isDamage);
        _columns = new ListParquetColumnRows?[fields.Count];
        foreach (int column in columns)
        {
            _columns[column] = fields[column] is { } field
                ? new ListParquetColumnRows(file, buffers, field, group.GetMetadata(field.Field)?.MetaData, group.RowCount) : null;
        }
    }

    /// <summary>Makes a row's values available; rows before it are released.</summary>
    /// <param name="row">From 0, never smaller than before.</param>
    /// <param name="stop">Cancels the read.</param>
    /// <exception cref="InvalidDataException">
    /// A page is damaged; nothing more of the row group can be read. The message says where: row group, row and column.
    /// </exception>
    public ValueTask AdvanceAsync(int row, CancellationToken stop) => row < _ready ? ValueTask.CompletedTask : ReadOnAsync(row, stop);

    /// <summary>The characters of a text column's value, or null.</summary>
    public ReadOnlyMemory<char>? Text(int column, int row) => _columns[column]?.Text(row);

    /// <summary>The number of a column of 64-bit numbers, or null.</summary>
    public long? Number(int column, int row) => _columns[column]?.Number(row);

    /// <summary>A value in the type of its column's <see cref="ExtraColumnKind"/>, or null.</summary>
    public object? Value(int column, int row) => _columns[column]?.Value(row);

    private async ValueTask ReadOnAsync(int row, CancellationToken stop)
    {
        int ready = int.MaxValue;
        foreach (ListParquetColumnRows? column in _columns)
        {
            if (column is null)
            {
                continue;
            }

            try
            {
                await column.AdvanceAsync(row, stop);
            }
            catch (Exception e) when (_isDamage(e))
            {
                throw new InvalidDataException(
                    FormattableString.Invariant($"{_name} cannot be read from its row {row + 1} on, column '{column.Name}': {e.Message}"), e);
            }

            ready = Math.Min(ready, column.End);
        }

        _ready = ready;
    }
}
