using System.Globalization;
using System.Net;

namespace LaionStream.Explorer.Settings;

/// <summary>Reads an address to listen on.</summary>
public static class ListenAddress
{
    /// <summary>
    /// Reads <c>8080</c> (this machine only), <c>127.0.0.1:8080</c>, <c>[::1]:8080</c>, <c>0.0.0.0:8080</c> or <c>*:8080</c>; port 0 takes any free one.
    /// </summary>
    /// <returns>Null when it is none of these.</returns>
    public static IPEndPoint? Parse(string listen)
    {
        int colon = listen.LastIndexOf(':');
        if (!ushort.TryParse(listen.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)) { return null; }

        IPAddress? address = (colon < 0 ? "localhost" : listen[..colon]) switch
        {
            "localhost" => IPAddress.Loopback,
            "*" => IPAddress.IPv6Any,
            ['[', .. var inner, ']'] => IPAddress.TryParse(inner, out IPAddress? six) ? six : null,
            var host => !host.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(host, out IPAddress? four) ? four : null,
        };
        return address is null ? null : new IPEndPoint(address, port);
    }
}
