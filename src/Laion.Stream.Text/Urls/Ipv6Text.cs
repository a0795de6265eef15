using LaionStream.Text.Unicode;

namespace LaionStream.Text.Urls;

/// <summary>The WHATWG IPv6 parser and serialiser.</summary>
internal static class Ipv6Text
{
    /// <summary>Appends an address in brackets, in its canonical form.</summary>
    /// <param name="text">The address without brackets.</param>
    /// <param name="output">Receives the host.</param>
    public static bool TryAppend(scoped ReadOnlySpan<char> text, ref UrlBuffer output)
    {
        Span<ushort> pieces = stackalloc ushort[8];
        if (!TryParse(text, pieces))
        {
            return false;
        }

        output.Append('[');
        Append(pieces, ref output);
        output.Append(']');
        return true;
    }

    /// <summary>Parses an address. https://url.spec.whatwg.org/#concept-ipv6-parser</summary>
    /// <param name="text">The address without brackets; a zone id is refused.</param>
    /// <param name="pieces">The eight pieces, [8].</param>
    public static bool TryParse(ReadOnlySpan<char> text, Span<ushort> pieces)
    {
        pieces.Clear();
        int count = 0, compress = -1, i = 0;
        if (text.StartsWith("::", StringComparison.Ordinal))
        {
            compress = 0;
            i = 2;
        }
        else if (text.StartsWith(":", StringComparison.Ordinal))
        {
            return false;
        }

        while (i < text.Length)
        {
            if (count == 8)
            {
                return false;
            }

            if (text[i] == ':')
            {
                if (compress >= 0)
                {
                    return false;
                }

                i++;
                compress = count;
                continue;
            }

            int start = i, value = 0;
            while (i < text.Length && i - start < 4 && char.IsAsciiHexDigit(text[i]))
            {
                value = (value << 4) | HexValue(text[i++]);
            }

            if (i < text.Length && text[i] == '.')
            {
                if (i == start || count > 6 || !TryParseEmbedded(text[start..], pieces[count..]))
                {
                    return false;
                }

                count += 2;
                break;
            }

            if (i < text.Length && (text[i++] != ':' || i == text.Length))
            {
                return false;
            }

            pieces[count++] = (ushort)value;
        }

        return Expand(pieces, count, compress);
    }

    private static bool Expand(Span<ushort> pieces, int count, int compress)
    {
        if (compress < 0)
        {
            return count == 8;
        }

        Span<ushort> behind = stackalloc ushort[8];
        pieces[compress..count].CopyTo(behind);
        pieces[compress..].Clear();
        behind[..(count - compress)].CopyTo(pieces[(8 - (count - compress))..]);
        return true;
    }

    /// <summary>Reads exactly four decimal octets without leading zeros.</summary>
    private static bool TryParseEmbedded(ReadOnlySpan<char> text, Span<ushort> pieces)
    {
        for (int octet = 0; octet < 4; octet++)
        {
            int dot = text.IndexOf('.');
            ReadOnlySpan<char> digits = octet == 3 ? text : dot < 0 ? default : text[..dot];
            if (digits.Length is 0 or > 3 || digits.ContainsAnyExcept(UrlCharacters.Digits) || (digits.Length > 1 && digits[0] == '0'))
            {
                return false;
            }

            int value = 0;
            foreach (char c in digits)
            {
                value = (value * 10) + (c - '0');
            }

            if (value > 255)
            {
                return false;
            }

            pieces[octet / 2] = (ushort)((pieces[octet / 2] << 8) | value);
            text = text[(dot + 1)..];
        }

        return true;
    }

    private static void Append(scoped ReadOnlySpan<ushort> pieces, ref UrlBuffer output)
    {
        (int skipStart, int skipLength) = LongestZeros(pieces);
        Span<char> digits = stackalloc char[4];
        for (int i = 0; i < 8; i++)
        {
            if (i == skipStart)
            {
                output.Append(i == 0 ? "::" : ":");
                i += skipLength - 1;
                continue;
            }

            pieces[i].TryFormat(digits, out int written, "x", System.Globalization.CultureInfo.InvariantCulture);
            output.Append(digits[..written]);
            if (i < 7)
            {
                output.Append(':');
            }
        }
    }

    /// <summary>The first longest run of at least two zero pieces.</summary>
    private static (int Start, int Length) LongestZeros(ReadOnlySpan<ushort> pieces)
    {
        (int Start, int Length) best = (-1, 1);
        for (int i = 0; i < 8; i++)
        {
            int run = pieces[i..].IndexOfAnyExcept((ushort)0);
            run = run < 0 ? 8 - i : run;
            if (run > best.Length)
            {
                best = (i, run);
            }

            i += run;
        }

        return best;
    }

    private static int HexValue(char digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
