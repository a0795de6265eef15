extern alias perf;

using System.Buffers.Binary;
using perf::LaionStream.Soak.Gpu;

namespace LaionStream.Host.Tests.Perf;

public sealed class FatBinaryTests
{
    [Fact]
    public void KeepOnly_SeveralArchitectures_BlanksTheCodeOfTheOthers()
    {
        byte[] library = [1, 2, 3, .. Container((80, 7), (90, 8)), 4, 5, .. Container((90, 9), (120, 6)), 6];
        byte[] expected = [1, 2, 3, .. Container((80, 0), (90, 8)), 4, 5, .. Container((90, 9), (120, 0)), 6];

        Assert.Equal((48L, 48L), FatBinary.KeepOnly(library, 90));
        Assert.Equal(expected, library);
    }

    [Fact]
    public void KeepOnly_NoCodeOfTheArchitecture_IsAnError() =>
        Assert.Throws<InvalidDataException>(() => FatBinary.KeepOnly((byte[])[.. Container((80, 7))], 90));

    [Fact]
    public void KeepOnly_CutFile_IsAnError() => Assert.Throws<InvalidDataException>(() => FatBinary.KeepOnly(Container((90, 7)).AsSpan()[..^1], 90));

    /// <summary>A fat binary; each entry has 24 bytes of code, all of one value.</summary>
    private static byte[] Container(params (int Architecture, byte Code)[] entries)
    {
        const int Head = 64, Code = 24;
        var bytes = new byte[16 + (entries.Length * (Head + Code))];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, 0xBA55ED50);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(4), 1);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(6), 16);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), bytes.Length - 16);
        for (int i = 0; i < entries.Length; i++)
        {
            Span<byte> entry = bytes.AsSpan(16 + (i * (Head + Code)));
            entry[0] = 2; // code, not PTX
            BinaryPrimitives.WriteInt32LittleEndian(entry[4..], Head);
            BinaryPrimitives.WriteInt64LittleEndian(entry[8..], Code);
            BinaryPrimitives.WriteInt32LittleEndian(entry[28..], entries[i].Architecture);
            entry.Slice(Head, Code).Fill(entries[i].Code);
        }

        return bytes;
    }
}
