using System.Buffers.Binary;

namespace LaionStream.Engine.Tests.Inputs.Inflating;

/// <summary>Headers, trailers and what follows a member.</summary>
public sealed class GzipHeaderTests
{
    private static readonly byte[] Content = Packings.Text(700);
    private static readonly byte[] Plain = Packings.Pack(Content, "optimal");

    [Fact]
    public void Read_AnyFlags_InAnyPieces_IsWhatWasPacked()
    {
        for (int flags = 0; flags < 32; flags++)
        {
            byte[] file = [.. Member((byte)flags), .. Member((byte)(31 - flags))];
            Assert.Equal([.. Content, .. Content], Gunzip.Theirs(file).Content);
            foreach (int slice in (int[])[1, 2, 5, 8192])
            {
                Gunzip read = Gunzip.Ours(new Slices(file, [slice]));
                Assert.False(read.IsDamaged);
                Assert.Equal([.. Content, .. Content], read.Content);
            }
        }
    }

    [Fact]
    public void Read_AnyByteOfAHeaderChanged_IsJudgedAsGZipStreamDoes()
    {
        byte[] file = Member(2 + 4 + 8 + 16);
        int header = file.Length - Plain.Length + 10;
        int damaged = 0;
        for (int at = 0; at < header; at++)
        {
            foreach (int change in (int[])[1, 2, 4, 8, 16, 32, 64, 128, 255])
            {
                byte[] changed = [.. file];
                changed[at] ^= (byte)change;
                damaged += AssertAlike(changed) ? 1 : 0;
            }
        }

        Assert.InRange(damaged, header * 8, header * 9);
    }

    [Fact]
    public void Read_AnyByteOfATrailerChanged_IsDamage()
    {
        for (int at = Plain.Length - 8; at < Plain.Length; at++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] changed = [.. Plain];
                changed[at] ^= (byte)(1 << bit);
                Assert.True(Gunzip.Ours(changed).IsDamaged, $"{at}");
                Assert.True(Gunzip.Ours(new Slices(changed, [1])).IsDamaged, $"{at}");
            }
        }
    }

    [Theory]
    [InlineData("stored")]
    [InlineData("optimal")]
    [InlineData("fixed")]
    public void Read_CutAnywhere_IsDamage_AfterTheBytesBefore(string way)
    {
        byte[] first = Packings.Pack(Content, way);
        byte[] file = [.. first, .. first];
        for (int length = 1; length < file.Length; length++)
        {
            byte[] cut = file[..length];
            Assert.Equal(length != first.Length, AssertAlike(cut));
            Gunzip read = Gunzip.Ours(new Slices(cut, [3]), 50);
            Assert.Equal(length != first.Length, read.IsDamaged);
        }
    }

    [Fact]
    public void Read_Nothing_IsNoDamage() => Assert.False(AssertAlike([]));

    [Theory]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0x1F })]
    [InlineData(new byte[] { 0x1F, 0x8B })]
    [InlineData(new byte[] { 0x1F, 0 })]
    [InlineData(new byte[] { 0x1F, 0x8B, 0 })]
    [InlineData(new byte[] { 0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0, 7 })]
    [InlineData(new byte[] { 0x8B, 0x1F })]
    public void Read_BytesAfterAMember_AreJudgedAsGZipStreamDoes(byte[] rest)
    {
        AssertAlike([.. Plain, .. rest]);
        AssertAlike([.. Plain, .. Plain, .. rest, .. Plain]);
    }

    [Fact]
    public void Read_EmptyMembers_AreNothing()
    {
        byte[] empty = Packings.Pack([], "optimal");

        Assert.Equal([.. Content, .. Content], Gunzip.Ours([.. empty, .. Plain, .. empty, .. empty, .. Plain, .. empty]).Content);
    }

    private static bool AssertAlike(byte[] file)
    {
        (Gunzip theirs, Gunzip ours) = (Gunzip.Theirs(file), Gunzip.Ours(file));
        Assert.Equal(theirs.IsDamaged, ours.IsDamaged);
        int same = Math.Min(theirs.Content.Length, ours.Content.Length);
        Assert.Equal(theirs.Content[..same], ours.Content[..same]);
        Assert.True(ours.IsDamaged || theirs.Content.Length == ours.Content.Length);
        return ours.IsDamaged;
    }

    /// <summary>A member with those of the optional fields of RFC 1952: header checksum 2, extra 4, name 8, comment 16.</summary>
    private static byte[] Member(byte flags)
    {
        byte[] header =
        [
            .. Plain[..3], flags, .. Plain[4..10],
            .. (byte[])((flags & 4) != 0 ? [5, 0, 1, 2, 3, 0, 5] : []),
            .. (byte[])((flags & 8) != 0 ? [.. "name\0"u8] : []),
            .. (byte[])((flags & 16) != 0 ? [.. "a comment\0"u8] : []),
        ];
        byte[] crc = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(crc, Crc32SumTests.BitByBit(header));
        return [.. header, .. (flags & 2) != 0 ? crc[..2] : [], .. Plain[10..]];
    }
}
