using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using LaionStream.Text.Idna;
using LaionStream.Text.Unicode;

namespace LaionStream.Text.Urls;

/// <summary>
/// Which URLs <c>django.core.validators.URLValidator</c> accepts (rules as documented and released with Django 3.2.4 to 4.0, the versions of LAION-5B's time):
/// a host with an alphabetic top-level domain, localhost or an address; no port of one digit; no white space.
/// </summary>
internal static partial class DjangoUrlValidator
{
    // Django's "Unicode letters" are U+00A1 to U+FFFF by code point: here that excludes surrogates, which are halves of characters above.
    private const string Letters = "a-z\u00a1-\ud7ff\ue000-\uffff";
    private const string Octet = "(?:0|25[0-5]|2[0-4][0-9]|1[0-9]?[0-9]?|[1-9][0-9]?)";
    private const string FirstLabel = "[" + Letters + "0-9](?:[" + Letters + "0-9-]{0,61}[" + Letters + "0-9])?";
    private const string MoreLabels = @"(?:\.(?!-)[" + Letters + "0-9-]{1,63}(?<!-))*";
    private const string TopLevel = @"\.(?!-)(?:[" + Letters + @"-]{2,63}|xn--[a-z0-9]{1,59})(?<!-)\.?";

    // Python counts U+001C to U+001F as white space.
    private const string NoSpace = @"\s\x1c-\x1f";
    private const string User = "(?:[^" + NoSpace + ":@/]+(?::[^" + NoSpace + ":@/]*)?@)?";
    private const string Host = "(?:" + Octet + @"(?:\." + Octet + @"){3}|\[[0-9a-f:.]+\]|" + FirstLabel + MoreLabels + TopLevel + "|localhost)";

    /// <summary>The validator's limit for a host; it includes user and port.</summary>
    private const int MaxAuthority = 253;

    private static readonly string[] Schemes = ["http", "https", "ftp", "ftps"];

    /// <summary>Whether a URL's first <c>://</c> follows one of the validator's schemes.</summary>
    public static bool HasScheme(ReadOnlySpan<char> url)
    {
        int end = url.IndexOf(':');
        if (end is < 3 or > 5 || !url[end..].StartsWith("://", StringComparison.Ordinal))
        {
            return false;
        }

        foreach (string scheme in Schemes)
        {
            if (url[..end].Equals(scheme, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the validator accepts a URL.</summary>
    public static bool IsValid(ReadOnlySpan<char> url)
    {
        if (!HasScheme(url) || url.ContainsAny('\t', '\r', '\n'))
        {
            return false;
        }

        ReadOnlySpan<char> authority = PythonUrl.AuthorityOf(url);
        if (!IsSplittable(authority))
        {
            return false;
        }

        if (Pattern().IsMatch(url))
        {
            return authority[0] != '[' || IsIpv6(PythonUrl.HostOf(url));
        }

        // The second attempt has the host in punycode (by UTS 46; Python's codec follows the older IDNA 2003). It accepts more hosts with characters beyond
        // U+FFFF such as emoji, with top-level domains of one letter, and with ideographic full stops.
        return !Ascii.IsValid(authority) && IsValidInPunycode(url, authority);
    }

    /// <summary>
    /// The validator refuses long authorities; Python's urlsplit refuses unpaired brackets, and hosts that compatibility decomposition would end early.
    /// </summary>
    private static bool IsSplittable(ReadOnlySpan<char> authority)
    {
        if (authority.IsEmpty || authority.Length > MaxAuthority || authority.Contains('[') != authority.Contains(']'))
        {
            return false;
        }

        foreach (char c in authority)
        {
            if (c >= 128 && !char.IsSurrogate(c) && IdnaTable.Instance.Mappings[c].ContainsAny("/?#@:"))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsIpv6(ReadOnlySpan<char> text) =>
        IPAddress.TryParse(text, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetworkV6;

    private static bool IsValidInPunycode(ReadOnlySpan<char> url, ReadOnlySpan<char> authority)
    {
        var ascii = new UrlBuffer(stackalloc char[512]);
        try
        {
            int start = url.IndexOf("://", StringComparison.Ordinal) + 3;
            ascii.Append(url[..start]);
            if (!DomainToAscii.TryAppend(authority, ref ascii))
            {
                return false;
            }

            ascii.Append(url[(start + authority.Length)..]);
            return Pattern().IsMatch(ascii.Written);
        }
        finally
        {
            ascii.Dispose();
        }
    }

    [GeneratedRegex("^[a-z0-9.+-]*://" + User + Host + @"(?::[0-9]{2,5})?(?:[/?#][^" + NoSpace + @"]*)?\z", RegexOptions.IgnoreCase
        | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
