using System.Buffers;
using System.Runtime.InteropServices;
using Parquet;
using Parquet.Meta;
using Parquet.Schema;

namespace LaionStream.Dataset.Parquet;

/// <summary>A column of bytes that no reader compares, such as encoded pictures. Values are copied.</summary>
internal sealed class BytesColumn(string name) : Column
{
    private const int LengthBytes = 4; // plain encoding prefixes each value with its length

    private readonly List<ReadOnlyMemory<byte>> _values = [];

    /// <inheritdoc/>
    public override DataField Field { get; } = new DataField(name, typeof(byte[]), isNullable: false);

    /// <summary>Adds a row's value.</summary>
    public void Add(ReadOnlySpan<byte> value)
    {
        byte[] copy = ArrayPool<byte>.Shared.Rent(value.Length);
        value.CopyTo(copy);
        _values.Add(copy.AsMemory(0, value.Length));
        Bytes += LengthBytes + value.Length;
    }

    /// <inheritdoc/>
    public override Task WriteAsync(ParquetRowGroupWriter group, CancellationToken abort) =>
        group.WriteAsync<ReadOnlyMemory<byte>>(Field, _values.ToArray(), cancellationToken: abort);

    /// <summary>Removes the bounds: the least and the greatest picture would be stored in the footer, for each row group.</summary>
    public override void Amend(Statistics statistics) => (statistics.Min, statistics.Max, statistics.MinValue, statistics.MaxValue) = (null, null, null, null);

    /// <inheritdoc/>
    public override void Clear()
    {
        foreach (ReadOnlyMemory<byte> value in _values)
        {
            if (MemoryMarshal.TryGetArray(value, out ArraySegment<byte> array)) { ArrayPool<byte>.Shared.Return(array.Array!); }
        }

        _values.Clear();
        Bytes = 0;
    }
}
