using System.Buffers.Binary;

namespace LaionStream.Models.Pictures.Headers;

/// <summary>Finds the orientation tag in an EXIF block (a small TIFF: Exif 2.32, tag 0x0112 of IFD0).</summary>
internal static class ExifOrientation
{
    private const ushort OrientationTag = 0x0112;
    private const ushort ShortType = 3;

    /// <summary>1 to 8; 1 when the block is broken or has no orientation.</summary>
    /// <param name="tiff">The block from its byte order mark on.</param>
    public static int Of(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8) { return 1; }
        bool little = tiff[0] == (byte)'I' && tiff[1] == (byte)'I';
        if (!little && !(tiff[0] == (byte)'M' && tiff[1] == (byte)'M')) { return 1; }

        uint directory = ReadUInt32(tiff[4..], little);
        if (directory > tiff.Length - 2) { return 1; }
        int count = ReadUInt16(tiff[(int)directory..], little);
        int at = (int)directory + 2;
        for (int i = 0; i < count && at + 12 <= tiff.Length; i++, at += 12)
        {
            if (ReadUInt16(tiff[at..], little) == OrientationTag)
            {
                int value = ReadUInt16(tiff[(at + 2)..], little) == ShortType ? ReadUInt16(tiff[(at + 8)..], little) : 1;
                return value is >= 1 and <= 8 ? value : 1;
            }
        }

        return 1;
    }

    private static ushort ReadUInt16(ReadOnlySpan<byte> at, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16BigEndian(at);

    private static uint ReadUInt32(ReadOnlySpan<byte> at, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(at) : BinaryPrimitives.ReadUInt32BigEndian(at);
}
