using System.Buffers.Binary;

namespace LaionStream.Models.Pictures.Headers;

/// <summary>Reads size and orientation from a TIFF's first directory (TIFF 6.0, and BigTIFF with its offsets of 64 bits).</summary>
internal static class TiffHeader
{
    private const int HeaderBytes = 16; // of a BigTIFF; no complete TIFF is smaller either
    private const ushort Classic = 42;
    private const ushort Big = 43;
    private const ushort Short = 3;
    private const ushort Long8 = 16;

    /// <summary>Sets the fields from the first directory.</summary>
    public static ImageHeader Read(ReadOnlySpan<byte> body, ImageHeader header)
    {
        if (body.Length < HeaderBytes) { return header; }

        bool little = body[0] == (byte)'I';
        return UInt16(body[2..], little) switch
        {
            Classic => ReadDirectory(body, UInt32(body[4..], little), little, isBig: false, header),
            Big => ReadDirectory(body, UInt64(body[8..], little), little, isBig: true, header),
            _ => header,
        };
    }

    private static ImageHeader ReadDirectory(ReadOnlySpan<byte> body, ulong directory, bool little, bool isBig, ImageHeader header)
    {
        (int countBytes, int entryBytes, int valueAt) = isBig ? (8, 20, 12) : (2, 12, 8);
        if (directory > (ulong)(body.Length - countBytes)) { return header; }

        ulong count = isBig ? UInt64(body[(int)directory..], little) : UInt16(body[(int)directory..], little);
        int at = (int)directory + countBytes;
        for (ulong i = 0; i < count && at + entryBytes <= body.Length; i++, at += entryBytes)
        {
            ReadOnlySpan<byte> entry = body.Slice(at, entryBytes);
            ulong value = UInt16(entry[2..], little) switch
            {
                Short => UInt16(entry[valueAt..], little),
                Long8 when isBig => UInt64(entry[valueAt..], little),
                _ => UInt32(entry[valueAt..], little),
            };
            int sane = value > int.MaxValue ? 0 : (int)value;
            header = UInt16(entry, little) switch
            {
                256 => header with { Width = sane },
                257 => header with { Height = sane },
                274 => header with { Orientation = value is >= 1 and <= 8 ? sane : 1 },
                277 => header with { Components = Math.Clamp(sane, 1, 64) },
                _ => header,
            };
        }

        return header;
    }

    private static ushort UInt16(ReadOnlySpan<byte> at, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16BigEndian(at);

    private static uint UInt32(ReadOnlySpan<byte> at, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(at) : BinaryPrimitives.ReadUInt32BigEndian(at);

    private static ulong UInt64(ReadOnlySpan<byte> at, bool little) =>
        little ? BinaryPrimitives.ReadUInt64LittleEndian(at) : BinaryPrimitives.ReadUInt64BigEndian(at);
}
