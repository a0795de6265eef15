using LaionStream.Engine.Download.Dns;

namespace LaionStream.Engine.Download;

/// <summary>What tests put in the place of the world.</summary>
internal sealed record DownloadTestHooks
{
    /// <summary>Answers DNS queries; null for real resolvers.</summary>
    public DnsQuery? Dns { get; init; }

    /// <summary>Answers HTTP requests; null for the network.</summary>
    public HttpMessageHandler? Http { get; init; }

    /// <summary>Spreads retries.</summary>
    public Random Jitter { get; init; } = Random.Shared;
}
