using System.Net;

namespace LaionStream.Engine.Download.Dns;

/// <summary>One resolver's reply to one query.</summary>
/// <param name="Status">Found, no such name, or no usable answer (SERVFAIL, REFUSED, malformed, no reply).</param>
/// <param name="Addresses">The addresses; empty when the name exists but has no address of the type.</param>
/// <param name="Ttl">Smallest TTL of the records that led to the addresses.</param>
internal readonly record struct DnsReply(DnsStatus Status, IPAddress[] Addresses, TimeSpan Ttl)
{
    /// <summary>No usable answer.</summary>
    public static DnsReply Failed => new(DnsStatus.Failed, [], TimeSpan.Zero);

    /// <summary>The question could not be sent: no socket was available.</summary>
    public static DnsReply NoHandle => new(DnsStatus.NoHandle, [], TimeSpan.Zero);

    /// <summary>No reply arrived in time.</summary>
    public static DnsReply NoReply => Failed with { IsNoReply = true };

    /// <summary>Whether nothing arrived: the question or its answer may have been lost.</summary>
    public bool IsNoReply { get; private init; }
}
