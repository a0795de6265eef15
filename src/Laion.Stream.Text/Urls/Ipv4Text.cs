using LaionStream.Text.Unicode;

namespace LaionStream.Text.Urls;

/// <summary>The WHATWG IPv4 parser: decimal, octal and hexadecimal numbers, one to four of them.</summary>
internal static class Ipv4Text
{
    /// <summary>
    /// Whether a domain's last label is a number, so that it is an IPv4 address or invalid. https://url.spec.whatwg.org/#ends-in-a-number-checker
    /// </summary>
    public static bool EndsInNumber(ReadOnlySpan<char> domain)
    {
        if (domain.Length > 1 && domain[^1] == '.')
        {
            domain = domain[..^1];
        }

        ReadOnlySpan<char> last = domain[(domain.LastIndexOf('.') + 1)..];
        return !last.IsEmpty && char.IsAsciiDigit(last[0])
            && (!last.ContainsAnyExcept(UrlCharacters.Digits) || TryParseNumber(last, out _));
    }

    /// <summary>Parses a domain that ends in a number.</summary>
    /// <param name="domain">The domain, lower case.</param>
    /// <param name="address">The address, first octet in the high bits.</param>
    /// <returns>False for more than four parts, parts that are not numbers, and numbers out of range.</returns>
    public static bool TryParse(ReadOnlySpan<char> domain, out uint address)
    {
        address = 0;
        if (domain[^1] == '.')
        {
            domain = domain[..^1];
        }

        for (int part = 0; part < 4; part++)
        {
            int dot = domain.IndexOf('.');
            if (!TryParseNumber(dot < 0 ? domain : domain[..dot], out ulong number))
            {
                return false;
            }

            if (dot < 0)
            {
                // The last number fills all remaining octets.
                address |= (uint)number;
                return number < 1UL << (8 * (4 - part));
            }

            if (number > 255)
            {
                return false;
            }

            address |= (uint)number << (8 * (3 - part));
            domain = domain[(dot + 1)..];
        }

        return false;
    }

    /// <summary>Appends an address in dotted decimal.</summary>
    public static void Append(uint address, ref UrlBuffer output)
    {
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            output.AppendDecimal((address >> shift) & 255);
            if (shift > 0)
            {
                output.Append('.');
            }
        }
    }

    /// <summary>Parses one number; <c>0x</c> and <c>0</c> alone are zero, and what exceeds 32 bits is limited to 2^32.</summary>
    private static bool TryParseNumber(ReadOnlySpan<char> text, out ulong number)
    {
        number = 0;
        if (text.IsEmpty)
        {
            return false;
        }

        uint radix = 10;
        if (text.Length > 1 && text[0] == '0')
        {
            bool hex = text[1] is 'x' or 'X';
            radix = hex ? 16u : 8u;
            text = text[(hex ? 2 : 1)..];
        }

        foreach (char c in text)
        {
            uint digit = char.IsAsciiDigit(c) ? (uint)(c - '0') : char.IsAsciiHexDigit(c) ? (uint)((c | 0x20) - 'a' + 10) : 16;
            if (digit >= radix)
            {
                return false;
            }

            number = Math.Min((number * radix) + digit, 1UL << 32);
        }

        return true;
    }
}
