using System.Runtime.CompilerServices;

namespace LaionStream.Text.Languages;

/// <summary>Steps through UTF-8 that is known to be well formed.</summary>
internal static class Utf8Cursor
{
    /// <summary>Length of the character that starts with this byte, 1..4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Length(byte lead) => lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;

    /// <summary>Whether a byte is a continuation byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsContinuation(byte value) => (value & 0xC0) == 0x80;

    /// <summary>The code point at <paramref name="at"/>, and its length in bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Decode(ReadOnlySpan<byte> text, int at, out int length)
    {
        int lead = text[at];
        if (lead < 0x80)
        {
            length = 1;
            return lead;
        }

        if (lead < 0xE0)
        {
            length = 2;
            return ((lead & 0x1F) << 6) | (text[at + 1] & 0x3F);
        }

        if (lead < 0xF0)
        {
            length = 3;
            return ((lead & 0x0F) << 12) | ((text[at + 1] & 0x3F) << 6) | (text[at + 2] & 0x3F);
        }

        length = 4;
        return ((lead & 0x07) << 18) | ((text[at + 1] & 0x3F) << 12) | ((text[at + 2] & 0x3F) << 6) | (text[at + 3] & 0x3F);
    }

    /// <summary>Writes a code point and returns its length in bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Encode(int codePoint, Span<byte> to, int at)
    {
        if (codePoint < 0x80)
        {
            to[at] = (byte)codePoint;
            return 1;
        }

        if (codePoint < 0x800)
        {
            to[at + 1] = (byte)(0x80 | (codePoint & 0x3F));
            to[at] = (byte)(0xC0 | (codePoint >> 6));
            return 2;
        }

        if (codePoint < 0x10000)
        {
            to[at + 2] = (byte)(0x80 | (codePoint & 0x3F));
            to[at + 1] = (byte)(0x80 | ((codePoint >> 6) & 0x3F));
            to[at] = (byte)(0xE0 | (codePoint >> 12));
            return 3;
        }

        to[at + 3] = (byte)(0x80 | (codePoint & 0x3F));
        to[at + 2] = (byte)(0x80 | ((codePoint >> 6) & 0x3F));
        to[at + 1] = (byte)(0x80 | ((codePoint >> 12) & 0x3F));
        to[at] = (byte)(0xF0 | (codePoint >> 18));
        return 4;
    }
}
