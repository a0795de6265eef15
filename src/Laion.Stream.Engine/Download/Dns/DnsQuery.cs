using System.Net;

namespace LaionStream.Engine.Download.Dns;

/// <summary>
/// Asks one resolver one question. Ends within the query timeout, and tells failures in the reply, not by exceptions other than cancellation.
/// </summary>
/// <param name="server">The resolver.</param>
/// <param name="name">An ASCII host name.</param>
/// <param name="ipv6">AAAA instead of A.</param>
/// <param name="abort">Ends the wait.</param>
internal delegate Task<DnsReply> DnsQuery(IPEndPoint server, string name, bool ipv6, CancellationToken abort);
