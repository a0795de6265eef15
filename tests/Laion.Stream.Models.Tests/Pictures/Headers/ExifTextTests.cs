using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using LaionStream.Models.Pictures.Headers;

namespace LaionStream.Models.Tests.Pictures.Headers;

public sealed class ExifTextTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void OfBlock_TagsOfAllDirectories_AreNamedAndTyped(bool little)
    {
        string json = ExifText.OfBlock(Block(little))!;

        Assert.Equal(
            "{\"Image Make\":\"Câmera \\\"X\\\"\",\"Image Orientation\":6,\"Image XResolution\":\"300/1\",\"Image Tag 0xEEEE\":[1,2],"
            + "\"EXIF ExposureTime\":\"1/50\",\"EXIF ExifVersion\":\"0232\",\"EXIF ExposureBiasValue\":\"-1/3\",\"EXIF UserComment\":\"hello\","
            + "\"GPS GPSLatitudeRef\":\"N\",\"GPS GPSLatitude\":[\"52/1\",\"31/1\",\"12/10\"]}",
            json);
        using JsonDocument parsed = JsonDocument.Parse(json);
    }

    [Fact]
    public void Of_FilesOfEachFormat_FindTheBlock()
    {
        byte[] block = Block(little: true);
        string expected = ExifText.OfBlock(block)!;
        byte[] app1 = [.. "Exif\0\0"u8, .. block];
        byte[] jpeg = [0xFF, 0xD8, 0xFF, 0xE1, (byte)((app1.Length + 2) >> 8), (byte)(app1.Length + 2), .. app1, 0xFF, 0xD9, 0, 0, 0, 0];
        byte[] png = [.. "\x89PNG\r\n\x1A\n"u8, .. Chunk("IHDR", new byte[13]), .. Chunk("eXIf", block), .. Chunk("IEND", [])];
        png[0] = 0x89;
        byte[] webp = [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPEXIF"u8, .. Little((uint)block.Length), .. block];

        Assert.Equal([expected, expected, expected, null], new[] { jpeg, Signed(png), webp, new byte[100] }.Select(file => ExifText.Of(file)));
    }

    [Fact]
    public void OfBlock_DirectoriesThatPointAtEachOther_End()
    {
        byte[] block = new byte[64];
        "II*\0"u8.CopyTo(block);
        block[4] = 8;
        block[8] = 2; // two entries: EXIF at this directory itself, GPS too
        Entry(block, 10, 0x8769, 4, 1, 8);
        Entry(block, 22, 0x8825, 4, 1, 8);

        string? json = ExifText.OfBlock(block);

        Assert.True(json is null || JsonDocument.Parse(json).RootElement.EnumerateObject().Count() < 10, json);
    }

    [Fact]
    public void OfBlock_AThousandLongTexts_IsBoundedAndJson()
    {
        const int Count = 60_000 / 12;
        byte[] block = new byte[10 + (Count * 12) + 5000];
        "II*\0"u8.CopyTo(block);
        block[4] = 8;
        BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(8), Count);
        for (int i = 0; i < Count; i++) { Entry(block, 10 + (i * 12), (ushort)(0x2000 + i), 2, 5000, (uint)(block.Length - 5000)); }
        block.AsSpan(block.Length - 5000).Fill((byte)'<');

        string json = ExifText.OfBlock(block)!;

        Assert.InRange(json.Length, 1000, 2 * ExifText.MaxLength);
        Assert.All(JsonDocument.Parse(json).RootElement.EnumerateObject(), tag => Assert.Equal(256, tag.Value.GetString()!.Length));
    }

    [Fact]
    public void OfBlock_MutatedBytes_NeverThrowsAndIsJson()
    {
        var random = new Random(5);
        byte[] sound = Block(little: true);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] block = [.. sound[..random.Next(sound.Length + 1)]];
            for (int k = random.Next(6); k > 0 && block.Length > 0; k--) { block[random.Next(block.Length)] = (byte)random.Next(256); }
            if (ExifText.OfBlock(block) is { } json) { using JsonDocument parsed = JsonDocument.Parse(json); }
        }
    }

    private static byte[] Signed(byte[] png) => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, .. png.AsSpan(png.AsSpan().IndexOf("IHDR"u8) - 4)];

    private static byte[] Chunk(string name, byte[] data)
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        return [.. length, .. Encoding.ASCII.GetBytes(name), .. data, 0, 0, 0, 0];
    }

    private static byte[] Little(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static void Entry(byte[] block, int at, ushort tag, ushort type, uint count, uint value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(at), tag);
        BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(at + 2), type);
        BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(at + 4), count);
        BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(at + 8), value);
    }

    private static byte[] Block(bool little)
    {
        var writer = new BlockWriter(little);
        byte[] make = [.. Encoding.UTF8.GetBytes("Câmera \"X\""), 0, (byte)'?'];
        writer.Directory(
            (0x010F, 2, make), (0x0112, 3, writer.Shorts(6)), (0x011A, 5, writer.Longs(300, 1)), (0xEEEE, 3, writer.Shorts(1, 2)),
            (0x8769, 4, writer.Longs(400)), (0x8825, 4, writer.Longs(800)), (0x927C, 7, new byte[20]));
        writer.At(400).Directory(
            (0x829A, 5, writer.Longs(1, 50)), (0x9000, 7, "0232"u8.ToArray()), (0x9204, 10, writer.Longs(unchecked((uint)-1), 3)),
            (0x9286, 7, [.. "ASCII\0\0\0hello"u8]));
        writer.At(800).Directory((1, 2, "N\0"u8.ToArray()), (2, 5, writer.Longs(52, 1, 31, 1, 12, 10)));
        return writer.Bytes;
    }

    private sealed class BlockWriter
    {
        private readonly bool _little;
        private int _at = 8;

        public BlockWriter(bool little)
        {
            _little = little;
            Bytes = new byte[1200];
            Encoding.ASCII.GetBytes(little ? "II" : "MM").CopyTo(Bytes, 0);
            Short(42).CopyTo(Bytes, 2);
            Long(8).CopyTo(Bytes, 4);
        }

        public byte[] Bytes { get; }

        public BlockWriter At(int at)
        {
            _at = at;
            return this;
        }

        public byte[] Shorts(params ushort[] values) => [.. values.SelectMany(Short)];

        public byte[] Longs(params uint[] values) => [.. values.SelectMany(Long)];

        public void Directory(params (ushort Tag, ushort Type, byte[] Value)[] entries)
        {
            int[] sizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];
            Short((ushort)entries.Length).CopyTo(Bytes, _at);
            int rest = _at + 2 + (12 * entries.Length) + 4;
            for (int i = 0; i < entries.Length; i++)
            {
                (ushort tag, ushort type, byte[] value) = entries[i];
                int at = _at + 2 + (12 * i);
                Short(tag).CopyTo(Bytes, at);
                Short(type).CopyTo(Bytes, at + 2);
                Long((uint)(value.Length / sizes[type])).CopyTo(Bytes, at + 4);
                if (value.Length <= 4)
                {
                    value.CopyTo(Bytes, at + 8);
                    continue;
                }

                Long((uint)rest).CopyTo(Bytes, at + 8);
                value.CopyTo(Bytes, rest);
                rest += value.Length;
            }
        }

        private byte[] Short(ushort value) => _little ? [(byte)value, (byte)(value >> 8)] : [(byte)(value >> 8), (byte)value];

        private byte[] Long(uint value)
        {
            byte[] bytes = Little(value);
            if (!_little) { Array.Reverse(bytes); }
            return bytes;
        }
    }
}
