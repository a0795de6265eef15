using LaionStream.Dataset.Parquet;

namespace LaionStream.Dataset.Tests.Parquet;

/// <summary>Footers in Thrift's compact protocol, written by hand. The package reads for minutes, or beyond their end, those that are refused here.</summary>
public sealed class ParquetFooterTests
{
    private static readonly byte[] Version = [0x15, 2];

    public static TheoryData<byte[]> Damaged { get; } =
    [
        [.. Version, 0xA9, 0xF1, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0],
        [.. Version, 0xAC, 0x19, 0xF2, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0, 0],
        [.. Version, 0x19, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, 0],
        [.. Version, 0x19, 0xF5, 0x7F, 0],
        [.. Version, 0x15, 2, 0],
        [.. Version, 0x58, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0],
        [.. Version, .. Enumerable.Repeat((byte)0xAC, 100)],
        Version,
        [0x15, 0x80],
        [],
    ];

    [Theory]
    [MemberData(nameof(Damaged))]
    public void Check_ListsAndLengthsBeyondTheFooter_AreRefused(byte[] footer) => Assert.Throws<InvalidDataException>(() => ParquetFooter.Check(footer));

    [Theory]
    [InlineData(100u)]
    [InlineData(0x7FFFFFF0u)]
    [InlineData(uint.MaxValue)]
    public async Task Check_FooterLongerThanItsFile_IsRefused(uint length)
    {
        using var file = new MemoryStream([.. "PAR1"u8, .. Version, 0, .. BitConverter.GetBytes(length), .. "PAR1"u8]);

        await Assert.ThrowsAsync<InvalidDataException>(async () => await ParquetFooter.CheckAsync(file, CancellationToken.None));
    }

    [Fact]
    public async Task Check_FooterOfGigabytes_IsRefusedBeforeItIsRead()
    {
        string path = Path.GetTempFileName();
        try
        {
            using FileStream file = File.Open(path, FileMode.Open);
            file.SetLength(1L << 31); // sparse
            file.Position = file.Length;
            file.Write([.. BitConverter.GetBytes(1u << 30), .. "PAR1"u8]);

            InvalidDataException e = await Assert.ThrowsAsync<InvalidDataException>(async () => await ParquetFooter.CheckAsync(file, CancellationToken.None));

            Assert.Contains("footer is longer", e.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Check_SoundFooter_Passes() =>
        ParquetFooter.Check([.. Version, 0x19, 0x1C, 0x48, 1, (byte)'a', 0, 0x16, 10, 0x19, 0x0C, 0x28, 1, (byte)'b', 0x59, 0x1C, 0x21, 0, 0]);
}
