using System.Text;
using Parquet;
using Parquet.Schema;

namespace LaionStream.Dataset;

/// <summary>
/// A column of text. Characters are copied into blocks of the column's own, so that rows (and their strings) are garbage at once instead of surviving until
/// the row group is written; a value equal to the one before it is stored once.
/// </summary>
internal sealed class TextColumn(string name, bool isNullable) : Column
{
    private const int BlockChars = 1 << 18;
    private const int LengthBytes = 4; // plain encoding puts a length before each value

    private readonly List<char[]> _blocks = [];
    private ReadOnlyMemory<char>[] _values = new ReadOnlyMemory<char>[1024];
    private int[] _levels = new int[1024];
    private int _count;
    private int _rows;
    private int _block;
    private int _used;
    private bool _hasSurrogates;

    /// <inheritdoc/>
    public override DataField Field { get; } = new DataField(name, typeof(string), isNullable);

    /// <summary>Adds a row's value.</summary>
    /// <exception cref="ArgumentNullException">It is null in a column without nulls.</exception>
    public void Add(string? value)
    {
        if (_rows == _levels.Length) { Array.Resize(ref _levels, _rows * 2); }
        if (value is null)
        {
            if (!Field.IsNullable) { throw new ArgumentNullException(nameof(value), $"Column {Field.Name} takes no nulls."); }
            _levels[_rows++] = 0;
            return;
        }

        if (_count == _values.Length) { Array.Resize(ref _values, _count * 2); }
        _levels[_rows++] = 1;
        bool repeats = _count > 0 && _values[_count - 1].Span.SequenceEqual(value);
        _values[_count] = repeats ? _values[_count - 1] : Copy(value);
        _count++;
        _hasSurrogates |= !repeats && value.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF');
        Bytes += LengthBytes + Encoding.UTF8.GetByteCount(value);
    }

    /// <inheritdoc/>
    public override Task WriteAsync(ParquetRowGroupWriter group, CancellationToken abort) => Field.IsNullable
        ? group.WriteAllPartsAsync<ReadOnlyMemory<char>>(Field, _values.AsMemory(0, _count), _levels.AsMemory(0, _rows), null, abort)
        : group.WriteAsync<ReadOnlyMemory<char>>(Field, _values.AsMemory(0, _count), cancellationToken: abort);

    /// <inheritdoc/>
    /// <remarks>Parquet.Net orders text by UTF-16 unit, readers by UTF-8 byte; the two differ only where there are surrogates.</remarks>
    public override bool HasWrongBounds => _hasSurrogates;

    /// <inheritdoc/>
    public override void Clear() => (_count, _rows, Bytes, _block, _used, _hasSurrogates) = (0, 0, 0, 0, 0, false);

    private ReadOnlyMemory<char> Copy(string value)
    {
        if (value.Length > BlockChars) { return value.AsMemory(); } // longer than any block: rare enough to keep the string itself

        if (_blocks.Count == 0 || _used + value.Length > BlockChars)
        {
            if (_blocks.Count > 0) { _block++; }
            if (_block == _blocks.Count) { _blocks.Add(GC.AllocateUninitializedArray<char>(BlockChars)); }
            _used = 0;
        }

        value.CopyTo(_blocks[_block].AsSpan(_used));
        ReadOnlyMemory<char> copy = _blocks[_block].AsMemory(_used, value.Length);
        _used += value.Length;
        return copy;
    }
}
