using System.Runtime.CompilerServices;
using System.Text;
using LaionStream.Text.Unicode;

namespace LaionStream.Text.Idna;

/// <summary>Unicode ToASCII (UTS 46, non-transitional, with CheckBidi and CheckJoiners) for domains that are not ASCII, as the URL Standard calls it.</summary>
internal static class DomainToAscii
{
    /// <summary>
    /// Four times the length that a name may have. Sorting marks and Punycode take time quadratic in a domain's length, so longer ones are refused unread.
    /// </summary>
    private const int MaxLength = 1024;

    /// <summary>Appends a domain in ASCII; the caller checks it for forbidden code points.</summary>
    /// <param name="domain">The domain, percent-decoded.</param>
    /// <param name="output">Receives the domain.</param>
    [SkipLocalsInit]
    public static bool TryAppend(scoped ReadOnlySpan<char> domain, ref UrlBuffer output)
    {
        if (domain.Length > MaxLength)
        {
            return false;
        }

        var mapped = new CodePointBuffer(stackalloc int[128]);
        var normalised = new CodePointBuffer(stackalloc int[128]);
        try
        {
            Map(domain, ref mapped);
            IdnaCanonicalTables.Normalize(mapped.Items, ref normalised);
            return TryAppendLabels(normalised.Items, ref output);
        }
        finally
        {
            mapped.Dispose();
            normalised.Dispose();
        }
    }

    private static void Map(scoped ReadOnlySpan<char> domain, ref CodePointBuffer mapped)
    {
        IdnaTable table = IdnaTable.Instance;
        foreach (Rune rune in domain.EnumerateRunes())
        {
            switch (table[rune.Value].Status)
            {
                case IdnaStatus.Mapped:
                    mapped.Add(table.Mappings[rune.Value]);
                    break;
                case IdnaStatus.Ignored:
                    break;
                default:
                    mapped.Add(rune.Value); // a disallowed code point is refused with its label
                    break;
            }
        }
    }

    private static bool TryAppendLabels(scoped ReadOnlySpan<int> domain, ref UrlBuffer output)
    {
        bool isBidi = IsBidiDomain(domain);
        while (true)
        {
            int dot = domain.IndexOf('.');
            if (!TryAppendLabel(dot < 0 ? domain : domain[..dot], isBidi, ref output))
            {
                return false;
            }

            if (dot < 0)
            {
                return true;
            }

            output.Append('.');
            domain = domain[(dot + 1)..];
        }
    }

    private static bool IsBidiDomain(ReadOnlySpan<int> domain)
    {
        if (LabelRules.HasRightToLeft(domain))
        {
            return true;
        }

        foreach (Range label in domain.Split('.'))
        {
            if (IsEncoded(domain[label]) && HidesRightToLeft(domain[label]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HidesRightToLeft(ReadOnlySpan<int> label)
    {
        var decoded = new CodePointBuffer(stackalloc int[64]);
        try
        {
            return Punycode.TryDecode(label[4..], ref decoded) && LabelRules.HasRightToLeft(decoded.Items);
        }
        finally
        {
            decoded.Dispose();
        }
    }

    private static bool TryAppendLabel(scoped ReadOnlySpan<int> label, bool isBidi, ref UrlBuffer output)
    {
        if (IsEncoded(label))
        {
            // A label that was encoded already is validated in its decoded form, and is written as it was.
            return IsValidEncoded(label, isBidi) && AppendAscii(label, ref output);
        }

        if (!LabelRules.IsValid(label, isBidi))
        {
            return false;
        }

        if (!label.ContainsAnyExceptInRange(0, 127))
        {
            return AppendAscii(label, ref output);
        }

        output.Append("xn--");
        Punycode.Encode(label, ref output);
        return true;
    }

    private static bool IsEncoded(ReadOnlySpan<int> label) => label is ['x', 'n', '-', '-', ..];

    private static bool IsValidEncoded(scoped ReadOnlySpan<int> label, bool isBidi)
    {
        var decoded = new CodePointBuffer(stackalloc int[64]);
        var normalised = new CodePointBuffer(stackalloc int[64]);
        try
        {
            if (label.ContainsAnyExceptInRange(0, 127) || !Punycode.TryDecode(label[4..], ref decoded)
                || !decoded.Items.ContainsAnyExceptInRange(0, 127))
            {
                return false;
            }

            IdnaCanonicalTables.Normalize(decoded.Items, ref normalised);
            return normalised.Items.SequenceEqual(decoded.Items) && LabelRules.IsValid(decoded.Items, isBidi);
        }
        finally
        {
            decoded.Dispose();
            normalised.Dispose();
        }
    }

    private static bool AppendAscii(scoped ReadOnlySpan<int> label, ref UrlBuffer output)
    {
        foreach (int codePoint in label)
        {
            output.Append((char)codePoint);
        }

        return true;
    }
}
