using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace LaionStream.Demo;

/// <summary>Writes PNGs by hand: ordinary noise, and pictures with many thousand times more pixel bytes than file bytes.</summary>
internal static class HandmadePng
{
    /// <summary>A valid black 1-bit grey PNG; 30,000 × 30,000 pixels take about 110 KB of file and 2.7 GB as RGB.</summary>
    public static byte[] Make(int width, int height)
    {
        int stride = 1 + ((width + 7) / 8);
        return Write(width, height, bitDepth: 1, colourType: 0, stride, static (_, _) => { });
    }

    /// <summary>A valid 8-bit RGB PNG of seeded noise: it does not compress, so its size is about 3 bytes per pixel.</summary>
    public static byte[] Noise(int width, int height)
    {
        var random = new Random(1);
        return Write(width, height, bitDepth: 8, colourType: 2, 1 + (width * 3), (_, row) => random.NextBytes(row.AsSpan(1)));
    }

    private static byte[] Write(int width, int height, byte bitDepth, byte colourType, int stride, Action<int, byte[]> fill)
    {
        var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = bitDepth;
        header[9] = colourType;
        Chunk(file, "IHDR", header);

        var pixels = new MemoryStream();
        using (var zlib = new ZLibStream(pixels, CompressionLevel.Optimal, leaveOpen: true))
        {
            var row = new byte[stride];
            for (int y = 0; y < height; y++)
            {
                fill(y, row);
                zlib.Write(row);
            }
        }

        Chunk(file, "IDAT", pixels.ToArray());
        Chunk(file, "IEND", []);
        return file.ToArray();
    }

    /// <summary>Appends a chunk: length, type, data, CRC.</summary>
    internal static void Chunk(MemoryStream file, string type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);

        byte[] name = Encoding.ASCII.GetBytes(type);
        file.Write(name);
        file.Write(data);

        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, name), data));
        file.Write(number);
    }

    // CRC-32 as in PNG's annex D, bit by bit: it is only run once, over some hundred kilobytes.
    private static uint Crc(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (byte b in data)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++) { crc = (crc >> 1) ^ (0xEDB88320 & (uint)-(int)(crc & 1)); }
        }

        return crc;
    }
}
