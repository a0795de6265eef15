using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Parquet;
using Parquet.Meta;
using Parquet.Schema;

namespace LaionStream.Dataset.Parquet;

/// <summary>A column of fixed-size values. Nulls are not stored among the values, only as a definition level.</summary>
internal sealed class ValueColumn<T> : Column where T : struct
{
    private readonly bool _isNullable;
    private T[] _values = new T[1024];
    private int[] _levels;
    private int _count;
    private int _rows;

    /// <summary>Creates a column.</summary>
    public ValueColumn(string name, bool isNullable) : this(new DataField<T>(name, isNullable))
    {
    }

    /// <summary>Creates a column of a given field.</summary>
    public ValueColumn(DataField field) => (Field, _isNullable, _levels) = (field, field.IsNullable, field.IsNullable ? new int[1024] : []);

    /// <inheritdoc/>
    public override DataField Field { get; }

    /// <summary>Adds a row's value.</summary>
    /// <exception cref="ArgumentNullException">It is null in a column without nulls.</exception>
    public void Add(T? value)
    {
        if (_isNullable)
        {
            if (_rows == _levels.Length) { Array.Resize(ref _levels, _rows * 2); }
            _levels[_rows++] = value.HasValue ? 1 : 0;
            if (!value.HasValue) { return; }
        }
        else if (!value.HasValue)
        {
            throw new ArgumentNullException(nameof(value), $"Column {Field.Name} takes no nulls.");
        }

        if (_count == _values.Length) { Array.Resize(ref _values, _count * 2); }
        _values[_count++] = value.GetValueOrDefault();
        Bytes += Unsafe.SizeOf<T>();
    }

    /// <inheritdoc/>
    public override Task WriteAsync(ParquetRowGroupWriter group, CancellationToken abort) => _isNullable
        ? group.WriteAllPartsAsync<T>(Field, _values.AsMemory(0, _count), _levels.AsMemory(0, _rows), null, abort)
        : group.WriteAsync<T>(Field, _values.AsMemory(0, _count), cancellationToken: abort);

    /// <summary>
    /// The library writes the bounds of a time in another unit than its values: readers that skip row groups by bounds would find every time long past.
    /// </summary>
    public override void Amend(Statistics statistics)
    {
        if (typeof(T) != typeof(DateTime) || _count == 0) { return; }

        (long least, long greatest) = (long.MaxValue, long.MinValue);
        foreach (DateTime value in MemoryMarshal.Cast<T, DateTime>(_values.AsSpan(0, _count)))
        {
            long ticks = value.Ticks - DateTime.UnixEpoch.Ticks;
            (least, greatest) = (Math.Min(least, ticks), Math.Max(greatest, ticks));
        }

        // Rounded outwards, so that they are bounds however a fraction of a microsecond was rounded.
        statistics.Min = statistics.MinValue = BitConverter.GetBytes(Floor(least));
        statistics.Max = statistics.MaxValue = BitConverter.GetBytes(-Floor(-greatest));
    }

    /// <inheritdoc/>
    public override void Clear() => (_count, _rows, Bytes) = (0, 0, 0);

    private static long Floor(long ticks) => (ticks / TimeSpan.TicksPerMicrosecond) - (ticks % TimeSpan.TicksPerMicrosecond < 0 ? 1 : 0);
}
