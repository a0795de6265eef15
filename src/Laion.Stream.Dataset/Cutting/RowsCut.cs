using LaionStream.Dataset.Parquet;
using Parquet;
using Parquet.Schema;

namespace LaionStream.Dataset.Cutting;

/// <summary>Copies the rows that stay from a Parquet file of ours, with its columns, their types, and its key-value metadata.</summary>
public static class RowsCut
{
    private const int RowGroupBytes = 64 << 20;
    private const int PictureGroupBytes = 16 << 20; // pictures are in memory until their row group is written

    /// <summary>Copies, a row group in memory at a time.</summary>
    /// <param name="path">The file.</param>
    /// <param name="output">Receives the file; left open.</param>
    /// <param name="rows">The rows that stay.</param>
    /// <param name="abort">Ends it early.</param>
    /// <exception cref="InvalidDataException">A column is of a type that our files do not have.</exception>
    public static async Task CopyAsync(string path, Stream output, RowFilter rows, CancellationToken abort)
    {
        await using ParquetReader reader = await ParquetReader.CreateAsync(path, cancellationToken: abort);
        CutColumn[] columns = [.. reader.Schema.Fields.Select(field => CutColumn.Of(field, path))];
        ColumnFileWriter writer = await ColumnFileWriter.CreateAsync(
            output, columns.Select(column => column.Column), reader.CustomMetadata, columns.Any(column => column.Column is BytesColumn) ? PictureGroupBytes : RowGroupBytes);
        long first = 0;
        for (int group = 0; group < reader.RowGroupCount; group++)
        {
            using ParquetRowGroupReader source = reader.OpenRowGroupReader(group);
            int count = checked((int)source.RowCount);
            foreach (CutColumn column in columns) { await column.ReadAsync(source, count, abort); }
            for (int row = 0; row < count; row++)
            {
                if (!rows.Keeps(first + row)) { continue; }

                foreach (CutColumn column in columns) { column.Add(row); }
                await writer.RowAddedAsync(abort);
            }

            first += count;
        }

        await writer.CompleteAsync(abort);
    }

    /// <summary>A column on its way from one file to another.</summary>
    private abstract class CutColumn
    {
        /// <summary>The column to write.</summary>
        public abstract Column Column { get; }

        /// <summary>Reads a row group's values.</summary>
        public abstract ValueTask ReadAsync(ParquetRowGroupReader group, int rows, CancellationToken abort);

        /// <summary>Adds a row of the group to the column to write.</summary>
        public abstract void Add(int row);

        public static CutColumn Of(Field field, string path)
        {
            DataField source = field as DataField ?? throw Strange();
            return source.ClrType == typeof(string) || source.ClrType == typeof(ReadOnlyMemory<char>) ? new TextCut(source)
                : source.ClrType == typeof(byte[]) || source.ClrType == typeof(ReadOnlyMemory<byte>) ? new BytesCut(source)
                : source.ClrType == typeof(long) ? new ValueCut<long>(source, new ValueColumn<long>(source.Name, source.IsNullable))
                : source.ClrType == typeof(int) ? new ValueCut<int>(source, new ValueColumn<int>(source.Name, source.IsNullable))
                : source.ClrType == typeof(float) ? new ValueCut<float>(source, new ValueColumn<float>(source.Name, source.IsNullable))
                : source.ClrType == typeof(double) ? new ValueCut<double>(source, new ValueColumn<double>(source.Name, source.IsNullable))
                : source.ClrType == typeof(bool) ? new ValueCut<bool>(source, new ValueColumn<bool>(source.Name, source.IsNullable))
                : source.ClrType == typeof(DateTime) ? new ValueCut<DateTime>(source, new ValueColumn<DateTime>(SampleSchema.Timestamp(source.Name, source.IsNullable)))
                : throw Strange();

            InvalidDataException Strange() => new($"'{path}' has a column '{field.Name}' of a type that our files do not have.");
        }
    }

    private sealed class ValueCut<T>(DataField source, ValueColumn<T> column) : CutColumn where T : struct
    {
        private T?[] _values = [];
        private T[] _whole = [];

        public override Column Column => column;

        public override async ValueTask ReadAsync(ParquetRowGroupReader group, int rows, CancellationToken abort)
        {
            if (source.IsNullable)
            {
                _values = new T?[rows];
                await group.ReadAsync<T>(source, _values, null, abort);
                return;
            }

            _whole = new T[rows];
            await group.ReadAsync<T>(source, _whole, null, abort);
        }

        public override void Add(int row) => column.Add(source.IsNullable ? _values[row] : _whole[row]);
    }

    private sealed class TextCut(DataField source) : CutColumn
    {
        private readonly TextColumn _column = new(source.Name, source.IsNullable);
        private string?[] _values = [];

        public override Column Column => _column;

        public override async ValueTask ReadAsync(ParquetRowGroupReader group, int rows, CancellationToken abort)
        {
            _values = new string?[rows];
            await group.ReadAsync(source, _values, null, abort);
        }

        public override void Add(int row) => _column.Add(_values[row]);
    }

    private sealed class BytesCut(DataField source) : CutColumn
    {
        private readonly BytesColumn _column = new(source.Name);
        private byte[][] _values = [];

        public override Column Column => _column;

        public override async ValueTask ReadAsync(ParquetRowGroupReader group, int rows, CancellationToken abort)
        {
            _values = new byte[rows][];
            await group.ReadAsync(source, _values, null, abort);
        }

        public override void Add(int row) => _column.Add(_values[row]);
    }
}
