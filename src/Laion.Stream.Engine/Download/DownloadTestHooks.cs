using LaionStream.Engine.Download.Dns;

namespace LaionStream.Engine.Download;

/// <summary>What tests substitute for the outside world.</summary>
internal sealed record DownloadTestHooks
{
    /// <summary>Answers DNS queries; null for real resolvers.</summary>
    public DnsQuery? Dns { get; init; }

    /// <summary>Answers HTTP requests; null for the network.</summary>
    public HttpMessageHandler? Http { get; init; }

    /// <summary>Source of the jitter of retries.</summary>
    public Random Jitter { get; init; } = Random.Shared;
}
