using System.Buffers.Binary;
using System.Text;

namespace LaionStream.Models.Pictures.Metadata;

/// <summary>Finds texts in the first directory of an EXIF block (a small TIFF: Exif 2.32).</summary>
internal static class ExifTexts
{
    private const ushort ArtistTag = 0x013B;
    private const ushort CopyrightTag = 0x8298;
    private const ushort AsciiType = 2;
    private const int EntryBytes = 12;

    /// <summary>The copyright notice: the photographer's and the editor's, which a zero byte separates.</summary>
    /// <param name="tiff">The block from its byte order mark on.</param>
    public static string? Copyright(ReadOnlySpan<byte> tiff) => Find(tiff, CopyrightTag)?.Replace("\0", "; ", StringComparison.Ordinal);

    /// <summary>The creator.</summary>
    /// <param name="tiff">The block from its byte order mark on.</param>
    public static string? Artist(ReadOnlySpan<byte> tiff) => Find(tiff, ArtistTag);

    private static string? Find(ReadOnlySpan<byte> tiff, ushort tag)
    {
        if (tiff.Length < 8 || !(tiff.StartsWith("II"u8) || tiff.StartsWith("MM"u8))) { return null; }

        bool little = tiff[0] == (byte)'I';
        long directory = Number32(tiff[4..], little);
        if (directory > tiff.Length - 2) { return null; }

        int count = Number16(tiff[(int)directory..], little);
        for (long at = directory + 2; count > 0 && at + EntryBytes <= tiff.Length; count--, at += EntryBytes)
        {
            ReadOnlySpan<byte> entry = tiff.Slice((int)at, EntryBytes);
            if (Number16(entry, little) == tag && Number16(entry[2..], little) == AsciiType) { return Text(tiff, entry, little); }
        }

        return null;
    }

    private static string? Text(ReadOnlySpan<byte> tiff, ReadOnlySpan<byte> entry, bool little)
    {
        long length = Number32(entry[4..], little);
        long offset = Number32(entry[8..], little);
        ReadOnlySpan<byte> bytes = length <= 4 ? entry.Slice(8, (int)length) : offset + length <= tiff.Length ? tiff.Slice((int)offset, (int)length) : default;
        return bytes.IsEmpty ? null : Encoding.UTF8.GetString(bytes.TrimEnd((byte)0).Trim((byte)' '));
    }

    private static int Number16(ReadOnlySpan<byte> at, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16BigEndian(at);

    private static uint Number32(ReadOnlySpan<byte> at, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(at) : BinaryPrimitives.ReadUInt32BigEndian(at);
}
