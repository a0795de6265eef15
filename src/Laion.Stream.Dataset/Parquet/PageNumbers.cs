using Parquet.Meta;
using PhysicalType = Parquet.Meta.Type;

namespace LaionStream.Dataset.Parquet;

/// <summary>The numbers, booleans or times of a page or dictionary, as 64 bits each.</summary>
/// <param name="column">Their type.</param>
internal sealed class PageNumbers(FlatColumn column) : PageValues
{
    private const int BitWidthOfTruth = 1;

    private long[] _values = [];
    private int[] _small = [];

    /// <summary>The 64 bits of a value.</summary>
    public long this[int place] => _values[place];

    /// <inheritdoc/>
    public override object? Box(int place) => column.Box(_values[place]);

    /// <inheritdoc/>
    public override void Read(ref PageBytes bytes, Encoding encoding, int count)
    {
        switch (encoding)
        {
            case Encoding.PLAIN when column.Physical == PhysicalType.BOOLEAN:
                ReadBits(ref bytes, count);
                break;
            case Encoding.PLAIN:
                ReadPlain(ref bytes, count);
                break;
            case Encoding.RLE when column.Physical == PhysicalType.BOOLEAN:
                ReadRuns(ref bytes, count);
                break;
            case Encoding.DELTA_BINARY_PACKED when column.Physical is PhysicalType.INT32 or PhysicalType.INT64:
                ReadDifferences(ref bytes, count);
                break;
            case Encoding.BYTE_STREAM_SPLIT when column.Bytes > 0:
                ReadSplit(ref bytes, count);
                break;
            default:
                throw NotSupported(encoding);
        }
    }

    private void ReadBits(ref PageBytes bytes, int count)
    {
        ReadOnlySpan<byte> bits = bytes.Take((count + 7L) / 8);
        Grow(ref _values, count);
        for (int i = 0; i < count; i++) { _values[i] = (bits[i >> 3] >> (i & 7)) & 1; }
    }

    private void ReadRuns(ref PageBytes bytes, int count)
    {
        var runs = new PageBytes(bytes.Take(bytes.ReadInt32()));
        Grow(ref _small, count);
        HybridRuns.Read(ref runs, BitWidthOfTruth, _small.AsSpan(0, count));
        Grow(ref _values, count);
        for (int i = 0; i < count; i++) { _values[i] = _small[i]; }
    }

    private void ReadPlain(ref PageBytes bytes, int count)
    {
        ReadOnlySpan<byte> numbers = bytes.Take((long)count * column.Bytes);
        Grow(ref _values, count);
        for (int i = 0; i < count; i++) { _values[i] = column.FromBytes(numbers.Slice(i * column.Bytes, column.Bytes)); }
    }

    private void ReadDifferences(ref PageBytes bytes, int count)
    {
        // The numbers of a column without differences take no bytes: the header gives their count.
        Grow(ref _values, count);
        DeltaNumbers.Read(ref bytes, _values.AsSpan(0, count));
        if (column.Physical == PhysicalType.INT32)
        {
            for (int i = 0; i < count; i++) { _values[i] = (int)_values[i]; } // differences are computed in 32 bits
        }
    }

    /// <summary>All first bytes, then all second bytes, and so on.</summary>
    private void ReadSplit(ref PageBytes bytes, int count)
    {
        ReadOnlySpan<byte> split = bytes.Take((long)count * column.Bytes);
        Span<byte> one = stackalloc byte[FlatColumn.MostBytes];
        Grow(ref _values, count);
        for (int i = 0; i < count; i++)
        {
            for (int at = 0; at < column.Bytes; at++) { one[at] = split[(at * count) + i]; }
            _values[i] = column.FromBytes(one[..column.Bytes]);
        }
    }
}
