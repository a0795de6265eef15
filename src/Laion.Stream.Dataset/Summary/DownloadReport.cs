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

    /// <summary>Hosts with the most dropped rows, in descending order; counted in bounded memory, so numbers may be slightly high.</summary>
    public required IReadOnlyList<HostCount> FailingHosts { get; init; }

    /// <summary>Hosts with the most fetched rows, in descending order; counted likewise.</summary>
    public required IReadOnlyList<HostCount> BusiestHosts { get; init; }

    /// <summary>Times of fetched rows.</summary>
    public required LatencyReport Latency { get; init; }

    /// <summary>Requests sent, including redirects and retries.</summary>
    public required long Requests { get; init; }

    /// <summary>Retries.</summary>
    public required long Retries { get; init; }

    /// <summary>Redirects followed.</summary>
    public required long Redirects { get; init; }

    /// <summary>Connections opened.</summary>
    public required long Connections { get; init; }

    /// <summary>Idle connections closed to stay below <c>MaxIdle</c> or the number of handles available.</summary>
    public long IdleClosed { get; init; }

    /// <summary>Connections that had to wait for a handle or a port.</summary>
    public long HandleShortages { get; init; }

    /// <summary>Peak number of handles that the process had open, sampled every few seconds; 0 when the system does not report it.</summary>
    public int HandlesPeak { get; init; }

    /// <summary>Share of requests that reused a connection, 0..1.</summary>
    public required double ConnectionReuse { get; init; }

    /// <summary>Host names looked up.</summary>
    public required long DnsLookups { get; init; }

    /// <summary>Queries sent to resolvers.</summary>
    public required long DnsQueries { get; init; }

    /// <summary>Share of look-ups answered without a query of their own, 0..1.</summary>
    public required double DnsHitRate { get; init; }
}
