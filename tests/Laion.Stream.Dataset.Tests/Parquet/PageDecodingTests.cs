using LaionStream.Dataset.Parquet;
using Parquet.Meta;
using Encoding = Parquet.Meta.Encoding;

namespace LaionStream.Dataset.Tests.Parquet;

/// <summary>Pages that declare what they do not contain: each is damage at once, whatever time or memory the declared size would cost.</summary>
public sealed class PageDecodingTests
{
    private const int Gigabyte = 1 << 30;

    [Theory]
    [InlineData(new byte[] { 0x80, 0x01, 0x04, 0x03, 0x02, 0x02, 0x00, 0x00, 0x00, 0x00 }, new long[] { 1, 2, 3 })]
    [InlineData(new byte[] { 0x80, 0x01, 0x04, 0x01, 0x0D }, new long[] { -7 })]
    [InlineData(new byte[] { 0x80, 0x01, 0x04, 0x00, 0x00 }, new long[0])]
    public void Differences_AsTheFormatHasThem_AreRead(byte[] page, long[] expected)
    {
        var bytes = new PageBytes(page);
        long[] values = new long[expected.Length];

        DeltaNumbers.Read(ref bytes, values);

        Assert.Equal(expected, values);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0x01, 0x05, 0x00, 0x00, 0x00 })] // a block of 2^31 - 1
    [InlineData(new byte[] { 0x80, 0x01, 0x00, 0x05, 0x00, 0x00, 0x00 })] // of no parts
    [InlineData(new byte[] { 0x80, 0x01, 0x03, 0x05, 0x00, 0x00, 0x00 })] // of parts of 42 2/3
    [InlineData(new byte[] { 0x80, 0x01, 0x80, 0x02, 0x05, 0x00, 0x00 })] // with more parts than numbers
    [InlineData(new byte[] { 0x80, 0x01, 0x04, 0x04, 0x00, 0x00, 0x00 })] // with another count
    [InlineData(new byte[] { 0x80, 0x01, 0x04, 0x05, 0x00, 0x00, 0x41, 0x00, 0x00, 0x00 })] // of 65 bits
    [InlineData(new byte[] { 0x80, 0x01, 0x04, 0x05, 0x00, 0x00, 0x20, 0x00, 0x00, 0x00, 0x01 })] // truncated
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF })] // an endless number
    [InlineData(new byte[0])]
    public void Differences_WithABrokenHeader_AreDamage(byte[] page) => Assert.Throws<InvalidDataException>(() =>
    {
        var bytes = new PageBytes(page);
        DeltaNumbers.Read(ref bytes, new long[5]);
    });

    [Theory]
    [InlineData(new byte[] { 0x0A, 0x01 }, 1)] // 5 times 1
    [InlineData(new byte[] { 0xFE, 0xFF, 0xFF, 0xFF, 0x0F, 0x01 }, 1)] // more repetitions than requested
    [InlineData(new byte[] { 0x00, 0x00, 0x00, 0x0A, 0x01 }, 1)] // empty runs before
    [InlineData(new byte[] { 0x03, 0x1F }, 1)] // packed, the group's end beyond the requested count
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0x1F }, 1)] // 2^62 groups, of which one is present
    public void Runs_AsWritersMakeThem_AreRead(byte[] page, int width)
    {
        var bytes = new PageBytes(page);
        int[] values = new int[5];

        HybridRuns.Read(ref bytes, width, values);

        Assert.Equal([1, 1, 1, 1, 1], values);
    }

    [Theory]
    [InlineData(new byte[] { 0x08, 0x01 }, 1)] // 4 of 5
    [InlineData(new byte[] { 0x00, 0x00, 0x00 }, 1)] // empty runs
    [InlineData(new byte[] { 0x01, 0x01, 0x01 }, 1)] // empty groups
    [InlineData(new byte[] { 0x03, 0x1F }, 2)] // truncated
    [InlineData(new byte[] { 0x0A, 0x01, 0x00, 0x00, 0x00, 0x00 }, 33)]
    [InlineData(new byte[0], 1)]
    public void Runs_ThatDoNotFillThePage_AreDamage(byte[] page, int width) => Assert.Throws<InvalidDataException>(() =>
    {
        var bytes = new PageBytes(page);
        HybridRuns.Read(ref bytes, width, new int[5]);
    });

    [Fact]
    public void Suffixes_ThatGrowWithoutEnd_AreDamageBeforeMemoryIsGone()
    {
        // Each text shares all of the one before: 2,000 texts of up to 2 MB from a page of 2 MB.
        const int texts = 2000, each = 1000;
        byte[] page = [.. Steps(texts, 0, each), .. Steps(texts, each, 0), .. new byte[texts * each]];
        long before = GC.GetAllocatedBytesForCurrentThread();

        InvalidDataException e = Assert.Throws<InvalidDataException>(() =>
        {
            var bytes = new PageBytes(page);
            new PageTexts(null).Read(ref bytes, Encoding.DELTA_BYTE_ARRAY, texts);
        });

        Assert.Contains("bytes", e.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2L * Gigabyte);
    }

    [Theory]
    [InlineData(CompressionCodec.SNAPPY, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x00, 0x00 })] // 4 GiB
    [InlineData(CompressionCodec.SNAPPY, new byte[] { 0x20, 0x0D, 0x01 })] // copies bytes before its first
    [InlineData(CompressionCodec.SNAPPY, new byte[] { 0x02, 0x00, 0x61, 0x1D, 0x01 })] // copies more than it declares
    [InlineData(CompressionCodec.SNAPPY, new byte[] { 0x05, 0x00 })]
    [InlineData(CompressionCodec.LZ4_RAW, new byte[] { 0x00, 0x01, 0x00 })]
    [InlineData(CompressionCodec.LZ4_RAW, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF })]
    [InlineData(CompressionCodec.LZ4_RAW, new byte[] { 0x1F, 0x61, 0x01, 0x00, 0xFF, 0xFF, 0xFF, 0xFF })]
    [InlineData(CompressionCodec.LZ4, new byte[] { 0x00, 0x00, 0x00, 0x05, 0x7F, 0xFF, 0xFF, 0xFF, 0x10, 0x61 })]
    [InlineData(CompressionCodec.GZIP, new byte[] { 0x1F, 0x8B, 0x08 })]
    [InlineData(CompressionCodec.BROTLI, new byte[] { 0xFF, 0xFF, 0xFF })]
    [InlineData(CompressionCodec.ZSTD, new byte[] { 0x28, 0xB5, 0x2F, 0xFD, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F })] // 2^63 bytes
    [InlineData(CompressionCodec.LZO, new byte[] { 0x00 })]
    public void Unpack_BytesThatClaimOrRepeatWhatIsNotThere_AreDamage(CompressionCodec codec, byte[] packed)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<InvalidDataException>(() => PageCodec.Unpack(codec, packed, ParquetPageHeader.MostBytes / 8, new PageBuffers()));
        Assert.Throws<InvalidDataException>(() => PageCodec.Unpack(codec, packed, 100, new PageBuffers()));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    [Fact]
    public void Unpack_CopyThatOverlapsItself_Repeats()
    {
        ReadOnlyMemory<byte> snappy = PageCodec.Unpack(CompressionCodec.SNAPPY, new byte[] { 0x09, 0x04, 0x61, 0x62, 0x0D, 0x02 }, 0, new PageBuffers());
        ReadOnlyMemory<byte> lz4 = PageCodec.Unpack(CompressionCodec.LZ4_RAW, new byte[] { 0x23, 0x61, 0x62, 0x02, 0x00 }, 9, new PageBuffers());

        Assert.Equal("ababababa"u8, snappy.Span);
        Assert.Equal("ababababa"u8, lz4.Span);
    }

    [Fact]
    public void Box_TimesBeyondTheCalendar_AreNull()
    {
        var nanoseconds = new SchemaElement { Name = "t", Type = global::Parquet.Meta.Type.INT64, ConvertedType = ConvertedType.TIMESTAMP_MICROS };
        var column = new FlatColumn(new global::Parquet.Schema.DateTimeDataField("t", global::Parquet.Schema.DateTimeFormat.DateAndTimeMicros), nanoseconds,
            ExtraColumnKind.Timestamp);

        Assert.Equal(DateTimeOffset.UnixEpoch.AddTicks(10), column.Box(1));
        Assert.Equal(DateTimeOffset.MinValue, column.Box(-62_135_596_800_000_000));
        Assert.Null(column.Box(long.MaxValue));
        Assert.Null(column.Box(long.MinValue));
        Assert.Null(column.Box(-62_135_596_800_000_001));
    }

    /// <summary>Packed differences in the format's encoding: a first number, then as many steps of one size.</summary>
    private static byte[] Steps(int count, long step, long first)
    {
        var bytes = new List<byte> { 0x80, 0x01, 0x04 };
        bytes.AddRange(Varint((ulong)count));
        bytes.AddRange(Varint((ulong)first << 1));
        for (int done = 1; done < count; done += 128) { bytes.AddRange([.. Varint((ulong)step << 1), 0, 0, 0, 0]); }
        return [.. bytes];
    }

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value > 127; value >>= 7) { bytes.Add((byte)(value | 0x80)); }
        return [.. bytes, (byte)value];
    }
}
