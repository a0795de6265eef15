using System.Text;

namespace LaionStream.Models.Pictures.Metadata;

/// <summary>The text of an XMP packet in any of its encodings (XMP specification part 1, 7.1: UTF-8, UTF-16, UTF-32).</summary>
internal static class XmpPacket
{
    private static readonly UTF32Encoding BigEndian32 = new(bigEndian: true, byteOrderMark: false);

    /// <summary>Whether the packet may contain a word in ASCII. A true may be wrong, a false never is.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="word">Its letters.</param>
    public static bool MayContain(ReadOnlySpan<byte> packet, string word)
    {
        Encoding encoding = EncodingOf(packet);
        return packet.IndexOf(encoding.GetBytes(word)) >= 0;
    }

    /// <summary>The packet as text, without a byte order mark and without padding of zeros.</summary>
    public static string TextOf(ReadOnlySpan<byte> packet) => EncodingOf(packet).GetString(packet).Trim('\uFEFF', '\0', ' ', '\t', '\r', '\n');

    /// <summary>Every packet begins with a byte order mark or with an angle bracket.</summary>
    private static Encoding EncodingOf(ReadOnlySpan<byte> packet) => packet switch
    {
        [0x00, 0x00, 0xFE, 0xFF, ..] or [0x00, 0x00, 0x00, (byte)'<', ..] => BigEndian32,
        [0xFF, 0xFE, 0x00, 0x00, ..] or [(byte)'<', 0x00, 0x00, 0x00, ..] => Encoding.UTF32,
        [0xFE, 0xFF, ..] or [0x00, (byte)'<', ..] => Encoding.BigEndianUnicode,
        [0xFF, 0xFE, ..] or [(byte)'<', 0x00, ..] => Encoding.Unicode,
        _ => Encoding.UTF8,
    };
}
