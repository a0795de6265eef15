using System.Buffers.Binary;

namespace LaionStream.Models.Pictures.Headers;

/// <summary>Reads size and orientation from a TIFF's first directory (TIFF 6.0; BigTIFF is left to the decoder's refusal).</summary>
internal static class TiffHeader
{
    /// <summary>Fills in what the first directory says.</summary>
    public static ImageHeader Read(ReadOnlySpan<byte> body, ImageHeader header)
    {
        bool little = body[0] == (byte)'I';
        if (body.Length < 10 || UInt16(body[2..], little) != 42) { return header; }

        uint directory = UInt32(body[4..], little);
        if (directory > body.Length - 2) { return header; }
        int count = UInt16(body[(int)directory..], little);
        int at = (int)directory + 2;
        for (int i = 0; i < count && at + 12 <= body.Length; i++, at += 12)
        {
            ReadOnlySpan<byte> entry = body.Slice(at, 12);
            uint value = UInt16(entry[2..], little) == 3 ? UInt16(entry[8..], little) : UInt32(entry[8..], little);
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
}
