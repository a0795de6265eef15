using System.Net;

namespace LaionStream.Engine.Download.Dns;

/// <summary>One resolver's reply to one query.</summary>
/// <param name="Status">Found, or no such name, or a reply that is no answer (SERVFAIL, REFUSED, garbage, silence).</param>
/// <param name="Addresses">The addresses asked for; may be empty for a name that exists without any.</param>
/// <param name="Ttl">Least TTL of the records that led to the addresses.</param>
internal readonly record struct DnsReply(DnsStatus Status, IPAddress[] Addresses, TimeSpan Ttl)
{
    /// <summary>A reply that is no answer.</summary>
    public static DnsReply Failed => new(DnsStatus.Failed, [], TimeSpan.Zero);

    /// <summary>Not asked for want of a socket.</summary>
    public static DnsReply NoHandle => new(DnsStatus.NoHandle, [], TimeSpan.Zero);

    /// <summary>No reply in time.</summary>
    public static DnsReply Silence => Failed with { IsSilence = true };

    /// <summary>Whether nothing came back: the question or its answer may have been lost.</summary>
    public bool IsSilence { get; private init; }
}
