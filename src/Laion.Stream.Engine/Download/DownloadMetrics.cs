using System.Diagnostics.Metrics;
using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Download;

/// <summary>The room's instruments on the meter <c>Laion.Stream</c>. Tags come from closed sets; hosts are in the summary, never here.</summary>
internal sealed class DownloadMetrics
{
    private readonly Histogram<double> _duration;
    private readonly Histogram<long> _size;

    /// <summary>Makes the instruments.</summary>
    public DownloadMetrics(IMeterFactory meters, DownloadModule room)
    {
        Meter meter = meters.Create("Laion.Stream");
        _duration = meter.CreateHistogram<double>("laion.download.duration", "s", "Time of one URL, waits of our own not counted.");
        _size = meter.CreateHistogram<long>("laion.download.size", "By", "Bytes of a fetched picture.");
        meter.CreateObservableCounter("laion.download.bytes", () => room.Statistics.Bytes, "By", "Bytes of fetched pictures.");
        meter.CreateObservableCounter("laion.download.requests", () => room.Statistics.Requests, "{request}", "Requests sent.");
        meter.CreateObservableCounter("laion.download.retries", () => room.Statistics.Retries, "{request}", "Requests sent again after a transient failure.");
        meter.CreateObservableCounter("laion.download.redirects", () => room.Statistics.Redirects, "{redirect}", "Redirects followed.");
        meter.CreateObservableCounter("laion.download.connections", () => room.Connections, "{connection}", "Connections opened.");
        meter.CreateObservableCounter("laion.download.connections.idle_closed", () => room.ConnectionCounters.IdleClosed, "{connection}", "Idle connections closed to stay below a limit.");
        meter.CreateObservableCounter("laion.download.shortages", () => room.ConnectionCounters.Shortages, "{connection}", "Connections that had to wait for a handle or a port.");
        meter.CreateObservableGauge("laion.download.connections.open", () => room.ConnectionCounters.Open, "{connection}", "Connections open, idle ones included.");
        meter.CreateObservableGauge("laion.download.connections.idle", () => room.ConnectionCounters.Idle, "{connection}", "Open connections that no request uses.");
        meter.CreateObservableGauge("laion.process.handles", () => room.Handles.InUse, "{handle}", "Files and sockets that the process has open.");
        meter.CreateObservableCounter("laion.download.dns.lookups", () => Dns(room), "{lookup}", "Name look-ups by result.");
        meter.CreateObservableCounter("laion.download.dns.queries", () => room.DnsCounters.Queries, "{query}", "Questions sent to resolvers.");
        meter.CreateObservableGauge("laion.download.limit", () => room.GateCounters.Limit, "{request}", "Requests allowed at once.");
        meter.CreateObservableGauge("laion.download.active", () => room.GateCounters.Active, "{request}", "Requests under way that hold a slot.");
        meter.CreateObservableGauge("laion.download.stalled", () => room.GateCounters.Stalled, "{request}", "Requests under way that stand still and have given their slot to others.");
        meter.CreateObservableGauge("laion.download.waiting", () => room.GateCounters.Waiting, "{row}", "Rows that wait for a host or a slot.");
        meter.CreateObservableGauge("laion.download.hosts", () => room.GateCounters.Hosts, "{host}", "Hosts remembered.");
        meter.CreateObservableGauge("laion.download.dns.cached", () => room.DnsCounters.Cached, "{name}", "Names remembered.");
        meter.CreateObservableGauge("laion.download.robots.cached", () => room.RobotsCached, "{origin}", "Sites whose robots.txt is remembered.");
        meter.CreateObservableGauge("laion.download.hosts.down", () => room.GateCounters.Down, "{host}", "Hosts left alone after failures.");
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

    private static IEnumerable<Measurement<long>> Dns(DownloadModule room)
    {
        Dns.DnsCounters counts = room.DnsCounters;
        yield return Result(counts.Hits, "hit");
        yield return Result(counts.Coalesced, "coalesced");
        yield return Result(counts.NoSuchName, "no_such_name");
        yield return Result(counts.Failed, "failed");
        yield return Result(Math.Max(0, counts.Lookups - counts.Hits - counts.Coalesced - counts.NoSuchName - counts.Failed), "found");

        static Measurement<long> Result(long value, string result) => new(value, KeyValuePair.Create<string, object?>("result", result));
    }
}
