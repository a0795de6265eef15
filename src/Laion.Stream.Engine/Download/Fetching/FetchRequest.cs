using System.Net;
using LaionStream.Engine.Codings;
using LaionStream.Engine.Download.Connections;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>A request that records how far its own connection got, to determine the reason of a failure.</summary>
internal sealed class FetchRequest : HttpRequestMessage
{
    /// <summary>Creates a GET request, or a HEAD request, with our headers.</summary>
    public FetchRequest(Uri target, string agent, FetchPlan plan, ConnectionLease lease, string? cookies = null)
        : base(plan.HeadersOnly ? HttpMethod.Head : HttpMethod.Get, target)
    {
        Lease = lease;
        // TLS may agree on HTTP/2; plain HTTP stays with 1.1, whose connections carry one request at a time.
        Version = plan.DedicatedConnection ? HttpVersion.Version11 : HttpVersion.Version20;
        VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        Headers.TryAddWithoutValidation("User-Agent", agent);
        Headers.TryAddWithoutValidation("Accept", plan.Accept);
        Headers.TryAddWithoutValidation("Accept-Encoding", ContentCodings.Accepted);
        if (cookies is not null) { Headers.TryAddWithoutValidation("Cookie", cookies); }
    }

    /// <summary>The request's lease in the connection table.</summary>
    public ConnectionLease Lease { get; }

    /// <summary>The connection opened on behalf of this request; null while TCP is not connected.</summary>
    public DialedStream? Dialed { get; set; }
}
