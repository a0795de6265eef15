using System.Net;

namespace LaionStream.Engine.Download.Dns;

/// <summary>What is known of a name.</summary>
/// <param name="Status">How the look-up ended.</param>
/// <param name="Addresses">In the order to try them; empty unless found.</param>
internal sealed record DnsAnswer(DnsStatus Status, IPAddress[] Addresses)
{
    /// <summary>The name does not exist.</summary>
    public static DnsAnswer NoSuchName { get; } = new(DnsStatus.NoSuchName, []);

    /// <summary>No resolver answered.</summary>
    public static DnsAnswer Failed { get; } = new(DnsStatus.Failed, []);

    /// <summary>No resolver could be asked for want of a socket.</summary>
    public static DnsAnswer NoHandle { get; } = new(DnsStatus.NoHandle, []);

    /// <summary>Addresses known.</summary>
    public static DnsAnswer Found(params IPAddress[] addresses) => new(DnsStatus.Found, addresses);
}
