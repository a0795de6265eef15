using LaionStream.Engine.Inputs.Inflating;

namespace LaionStream.Engine.Tests.Inputs.Inflating;

public sealed class Crc32SumTests
{
    [Fact]
    public void Add_TheCheckOfTheStandard_IsRight() => Assert.Equal(0xCBF43926, Crc32Sum.Add(0, "123456789"u8));

    [Fact]
    public void Add_AnyLengthAndPlace_IsThatOfEachBit()
    {
        byte[] bytes = new byte[1400];
        new Random(1).NextBytes(bytes);
        for (int length = 0; length < 700; length++)
        {
            ReadOnlySpan<byte> part = bytes.AsSpan(length & 63, length);
            uint expected = BitByBit(part);
            Assert.Equal(expected, Crc32Sum.Add(0, part));
            Assert.Equal(expected, ~Crc32Sum.AddByTable(uint.MaxValue, part));
        }
    }

    [Fact]
    public void Add_InParts_IsThatOfTheWhole()
    {
        byte[] bytes = new byte[5000];
        new Random(2).NextBytes(bytes);
        uint expected = BitByBit(bytes);
        for (int at = 0; at < bytes.Length; at += 77) { Assert.Equal(expected, Crc32Sum.Add(Crc32Sum.Add(0, bytes.AsSpan(0, at)), bytes.AsSpan(at))); }
    }

    /// <summary>The definition.</summary>
    internal static uint BitByBit(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++) { crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1; }
        }

        return ~crc;
    }
}
