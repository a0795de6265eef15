using System.Globalization;
using System.Net;

namespace LaionStream.Host.Configuration;

/// <summary>What ranges cannot say about <see cref="MetricsOptions"/>. Pure.</summary>
internal static class MetricsOptionsRules
{
    /// <summary>One line per broken rule, starting with the key to change.</summary>
    public static IEnumerable<string> Errors(MetricsOptions options)
    {
        if (options.Listen is { Length: > 0 } listen && !TryEndPoint(listen, out _))
        {
            yield return $"Laion:Metrics:Listen: '{listen}' is neither a port nor address:port, such as 9464, 127.0.0.1:9464, [::1]:9464 or 0.0.0.0:9464.";
        }

        if (options.Otlp is { Length: > 0 } otlp
            && !(Uri.TryCreate(otlp, UriKind.Absolute, out Uri? collector)
                && (collector.Scheme == Uri.UriSchemeHttp || collector.Scheme == Uri.UriSchemeHttps)))
        {
            yield return $"Laion:Metrics:Otlp: '{otlp}' is no http or https address of a collector, such as http://collector:4317.";
        }
    }

    /// <summary>Reads an address to listen on; a port alone means this machine only.</summary>
    public static bool TryEndPoint(string listen, out IPEndPoint endPoint)
    {
        endPoint = new IPEndPoint(IPAddress.Loopback, 0);
        int colon = listen.LastIndexOf(':');
        if (!ushort.TryParse(listen.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)) { return false; }

        string host = colon < 0 ? "localhost" : listen[..colon];
        IPAddress? address = host switch
        {
            "localhost" => IPAddress.Loopback,
            "*" => IPAddress.IPv6Any,
            ['[', .. var inner, ']'] => IPAddress.TryParse(inner, out IPAddress? six) ? six : null,
            _ => !host.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(host, out IPAddress? four) ? four : null,
        };
        if (address is null) { return false; }

        endPoint = new IPEndPoint(address, port);
        return true;
    }
}
