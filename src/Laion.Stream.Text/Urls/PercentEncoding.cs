using System.Buffers;
using System.Text;
using LaionStream.Text.Unicode;

namespace LaionStream.Text.Urls;

/// <summary>Percent-encoding of text as UTF-8, and back.</summary>
internal static class PercentEncoding
{
    private const string HexDigits = "0123456789ABCDEF";

    /// <summary>Appends text, percent-encoding all characters but the plain ones; existing escapes are kept.</summary>
    public static void Append(scoped ReadOnlySpan<char> text, SearchValues<char> plain, ref UrlBuffer output)
    {
        Span<byte> utf8 = stackalloc byte[4];
        while (!text.IsEmpty)
        {
            int run = text.IndexOfAnyExcept(plain);
            if (run < 0)
            {
                output.Append(text);
                return;
            }

            output.Append(text[..run]);
            text = text[run..];
            // A lone surrogate decodes to U+FFFD, as Web IDL's scalar value strings require.
            Rune.DecodeFromUtf16(text, out Rune rune, out int consumed);
            foreach (byte b in utf8[..rune.EncodeToUtf8(utf8)])
            {
                output.Append('%');
                output.Append(HexDigits[b >> 4]);
                output.Append(HexDigits[b & 15]);
            }

            text = text[consumed..];
        }
    }

    /// <summary>Decodes escapes and reads the bytes as UTF-8, invalid bytes as U+FFFD.</summary>
    public static void AppendDecoded(scoped ReadOnlySpan<char> text, ref UrlBuffer output)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        char[] chars = ArrayPool<char>.Shared.Rent(bytes.Length + 1);
        try
        {
            int length = Encoding.UTF8.GetBytes(text, bytes);
            length = DecodeInPlace(bytes.AsSpan(0, length));
            output.Append(chars.AsSpan(0, Encoding.UTF8.GetChars(bytes.AsSpan(0, length), chars)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            ArrayPool<char>.Shared.Return(chars);
        }
    }

    private static int DecodeInPlace(Span<byte> bytes)
    {
        int length = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '%' && i + 2 < bytes.Length && char.IsAsciiHexDigit((char)bytes[i + 1]) && char.IsAsciiHexDigit((char)bytes[i + 2]))
            {
                bytes[length++] = (byte)((HexValue(bytes[i + 1]) << 4) | HexValue(bytes[i + 2]));
                i += 2;
            }
            else
            {
                bytes[length++] = bytes[i];
            }
        }

        return length;
    }

    private static int HexValue(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
