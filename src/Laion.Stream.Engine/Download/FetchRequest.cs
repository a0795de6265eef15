using System.Net;

namespace LaionStream.Engine.Download;

/// <summary>A request that knows how far its own connection came, for the reason of a failure.</summary>
internal sealed class FetchRequest : HttpRequestMessage
{
    /// <summary>Makes a GET with our headers.</summary>
    public FetchRequest(Uri target, string agent, string accept) : base(HttpMethod.Get, target)
    {
        Version = HttpVersion.Version20; // TLS may agree on it; plain HTTP stays with 1.1
        VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        Headers.TryAddWithoutValidation("User-Agent", agent);
        Headers.TryAddWithoutValidation("Accept", accept);
    }

    /// <summary>The connection opened on behalf of this request; null while TCP is not connected.</summary>
    public DialedStream? Dialed { get; set; }
}
