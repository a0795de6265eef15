using LaionStream.Engine.Download.Dns;
using LaionStream.Engine.Download.Network;

namespace LaionStream.Engine.Download;

/// <summary>What tests substitute for the outside world.</summary>
internal sealed record DownloadTestHooks
{
    /// <summary>Answers DNS queries; null for real resolvers.</summary>
    public DnsQuery? Dns { get; init; }

    /// <summary>Answers HTTP requests; null for the network.</summary>
    public HttpMessageHandler? Http { get; init; }

    /// <summary>Makes what tries to reach the network after an outage; null for real connections.</summary>
    public Func<NetworkWatch, NetworkProbe>? Probe { get; init; }

    /// <summary>Source of the jitter of retries.</summary>
    public Random Jitter { get; init; } = Random.Shared;
}
