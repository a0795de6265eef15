using System.Diagnostics.Metrics;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Download;

/// <summary>The download module's instruments on the meter <c>Laion.Stream</c>. Tag values come from closed sets; hosts appear in the summary only.</summary>
internal sealed class DownloadMetrics
{
    private readonly Histogram<double> _duration;
    private readonly Histogram<long> _size;

    /// <summary>Creates the instruments.</summary>
    public DownloadMetrics(IMeterFactory meters, DownloadModule module)
    {
        Meter meter = meters.Create("Laion.Stream");
        _duration = meter.CreateHistogram("laion.download.duration", "s", "Time of one URL; waiting for our own limits does not count.",
            tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = MetricBuckets.Seconds });
        _size = meter.CreateHistogram("laion.download.size", "By", "Bytes of a fetched picture.",
            tags: null, new InstrumentAdvice<long> { HistogramBucketBoundaries = MetricBuckets.Bytes });
        meter.CreateObservableCounter("laion.download.bytes", () => module.Statistics.Bytes, "By", "Bytes of fetched pictures.");
        meter.CreateObservableCounter("laion.download.requests", () => module.Statistics.Requests, "{request}", "Requests sent.");
        meter.CreateObservableCounter("laion.download.retries", () => module.Statistics.Retries, "{request}", "Requests sent again after a transient failure.");
        meter.CreateObservableCounter("laion.download.requests.troubled", () => module.Statistics.RequestsTroubled, "{request}",
            "Requests that broke, got no answer in time, or were answered with 429 or 503.");
        meter.CreateObservableCounter("laion.download.statuses", () => Statuses(module), "{row}", "Rows dropped for their HTTP status, by its first digit.");
        meter.CreateObservableCounter("laion.download.redirects", () => module.Statistics.Redirects, "{redirect}", "Redirects followed.");
        meter.CreateObservableCounter("laion.download.connections", () => module.Connections, "{connection}", "Connections opened.");
        meter.CreateObservableCounter("laion.download.connections.idle_closed", () => module.ConnectionCounters.IdleClosed, "{connection}",
            "Idle connections closed to stay within a limit.");
        meter.CreateObservableCounter("laion.download.shortages", () => module.ConnectionCounters.Shortages, "{connection}",
            "Connections that had to wait for a handle or a port.");
        meter.CreateObservableGauge("laion.download.connections.open", () => module.ConnectionCounters.Open, "{connection}",
            "Connections open, idle ones included.");
        meter.CreateObservableGauge("laion.download.connections.idle", () => module.ConnectionCounters.Idle, "{connection}",
            "Open connections that no request uses.");
        meter.CreateObservableGauge("laion.process.handles", () => module.Handles.InUse, "{handle}", "Files and sockets that the process has open.");
        meter.CreateObservableCounter("laion.download.dns.lookups", () => Dns(module), "{lookup}", "Name lookups by result.");
        meter.CreateObservableCounter("laion.download.dns.queries", () => module.DnsCounters.Queries, "{query}", "Questions sent to resolvers.");
        meter.CreateObservableCounter("laion.download.dns.failovers", () => module.DnsCounters.Failovers, "{query}",
            "Questions sent again, to another resolver or to the only one.");
        meter.CreateObservableGauge("laion.download.network.down", () => module.Network.IsDown ? 1 : 0, "{network}",
            "1 while nothing can be reached and no row starts.");
        meter.CreateObservableCounter("laion.download.network.outages", () => module.Network.Outages, "{outage}", "Times that the network was down.");
        meter.CreateObservableGauge("laion.download.network.waiting", () => module.Network.Waiting, "{row}", "Rows that wait for the network.");
        meter.CreateObservableGauge("laion.download.limit", () => module.GateCounters.Limit, "{request}", "Concurrent requests allowed.");
        meter.CreateObservableGauge("laion.download.active", () => module.GateCounters.Active, "{request}", "Requests in progress that hold a slot.");
        meter.CreateObservableGauge("laion.download.stalled", () => module.GateCounters.Stalled, "{request}",
            "Requests in progress that are stalled and have given their slot to others.");
        meter.CreateObservableGauge("laion.download.waiting", () => module.GateCounters.Waiting, "{row}", "Rows waiting for a host or a slot.");
        meter.CreateObservableGauge("laion.download.hosts", () => module.GateCounters.Hosts, "{host}", "Hosts remembered.");
        meter.CreateObservableGauge("laion.download.dns.cached", () => module.DnsCounters.Cached, "{name}", "Names in the cache.");
        meter.CreateObservableGauge("laion.download.robots.cached", () => module.PoliciesCached, "{origin}", "Files of sites (robots.txt, tdmrep.json) that are cached.");
        meter.CreateObservableGauge("laion.download.hosts.down", () => module.GateCounters.Down, "{host}", "Hosts whose breaker is open.");
    }

    /// <summary>A row was fetched.</summary>
    public void NoteFetched(int bytes, TimeSpan time)
    {
        if (_size.Enabled) { _size.Record(bytes); }
        if (_duration.Enabled) { _duration.Record(time.TotalSeconds, KeyValuePair.Create<string, object?>("reason", "fetched")); }
    }

    /// <summary>A row was dropped.</summary>
    public void NoteDropped(DropReason reason, TimeSpan time)
    {
        if (_duration.Enabled) { _duration.Record(time.TotalSeconds, KeyValuePair.Create<string, object?>("reason", reason.Name())); }
    }

    private static IEnumerable<Measurement<long>> Statuses(DownloadModule module) => module.Statistics.StatusClasses().Select(pair =>
        new Measurement<long>(pair.Value, KeyValuePair.Create<string, object?>("status", pair.Key)));

    private static IEnumerable<Measurement<long>> Dns(DownloadModule module)
    {
        Dns.DnsCounters counts = module.DnsCounters;
        yield return Result(counts.Hits, "hit");
        yield return Result(counts.Coalesced, "coalesced");
        yield return Result(counts.NoSuchName, "no_such_name");
        yield return Result(counts.Failed, "failed");
        yield return Result(Math.Max(0, counts.Lookups - counts.Hits - counts.Coalesced - counts.NoSuchName - counts.Failed), "found");

        static Measurement<long> Result(long value, string result) => new(value, KeyValuePair.Create<string, object?>("result", result));
    }
}
