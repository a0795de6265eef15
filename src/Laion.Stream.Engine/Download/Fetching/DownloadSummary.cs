using LaionStream.Dataset.Summary;
using LaionStream.Engine.Download.Connections;
using LaionStream.Engine.Download.Dns;
using LaionStream.Engine.Download.Hosts;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>The download module's figures at one moment, for <c>summary.json</c> and the report.</summary>
internal sealed record DownloadSummary
{
    /// <summary>Pictures fetched.</summary>
    public required long Fetched { get; init; }

    /// <summary>Bytes of these, after content decoding.</summary>
    public required long Bytes { get; init; }

    /// <summary>Requests sent, redirects and further attempts included.</summary>
    public required long Requests { get; init; }

    /// <summary>Further attempts after a failure.</summary>
    public required long Retries { get; init; }

    /// <summary>Redirects followed.</summary>
    public required long Redirects { get; init; }

    /// <summary>Connections opened; requests beyond that number reused one.</summary>
    public required long Connections { get; init; }

    /// <summary>Connections open, idle and closed.</summary>
    public required ConnectionCounters Table { get; init; }

    /// <summary>Highest number of handles that the process had open; 0 when the system does not report it.</summary>
    public required int HandlesPeak { get; init; }

    /// <summary>Rows dropped, by reason.</summary>
    public required IReadOnlyDictionary<string, long> Dropped { get; init; }

    /// <summary>Rows dropped as <c>http_status</c>, by status.</summary>
    public required IReadOnlyDictionary<int, long> Statuses { get; init; }

    /// <summary>Median time of fetched rows; waiting for our own limits does not count.</summary>
    public required TimeSpan LatencyP50 { get; init; }

    /// <summary>90th percentile of that time.</summary>
    public required TimeSpan LatencyP90 { get; init; }

    /// <summary>99th percentile of that time.</summary>
    public required TimeSpan LatencyP99 { get; init; }

    /// <summary>Upper edge and count of each bucket of times.</summary>
    public required IReadOnlyList<KeyValuePair<TimeSpan, long>> Latencies { get; init; }

    /// <summary>Hosts with the most dropped rows; counts may be slightly high.</summary>
    public required IReadOnlyList<KeyValuePair<string, long>> FailingHosts { get; init; }

    /// <summary>Hosts with the most fetched rows; counts may be slightly high.</summary>
    public required IReadOnlyList<KeyValuePair<string, long>> BusiestHosts { get; init; }

    /// <summary>Name resolution.</summary>
    public required DnsCounters Dns { get; init; }

    /// <summary>Slots and waits.</summary>
    public required HostGateCounters Gate { get; init; }

    /// <summary>Share of rows fetched among those that ended here, 0..1.</summary>
    public double SuccessRate => Fetched + Dropped.Values.Sum() is > 0 and long all ? (double)Fetched / all : 0;

    /// <summary>Share of lookups answered without a query of their own, 0..1.</summary>
    public double DnsHitRate => Dns.Lookups > 0 ? (double)(Dns.Hits + Dns.Coalesced) / Dns.Lookups : 0;

    /// <summary>Share of requests that reused a connection, 0..1.</summary>
    public double ConnectionReuse => Requests > 0 ? Math.Max(0, 1 - ((double)Connections / Requests)) : 0;

    /// <summary>The download module's part of <c>summary.json</c>.</summary>
    public DownloadReport ToReport() => new()
    {
        Fetched = Fetched,
        SuccessRate = Share(SuccessRate),
        Bytes = Bytes,
        Dropped = Dropped,
        Statuses = Statuses,
        FailingHosts = [.. FailingHosts.Select(host => new HostCount(host.Key, host.Value))],
        BusiestHosts = [.. BusiestHosts.Select(host => new HostCount(host.Key, host.Value))],
        Latency = new LatencyReport(Ms(LatencyP50), Ms(LatencyP90), Ms(LatencyP99),
            [.. Latencies.Select(bucket => new LatencyBucket(Ms(bucket.Key), bucket.Value))]),
        Requests = Requests,
        Retries = Retries,
        Redirects = Redirects,
        Connections = Connections,
        IdleClosed = Table.IdleClosed,
        HandleShortages = Table.Shortages,
        HandlesPeak = HandlesPeak,
        ConnectionReuse = Share(ConnectionReuse),
        DnsLookups = Dns.Lookups,
        DnsQueries = Dns.Queries,
        DnsHitRate = Share(DnsHitRate),
    };

    private static double Share(double share) => Math.Round(share, 4);

    private static double Ms(TimeSpan time) => Math.Round(time.TotalMilliseconds, 1);
}
