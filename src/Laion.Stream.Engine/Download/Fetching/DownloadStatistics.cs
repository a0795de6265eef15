using System.Globalization;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Download.Connections;
using LaionStream.Engine.Download.Dns;
using LaionStream.Engine.Download.Hosts;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>What the download module has done since the run's start, for summaries and reports. Thread-safe.</summary>
internal sealed class DownloadStatistics
{
    private const int HostsHeld = 1024;
    private const int HostsShown = 20;
    private const int Statuses = 1000;

    private readonly long[] _reasons = new long[byte.MaxValue + 1];
    private readonly long[] _statuses = new long[Statuses];
    private readonly TopHosts _failing = new(HostsHeld);
    private readonly TopHosts _busiest = new(HostsHeld);
    private readonly LatencyHistogram _latency = new();
    private long _fetched;
    private long _bytes;
    private long _requests;
    private long _requestsEnded;
    private long _requestsTroubled;
    private long _retries;
    private long _redirects;

    /// <summary>Pictures fetched.</summary>
    public long Fetched => Interlocked.Read(ref _fetched);

    /// <summary>Bytes of these.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Requests sent.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Requests sent again after a failure.</summary>
    public long Retries => Interlocked.Read(ref _retries);

    /// <summary>Redirects followed.</summary>
    public long Redirects => Interlocked.Read(ref _redirects);

    /// <summary>Requests that ended, names that could not be resolved included.</summary>
    public long RequestsEnded => Interlocked.Read(ref _requestsEnded);

    /// <summary>Requests among these that failed because of the host or the network, or were answered with 429 or 503.</summary>
    public long RequestsTroubled => Interlocked.Read(ref _requestsTroubled);

    /// <summary>A request is about to be sent.</summary>
    public void NoteRequest() => Interlocked.Increment(ref _requests);

    /// <summary>A request has ended.</summary>
    /// <param name="troubled">Whether it broke, got no answer in time, or was answered with 429 or 503.</param>
    public void NoteRequestEnd(bool troubled)
    {
        Interlocked.Increment(ref _requestsEnded);
        if (troubled) { Interlocked.Increment(ref _requestsTroubled); }
    }

    /// <summary>A failed attempt is followed by another.</summary>
    public void NoteRetry() => Interlocked.Increment(ref _retries);

    /// <summary>A redirect is followed.</summary>
    public void NoteRedirect() => Interlocked.Increment(ref _redirects);

    /// <summary>A row was fetched.</summary>
    public void NoteFetched(string host, int bytes, TimeSpan time)
    {
        Interlocked.Increment(ref _fetched);
        Interlocked.Add(ref _bytes, bytes);
        _latency.Note(time);
        _busiest.Note(host);
    }

    /// <summary>A row was dropped.</summary>
    public void NoteDropped(string host, DropOutcome outcome)
    {
        Interlocked.Increment(ref _reasons[(int)outcome.Reason]);
        if (outcome.Reason == DropReason.HttpStatus) { Interlocked.Increment(ref _statuses[Math.Clamp(outcome.Detail, 0, Statuses - 1)]); }
        _failing.Note(host);
    }

    /// <summary>Rows dropped for their status, by its first digit (<c>4xx</c>); only digits that occurred.</summary>
    public IEnumerable<KeyValuePair<string, long>> StatusClasses() => Enumerable.Range(0, Statuses).GroupBy(static status => status / 100)
        .Select(group => KeyValuePair.Create(string.Create(CultureInfo.InvariantCulture, $"{group.Key}xx"),
            group.Sum(status => Interlocked.Read(ref _statuses[status]))))
        .Where(static pair => pair.Value > 0);

    /// <summary>All figures so far.</summary>
    /// <param name="connections">Connections opened.</param>
    /// <param name="table">Counts of the connections that are open.</param>
    /// <param name="handlesPeak">Highest number of handles that the process had open.</param>
    /// <param name="dns">Counts of the resolver.</param>
    /// <param name="gate">Counts of the per-host limits.</param>
    public DownloadSummary Summarise(long connections, ConnectionCounters table, int handlesPeak, DnsCounters dns, HostGateCounters gate) => new()
    {
        Fetched = Fetched,
        Bytes = Bytes,
        Requests = Requests,
        Retries = Retries,
        Redirects = Redirects,
        Connections = connections,
        Table = table,
        HandlesPeak = handlesPeak,
        Dropped = DropReasonNames.All.Where(reason => Of(reason) > 0).ToDictionary(reason => reason.Name(), Of),
        Statuses = Enumerable.Range(0, Statuses).Where(status => Interlocked.Read(ref _statuses[status]) > 0)
            .ToDictionary(status => status, status => Interlocked.Read(ref _statuses[status])),
        LatencyP50 = _latency.Percentile(0.5),
        LatencyP90 = _latency.Percentile(0.9),
        LatencyP99 = _latency.Percentile(0.99),
        Latencies = _latency.Filled(),
        FailingHosts = _failing.Top(HostsShown),
        BusiestHosts = _busiest.Top(HostsShown),
        Dns = dns,
        Gate = gate,
    };

    private long Of(DropReason reason) => Interlocked.Read(ref _reasons[(int)reason]);
}
