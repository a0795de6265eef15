using System.Buffers.Binary;
using System.IO.Compression;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Png;

namespace LaionStream.Models.Tests.Pictures.Png;

/// <summary>PNGs of any colour type with random rows, valid or with one flaw in their zlib stream.</summary>
/// <param name="width">Width in pixels.</param>
/// <param name="height">Height in pixels.</param>
/// <param name="depth">Bits per component.</param>
/// <param name="colour">Colour type.</param>
/// <param name="isInterlaced">Whether its rows are stored in Adam7's passes.</param>
internal sealed class MadePng(int width, int height, byte depth, byte colour, bool isInterlaced)
{
    /// <summary>The flaw of the zlib stream.</summary>
    public enum Flaw
    {
        /// <summary>Nothing.</summary>
        None,

        /// <summary>Its checksum is missing.</summary>
        NoChecksum,

        /// <summary>Half of its checksum is missing.</summary>
        HalfAChecksum,

        /// <summary>Its checksum is wrong.</summary>
        WrongChecksum,

        /// <summary>It ends between two blocks, after the last row.</summary>
        NoLastBlock,

        /// <summary>The length of its last stored block is too large.</summary>
        LastBlockTooShort,

        /// <summary>The file ends after the last row: no checksum of the chunk, no IEND.</summary>
        FileCut,

        /// <summary>The last byte of the last row is missing.</summary>
        RowByteMissing,

        /// <summary>Half of the rows are missing.</summary>
        RowsMissing,

        /// <summary>A bit of the data was changed after the chunk was written.</summary>
        BitFlipped,
    }

    private readonly byte[] _rows = MakeRows(width, height, depth, colour, isInterlaced);

    /// <summary>Whether every row is present.</summary>
    public static bool IsWhole(Flaw flaw) => flaw is not (Flaw.RowByteMissing or Flaw.RowsMissing or Flaw.BitFlipped);

    /// <summary>The file.</summary>
    /// <param name="flaw">The flaw.</param>
    /// <param name="chunkBytes">Length of its IDAT chunks; the last may be shorter.</param>
    public byte[] Write(Flaw flaw, int chunkBytes = int.MaxValue)
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        byte[] head = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(head, width);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), height);
        (head[8], head[9], head[12]) = (depth, colour, isInterlaced ? (byte)1 : (byte)0);
        Put(file, "IHDR"u8, head);
        if (colour == 3) { Put(file, "PLTE"u8, [.. Enumerable.Range(0, 3 << depth).Select(i => (byte)(i * 37))]); }
        byte[] zlib = Zlib(flaw);
        int at = 0;
        foreach (byte[] data in zlib.Chunk(chunkBytes))
        {
            Put(file, "IDAT"u8, data);
            at += data.Length;
            if (flaw == Flaw.BitFlipped && at >= zlib.Length / 2 && at - data.Length < zlib.Length / 2)
            {
                file.GetBuffer()[file.Length - 4 - (data.Length / 2) - 1] ^= 0x10;
            }
        }

        Put(file, "IEND"u8, []);
        return flaw == Flaw.FileCut ? file.ToArray()[..^20] : file.ToArray();
    }

    private byte[] Zlib(Flaw flaw) => flaw switch
    {
        Flaw.NoChecksum => Deflated(_rows)[..^4],
        Flaw.HalfAChecksum => Deflated(_rows)[..^2],
        Flaw.WrongChecksum => [.. Deflated(_rows)[..^4], 1, 2, 3, 4],
        Flaw.NoLastBlock => Flushed(_rows),
        Flaw.LastBlockTooShort => Stored(_rows),
        Flaw.RowByteMissing => Deflated(_rows.AsSpan(0, _rows.Length - 1)),
        Flaw.RowsMissing => Deflated(_rows.AsSpan(0, _rows.Length / 2)),
        _ => Deflated(_rows),
    };

    private static byte[] Deflated(ReadOnlySpan<byte> rows)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) { zlib.Write(rows); }
        return packed.ToArray();
    }

    private static byte[] Flushed(ReadOnlySpan<byte> rows)
    {
        using var packed = new MemoryStream();
        using var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true);
        zlib.Write(rows);
        zlib.Flush();
        return packed.ToArray();
    }

    // Stored blocks of 65,535 bytes each, as small script libraries write them; the last has a length that is too large.
    private static byte[] Stored(byte[] rows)
    {
        byte[][] blocks = [.. rows.Chunk(ushort.MaxValue)];
        return [0x78, 0x01, .. blocks.SelectMany((block, i) => (byte[])[i == blocks.Length - 1 ? (byte)1 : (byte)0, 0xFF, 0xFF, 0, 0, .. block])];
    }

    private static byte[] MakeRows(int width, int height, byte depth, byte colour, bool isInterlaced)
    {
        ImageHeader header = Header(width, height, depth, colour, isInterlaced);
        byte[] rows = new byte[PngRows.BytesOf(header)];
        new Random(width + depth + colour).NextBytes(rows);
        int at = 0;
        foreach ((int columns, int count) in isInterlaced ? Passes(width, height) : [(width, height)])
        {
            int row = 1 + (((columns * header.Components * depth) + 7) / 8);
            for (int y = 0; columns > 0 && y < count; y++, at += row) { rows[at] = (byte)(y % 5); } // every filter
        }

        Assert.Equal(rows.Length, at);
        return rows;
    }

    private static IEnumerable<(int Columns, int Rows)> Passes(int width, int height) =>
    [
        ((width + 7) / 8, (height + 7) / 8), ((width + 3) / 8, (height + 7) / 8), ((width + 3) / 4, (height + 3) / 8), ((width + 1) / 4, (height + 3) / 4),
        ((width + 1) / 2, (height + 1) / 4), (width / 2, (height + 1) / 2), (width, height / 2),
    ];

    private static ImageHeader Header(int width, int height, byte depth, byte colour, bool isInterlaced) => new()
    {
        Width = width,
        Height = height,
        BitsPerComponent = depth,
        Components = colour switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 },
        Buffered = isInterlaced,
    };

    private static void Put(MemoryStream file, ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        byte[] number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(name);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, PngCrc.Of(name, data));
        file.Write(number);
    }
}
