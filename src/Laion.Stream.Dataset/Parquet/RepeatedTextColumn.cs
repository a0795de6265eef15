using System.Buffers;
using Parquet;
using Parquet.Meta;
using Parquet.Schema;
using Encoding = System.Text.Encoding;

namespace LaionStream.Dataset.Parquet;

/// <summary>
/// A column of text with few distinct values, for which a dictionary is smaller and faster; one that turns out otherwise is written plain. A run of equal
/// values is stored once; characters are copied into blocks of the column's own, so that rows (and their strings) become garbage at once.
/// </summary>
internal sealed class RepeatedTextColumn(string name, bool isNullable) : Column
{
    private const int BlockChars = 1 << 14;
    private const int LengthBytes = 4; // plain encoding prefixes each value with its length

    private readonly List<char[]> _blocks = [];
    private Run[] _runs = new Run[64];
    private int _count;
    private int _rows;
    private int _nulls;
    private int _block;
    private int _used;
    private bool _hasSurrogates;

    /// <inheritdoc/>
    public override DataField Field { get; } = new DataField(name, typeof(string), isNullable);

    /// <inheritdoc/>
    public override bool IsDictionary => true;

    /// <summary>Adds a row's value.</summary>
    /// <exception cref="ArgumentNullException">It is null in a column without nulls.</exception>
    public void Add(string? value)
    {
        if (value is null && !Field.IsNullable) { throw new ArgumentNullException(nameof(value), $"Column {Field.Name} takes no nulls."); }

        if (_count == 0 || !_runs[_count - 1].Repeats(value)) { Begin(value); }
        ref Run run = ref _runs[_count - 1];
        run.Rows++;
        _rows++;
        if (value is null) { _nulls++; }
        Bytes += run.Bytes;
    }

    /// <inheritdoc/>
    public override async Task WriteAsync(ParquetRowGroupWriter group, CancellationToken abort)
    {
        int count = _rows - _nulls;
        ReadOnlyMemory<char>[] values = ArrayPool<ReadOnlyMemory<char>>.Shared.Rent(count);
        int[] levels = ArrayPool<int>.Shared.Rent(Field.IsNullable ? _rows : 0);
        try
        {
            Expand(values, Field.IsNullable ? levels : []);
            await (Field.IsNullable
                ? group.WriteAllPartsAsync<ReadOnlyMemory<char>>(Field, values.AsMemory(0, count), levels.AsMemory(0, _rows), null, abort)
                : group.WriteAsync<ReadOnlyMemory<char>>(Field, values.AsMemory(0, count), cancellationToken: abort));
        }
        finally
        {
            ArrayPool<int>.Shared.Return(levels);
            ArrayPool<ReadOnlyMemory<char>>.Shared.Return(values, clearArray: true);
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Parquet.Net orders text by UTF-16 unit, readers by UTF-8 byte; the two differ only if there are surrogates, and with wrong bounds a reader would skip
    /// rows that match.
    /// </remarks>
    public override void Amend(Statistics statistics)
    {
        if (_hasSurrogates) { (statistics.Min, statistics.Max, statistics.MinValue, statistics.MaxValue) = (null, null, null, null); }
    }

    /// <inheritdoc/>
    public override void Clear() => (_count, _rows, _nulls, Bytes, _block, _used, _hasSurrogates) = (0, 0, 0, 0, 0, 0, false);

    private void Begin(string? value)
    {
        if (_count == _runs.Length) { Array.Resize(ref _runs, _count * 2); }
        _runs[_count++] = value is null ? new Run { IsNull = true } : new Run { Value = Copy(value), Bytes = LengthBytes + Encoding.UTF8.GetByteCount(value) };
        _hasSurrogates |= value.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF');
    }

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

    private void Expand(Span<ReadOnlyMemory<char>> values, Span<int> levels)
    {
        int count = 0;
        int row = 0;
        foreach (Run run in _runs.AsSpan(0, _count))
        {
            if (!levels.IsEmpty) { levels.Slice(row, run.Rows).Fill(run.IsNull ? 0 : 1); }
            row += run.Rows;
            if (run.IsNull) { continue; }

            values.Slice(count, run.Rows).Fill(run.Value);
            count += run.Rows;
        }
    }

    /// <summary>Consecutive rows with the same value.</summary>
    private struct Run
    {
        public ReadOnlyMemory<char> Value;
        public bool IsNull;
        public int Rows;
        public int Bytes;

        public readonly bool Repeats(string? value) => value is null ? IsNull : !IsNull && Value.Span.SequenceEqual(value);
    }
}
