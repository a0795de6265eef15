using LaionStream.Dataset.Parquet;

namespace LaionStream.Dataset.Tests.Parquet;

public sealed class ParquetPageHeaderTests
{
    [Theory]
    [InlineData(int.MaxValue, 100, 100)]
    [InlineData(100, int.MaxValue, 100)]
    [InlineData(100, 100, int.MaxValue)]
    public void Read_PageThatClaimsMoreThanMemory_IsRefused(int values, int uncompressed, int dictionaryValues)
    {
        using var file = new MemoryStream([.. Header(values, uncompressed, dictionaryValues), .. new byte[20]]);

        Assert.Throws<InvalidDataException>(() => ParquetPageHeader.Read(file));
    }

    [Theory]
    [InlineData(new byte[] { 0x15, 0, 0x15, 8, 0x15, 8, 0x2C, 0x15, 2, 0x15, 0, 0x15, 6, 0x15, 6, 0x15, 2, 0, 0 })] // statistics that are a number
    // a list of 2^31 booleans
    [InlineData(new byte[] { 0x15, 0, 0x15, 8, 0x15, 8, 0x2C, 0x15, 2, 0x15, 0, 0x15, 6, 0x15, 6, 0, 0x59, 0xF1, 0xFF, 0xFF, 0xFF, 0xFF, 7, 0 })]
    public void Read_FieldOfAnotherType_IsRefused(byte[] header)
    {
        using var file = new MemoryStream([.. header, .. new byte[20]]);

        Assert.Throws<InvalidDataException>(() => ParquetPageHeader.Read(file));
    }

    [Fact]
    public void Read_PageOfUsualSize_GivesItsContent()
    {
        using var file = new MemoryStream([.. Header(100, 200, 50), .. new byte[20]]);

        ParquetPage page = ParquetPageHeader.Read(file);

        Assert.Equal((200, 10L), (page.UncompressedBytes, page.End - file.Position));
    }

    /// <summary>A header with both a data page's and a dictionary page's part (parquet.thrift, PageHeader): fields 1 to 3, 5 and 7.</summary>
    private static byte[] Header(int values, int uncompressed, int dictionaryValues) =>
    [
        0x15, 0, 0x15, .. Varint(uncompressed), 0x15, .. Varint(10), 0x2C, 0x15, .. Varint(values), 0x15, 0, 0x15, 6, 0x15, 6, 0, 0x2C, 0x15, .. Varint(
            dictionaryValues), 0x15, 0, 0, 0,
    ];

    private static byte[] Varint(long value)
    {
        ulong zigzag = ((ulong)value << 1) ^ (ulong)(value >> 63);
        var bytes = new List<byte>();
        for (; zigzag > 127; zigzag >>= 7) { bytes.Add((byte)(zigzag | 0x80)); }
        return [.. bytes, (byte)zigzag];
    }
}
