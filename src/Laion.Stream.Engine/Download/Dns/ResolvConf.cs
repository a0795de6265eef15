using System.Net;
using LaionStream.Engine.Download.Settings;

namespace LaionStream.Engine.Download.Dns;

/// <summary>The resolvers of a resolv.conf (resolv.conf(5)).</summary>
internal static class ResolvConf
{
    private const int Port = 53;

    /// <summary>The <c>nameserver</c> lines in their order; the loopback address when there are none, as in the C library.</summary>
    public static IPEndPoint[] Parse(IEnumerable<string> lines)
    {
        IPEndPoint[] servers = [.. lines
            .Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length >= 2 && fields[0] == "nameserver" && IPAddress.TryParse(fields[1], out _))
            .Select(fields => new IPEndPoint(IPAddress.Parse(fields[1]), Port))];
        return servers.Length > 0 ? servers : [new IPEndPoint(IPAddress.Loopback, Port)];
    }

    /// <summary>The machine's resolvers.</summary>
    public static IPEndPoint[] Read(string path = "/etc/resolv.conf") => Parse(File.Exists(path) ? File.ReadLines(path) : []);

    /// <summary>The configured resolvers, or the machine's when none is configured.</summary>
    public static IPEndPoint[] From(DnsOptions options) => options.Servers is { Length: > 0 } servers ? [.. servers.Select(Configured)] : Read();

    private static IPEndPoint Configured(string server)
    {
        IPEndPoint endPoint = IPEndPoint.Parse(server);
        return endPoint.Port == 0 ? new IPEndPoint(endPoint.Address, Port) : endPoint;
    }
}
