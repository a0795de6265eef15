using System.Net;

namespace LaionStream.Engine.Download.Dns;

/// <summary>The result of looking up a name.</summary>
/// <param name="Status">How the look-up ended.</param>
/// <param name="Addresses">In the order to try them; empty unless found.</param>
internal sealed record DnsAnswer(DnsStatus Status, IPAddress[] Addresses)
{
    /// <summary>The name does not exist.</summary>
    public static DnsAnswer NoSuchName { get; } = new(DnsStatus.NoSuchName, []);

    /// <summary>No resolver answered.</summary>
    public static DnsAnswer Failed { get; } = new(DnsStatus.Failed, []);

    /// <summary>No resolver could be asked: no socket was available.</summary>
    public static DnsAnswer NoHandle { get; } = new(DnsStatus.NoHandle, []);

    /// <summary>The name has these addresses.</summary>
    public static DnsAnswer Found(params IPAddress[] addresses) => new(DnsStatus.Found, addresses);
}
