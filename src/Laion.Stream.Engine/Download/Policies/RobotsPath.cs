using System.Buffers;
using System.Text;

namespace LaionStream.Engine.Download.Policies;

/// <summary>
/// The normal form in which patterns and paths are compared (RFC 9309 2.2.2 and 2.2.3): escaped unreserved characters are decoded, characters that a URL must
/// not contain are escaped, hexadecimal digits are upper case. In the query, punctuation that is not a delimiter there is decoded too, so that
/// <c>?u=http://x</c> equals <c>?u=http%3A%2F%2Fx</c>, as in the RFC's table.
/// </summary>
internal static class RobotsPath
{
    private const string Unreserved = "-._~";
    private const string Reserved = ":/?#[]@!$&'()*+,;=";
    private const string LooseInQuery = ":/@!'(),;[]";

    /// <summary>Size of the output buffer that <see cref="Normalise"/> needs for that many bytes.</summary>
    public static int MaxLength(int bytes) => bytes * 3;

    /// <summary>Normalises a pattern, or a path with query.</summary>
    /// <param name="text">Bytes as found.</param>
    /// <param name="isPattern">Whether <c>*</c>, and <c>$</c> at the end, are wildcards; elsewhere they are escaped, so that <c>%2A</c> means a star.</param>
    /// <param name="output">Receives the result.</param>
    /// <returns>Bytes written.</returns>
    public static int Normalise(ReadOnlySpan<byte> text, bool isPattern, Span<byte> output)
    {
        int length = 0;
        bool inQuery = false;
        for (int i = 0; i < text.Length; i++)
        {
            byte b = text[i];
            bool escaped = b == '%' && i + 2 < text.Length && char.IsAsciiHexDigit((char)text[i + 1]) && char.IsAsciiHexDigit((char)text[i + 2]);
            if (escaped)
            {
                b = (byte)((HexValue(text[i + 1]) << 4) | HexValue(text[i + 2]));
                i += 2;
            }

            bool wildcard = isPattern && !escaped && (b == '*' || (b == '$' && i == text.Length - 1));
            if (wildcard || (escaped ? IsUnreserved(b) || (inQuery && IsOneOf(LooseInQuery, b)) : IsUnreserved(b)
                || (b is not ((byte)'*' or (byte)'$') && IsOneOf(Reserved, b))))
            {
                output[length++] = b;
                inQuery |= b == '?' && !escaped;
            }
            else
            {
                output[length++] = (byte)'%';
                output[length++] = (byte)"0123456789ABCDEF"[b >> 4];
                output[length++] = (byte)"0123456789ABCDEF"[b & 15];
            }
        }

        return length;
    }

    /// <summary>Normalises an address's path with query: without a fragment, and with a slash at its begin.</summary>
    /// <param name="pathAndQuery">As found; empty means <c>/</c>.</param>
    /// <param name="output">Receives the result; <see cref="MaxLength"/> of one byte more than the path's in UTF-8.</param>
    /// <returns>Bytes written.</returns>
    public static int NormalisePath(ReadOnlySpan<char> pathAndQuery, Span<byte> output)
    {
        int fragment = pathAndQuery.IndexOf('#');
        pathAndQuery = fragment < 0 ? pathAndQuery : pathAndQuery[..fragment];
        byte[] utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(pathAndQuery.Length) + 1);
        try
        {
            utf8[0] = (byte)'/';
            int start = pathAndQuery.StartsWith("/", StringComparison.Ordinal) ? 0 : 1;
            int end = start + Encoding.UTF8.GetBytes(pathAndQuery, utf8.AsSpan(start));
            return Normalise(utf8.AsSpan(0, end), isPattern: false, output);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(utf8);
        }
    }

    private static bool IsUnreserved(byte b) => char.IsAsciiLetterOrDigit((char)b) || IsOneOf(Unreserved, b);

    private static bool IsOneOf(string characters, byte b) => characters.Contains((char)b);

    private static int HexValue(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
