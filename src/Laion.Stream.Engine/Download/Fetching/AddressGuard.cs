using System.Net;
using System.Net.Sockets;
using LaionStream.Text.Unicode;
using LaionStream.Text.Urls;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>
/// Decides which addresses may be connected to: public ones only. Refuses everything that is not global unicast, and every block of the IANA special-purpose
/// registries
/// (https://www.iana.org/assignments/iana-ipv4-special-registry, …/iana-ipv6-special-registry), globally reachable or not, because they host no pictures.
/// </summary>
/// <param name="allowPrivate">Exceptions, for tests and the demo; an IPv4 network covers the mapped form of its addresses too.</param>
internal sealed class AddressGuard(IReadOnlyList<IPNetwork> allowPrivate)
{
    private static readonly IPNetwork[] BlockedIpv4 = Networks(
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24",
        "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
        "168.63.129.16/32"); // the last one is Azure's host service, whose address merely looks public

    // Within 2000::/3. 2001::/23 holds Teredo, benchmarking, ORCHID and the other protocol assignments.
    private static readonly IPNetwork[] BlockedIpv6 = Networks("2001::/23", "2001:db8::/32", "3fff::/20", "2620:4f:8000::/48");

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    /// <summary>Names that never resolve to public hosts: RFC 6761, RFC 6762 (and its appendix G), RFC 7686, RFC 8375, ICANN's private-use name.</summary>
    private static readonly string[] ReservedNames =
        ["localhost", "localdomain", "local", "internal", "intranet", "private", "corp", "home", "lan", "home.arpa", "onion"];

    /// <summary>Whether an address may be connected to.</summary>
    public bool IsAllowed(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return IsException(address) || IsPublic(address);
    }

    /// <summary>Those of the addresses that may be connected to, in their order.</summary>
    public IEnumerable<IPAddress> Filter(IEnumerable<IPAddress> addresses) => addresses.Where(IsAllowed);

    /// <summary>Checks a URL's host before any DNS lookup.</summary>
    /// <param name="whatwgHost">As <see cref="WebUrl.Host"/> serialises it.</param>
    /// <returns>The decision for a literal address or a reserved name; null for a name whose addresses decide.</returns>
    public bool? JudgeHost(string whatwgHost)
    {
        if (whatwgHost.Length == 0)
        {
            return false;
        }

        if (whatwgHost[0] == '[' || char.IsAsciiDigit(whatwgHost[^1]))
        {
            ReadOnlySpan<char> literal = whatwgHost[0] == '[' ? whatwgHost.AsSpan()[1..^1] : whatwgHost;
            if (IPAddress.TryParse(literal, out IPAddress? address))
            {
                return IsAllowed(address);
            }
        }

        // An operator who configures exceptions may use reserved names for them: then the addresses decide.
        return IsReserved(whatwgHost) && allowPrivate.Count == 0 ? false : null;
    }

    /// <summary>Checks an address or host in any spelling: with a zone, in brackets, in octal.</summary>
    /// <returns>As <see cref="JudgeHost"/>; false for text that is not a host.</returns>
    public bool? JudgeSpelling(ReadOnlySpan<char> text)
    {
        int zone = text.IndexOf('%');
        ReadOnlySpan<char> literal = zone > 0 && text.Contains(':') ? text[..zone] : text;
        if (literal.Contains(':') && IPAddress.TryParse(literal, out IPAddress? address))
        {
            return IsAllowed(address);
        }

        var host = new UrlBuffer(stackalloc char[256]);
        try
        {
            return !text.IsEmpty && HostParser.TryAppend(text, ref host) ? JudgeHost(host.Written.ToString()) : false;
        }
        finally
        {
            host.Dispose();
        }
    }

    private bool IsException(IPAddress address)
    {
        for (int i = 0; i < allowPrivate.Count; i++)
        {
            if (allowPrivate[i].Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsPublic(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return !IsIn(BlockedIpv4, address);
        }

        Span<byte> bytes = stackalloc byte[16];
        if (!address.TryWriteBytes(bytes, out int written) || written != 16)
        {
            return false;
        }

        if (Nat64.Contains(address))
        {
            return IsPublic(new IPAddress(bytes[12..]));
        }

        if (!GlobalUnicast.Contains(address) || IsIn(BlockedIpv6, address))
        {
            return false;
        }

        // 6to4 embeds an IPv4 address after the prefix, ISATAP (RFC 5214) at the end; a packet may be delivered to that address.
        bool isatap = (bytes[8] & 0xFD) == 0 && bytes[9] == 0 && bytes[10] == 0x5E && bytes[11] == 0xFE;
        return (!SixToFour.Contains(address) || IsPublic(new IPAddress(bytes[2..6]))) && (!isatap || IsPublic(new IPAddress(bytes[12..])));
    }

    private static bool IsReserved(ReadOnlySpan<char> host)
    {
        host = host.TrimEnd('.');
        foreach (string name in ReservedNames)
        {
            if (host.EndsWith(name, StringComparison.Ordinal) && (host.Length == name.Length || host[^(name.Length + 1)] == '.'))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsIn(IPNetwork[] networks, IPAddress address)
    {
        foreach (IPNetwork network in networks)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    private static IPNetwork[] Networks(params string[] prefixes) => [.. prefixes.Select(prefix => IPNetwork.Parse(prefix))];
}
