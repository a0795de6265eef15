namespace LaionStream.Dataset.Summary;

/// <summary>
/// The download module's part of <c>summary.json</c>: one session's numbers, for reports. Nothing here takes part in the accounting of links.
/// </summary>
public sealed record DownloadReport
{
    /// <summary>Pictures fetched.</summary>
    public required long Fetched { get; init; }

    /// <summary>Share of rows fetched among those that ended in the download stage, 0..1.</summary>
    public required double SuccessRate { get; init; }

    /// <summary>Bytes of the pictures, after content decoding.</summary>
    public required long Bytes { get; init; }

    /// <summary>Rows dropped, by reason.</summary>
    public required IReadOnlyDictionary<string, long> Dropped { get; init; }

    /// <summary>Rows dropped as <c>http_status</c>, by status.</summary>
    public required IReadOnlyDictionary<int, long> Statuses { get; init; }

    /// <summary>Hosts with most dropped rows, most first; a bounded count, so numbers may be a little high.</summary>
    public required IReadOnlyList<HostCount> FailingHosts { get; init; }

    /// <summary>Hosts with most fetched rows, most first; counted likewise.</summary>
    public required IReadOnlyList<HostCount> BusiestHosts { get; init; }

    /// <summary>Times of fetched rows.</summary>
    public required LatencyReport Latency { get; init; }

    /// <summary>Requests sent, redirects and further attempts included.</summary>
    public required long Requests { get; init; }

    /// <summary>Further attempts.</summary>
    public required long Retries { get; init; }

    /// <summary>Redirects followed.</summary>
    public required long Redirects { get; init; }

    /// <summary>Connections opened.</summary>
    public required long Connections { get; init; }

    /// <summary>Idle connections closed to stay below <c>MaxIdle</c> or the handles there are.</summary>
    public long IdleClosed { get; init; }

    /// <summary>Connections that had to wait for a handle or a port.</summary>
    public long HandleShortages { get; init; }

    /// <summary>The most handles that the process had open at once, looked at every few seconds; 0 where the system does not tell.</summary>
    public int HandlesPeak { get; init; }

    /// <summary>Share of requests that used a connection again, 0..1.</summary>
    public required double ConnectionReuse { get; init; }

    /// <summary>Names looked up.</summary>
    public required long DnsLookups { get; init; }

    /// <summary>Questions sent to resolvers.</summary>
    public required long DnsQueries { get; init; }

    /// <summary>Share of look-ups answered without a query of their own, 0..1.</summary>
    public required double DnsHitRate { get; init; }
}
