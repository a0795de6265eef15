using System.Buffers;
using Parquet;
using Parquet.Meta;
using Parquet.Schema;
using Encoding = System.Text.Encoding;

namespace LaionStream.Dataset.Parquet;

/// <summary>
/// A column of text. Values are copied as UTF-8 into blocks of the column's own, so that rows (and their strings) become garbage at once instead of surviving
/// until the row group is written, and a buffered value takes its bytes and four more.
/// </summary>
/// <remarks>
/// Parquet.Net has no UTF-8 form of text: for it this is a column of byte arrays, which <see cref="ColumnFileWriter"/> marks as text in the file's schema.
/// Bounds are by UTF-8 byte, as readers compare (Parquet's <c>LogicalTypes.md</c>, STRING).
/// </remarks>
internal sealed class TextColumn(string name, bool isNullable) : Column
{
    private const int BlockBytes = 1 << 18;
    private const int LengthBytes = 4; // plain encoding prefixes each value with its length
    private const int Null = -1;

    private readonly List<byte[]> _blocks = [];
    private int[] _lengths = new int[1024];
    private int _rows;
    private int _nulls;
    private int _block;
    private int _used;
    private ReadOnlyMemory<byte> _least;
    private ReadOnlyMemory<byte> _greatest;

    /// <inheritdoc/>
    public override DataField Field { get; } = new DataField(name, typeof(byte[]), isNullable);

    /// <summary>Adds a row's value.</summary>
    /// <exception cref="ArgumentNullException">It is null in a column without nulls.</exception>
    public void Add(string? value)
    {
        if (_rows == _lengths.Length) { Array.Resize(ref _lengths, _rows * 2); }
        if (value is null)
        {
            if (!Field.IsNullable) { throw new ArgumentNullException(nameof(value), $"Column {Field.Name} takes no nulls."); }
            _lengths[_rows++] = Null;
            _nulls++;
            return;
        }

        ReadOnlyMemory<byte> copy = Copy(value);
        bool isFirst = _rows == _nulls;
        if (isFirst || copy.Span.SequenceCompareTo(_least.Span) < 0) { _least = copy; }
        if (isFirst || copy.Span.SequenceCompareTo(_greatest.Span) > 0) { _greatest = copy; }
        _lengths[_rows++] = copy.Length;
        Bytes += LengthBytes + copy.Length;
    }

    /// <inheritdoc/>
    public override async Task WriteAsync(ParquetRowGroupWriter group, CancellationToken abort)
    {
        int count = _rows - _nulls;
        ReadOnlyMemory<byte>[] values = ArrayPool<ReadOnlyMemory<byte>>.Shared.Rent(count);
        int[] levels = ArrayPool<int>.Shared.Rent(Field.IsNullable ? _rows : 0);
        try
        {
            Expand(values, Field.IsNullable ? levels : []);
            await (Field.IsNullable
                ? group.WriteAllPartsAsync<ReadOnlyMemory<byte>>(Field, values.AsMemory(0, count), levels.AsMemory(0, _rows), null, abort)
                : group.WriteAsync<ReadOnlyMemory<byte>>(Field, values.AsMemory(0, count), cancellationToken: abort));
        }
        finally
        {
            ArrayPool<int>.Shared.Return(levels);
            ArrayPool<ReadOnlyMemory<byte>>.Shared.Return(values, clearArray: true);
        }
    }

    /// <inheritdoc/>
    public override void Amend(Statistics statistics)
    {
        if (_rows == _nulls) { return; }

        (statistics.MinValue, statistics.MaxValue) = (_least.ToArray(), _greatest.ToArray());
    }

    /// <inheritdoc/>
    public override void Amend(SchemaElement column) =>
        (column.LogicalType, column.ConvertedType) = (new LogicalType { STRING = new StringType() }, ConvertedType.UTF8);

    /// <inheritdoc/>
    public override void Clear() => (_rows, _nulls, Bytes, _block, _used, _least, _greatest) = (0, 0, 0, 0, 0, default, default);

    private ReadOnlyMemory<byte> Copy(string value)
    {
        int most = Encoding.UTF8.GetMaxByteCount(value.Length);
        int length = _blocks.Count > 0 && most <= _blocks[_block].Length - _used ? most : Encoding.UTF8.GetByteCount(value);
        if (_blocks.Count == 0 || length > _blocks[_block].Length - _used) { BeginBlock(length); }
        length = Encoding.UTF8.GetBytes(value, _blocks[_block].AsSpan(_used));
        ReadOnlyMemory<byte> copy = _blocks[_block].AsMemory(_used, length);
        _used += length;
        return copy;
    }

    private void BeginBlock(int length)
    {
        if (_blocks.Count > 0) { _block++; }
        if (_block == _blocks.Count) { _blocks.Add([]); }
        if (_blocks[_block].Length < length) { _blocks[_block] = GC.AllocateUninitializedArray<byte>(Math.Max(length, BlockBytes)); }
        _used = 0;
    }

    /// <summary>Finds the values in the blocks again: a value that does not fit in its block starts the next, as when they were copied.</summary>
    private void Expand(Span<ReadOnlyMemory<byte>> values, Span<int> levels)
    {
        int count = 0;
        int block = 0;
        int used = 0;
        for (int row = 0; row < _rows; row++)
        {
            int length = _lengths[row];
            if (!levels.IsEmpty) { levels[row] = length == Null ? 0 : 1; }
            if (length == Null) { continue; }

            if (length > _blocks[block].Length - used) { (block, used) = (block + 1, 0); }
            values[count++] = _blocks[block].AsMemory(used, length);
            used += length;
        }
    }
}
