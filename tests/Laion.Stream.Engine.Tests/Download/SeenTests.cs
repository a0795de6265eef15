using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using LaionStream.Dataset.Summary;
using LaionStream.Engine.Download.Settings;

namespace LaionStream.Engine.Tests.Download;

/// <summary>The module's work is visible in three places: the instruments, the summary, and one log line per minute.</summary>
public sealed class SeenTests
{
    private static readonly string[] Urls =
    [
        .. Enumerable.Range(0, 40).Select(i => $"http://good-{i % 4}.example/{i}.png"), .. Enumerable.Range(0, 8)
            .Select(i => $"http://missing-1.example/{i}.png"),
        "http://cut-1.example/a.png", "http://silent-1.example/a.png", "http://loop-1.example/a.png", "http://good-1.nowhere.example/a.png",
    ];

    private readonly ConcurrentDictionary<string, double> _measured = new(StringComparer.Ordinal);
    private readonly ListedLogs _logs = new();

    [Fact]
    public void Module_RowsOfEveryKind_AreInInstrumentsSummaryAndLog()
    {
        DownloadReport report = Crawl();

        // Success and errors by cause.
        Assert.Equal(40, report.Fetched);
        Assert.Equal(40.0 / Urls.Length, report.SuccessRate, 3);
        Assert.Equal(40, _measured["laion.download.duration fetched"]);
        foreach ((string reason, long count) in report.Dropped) { Assert.Equal(count, _measured[$"laion.download.duration {reason}"]); }
        Assert.Equal(["dns_failed", "http_status", "incomplete_body", "timeout", "too_many_redirects"], report.Dropped.Keys.Order());
        Assert.Equal(8, report.Statuses[404]);

        // By host.
        Assert.Equal(new HostCount("missing-1.example", 8), report.FailingHosts[0]);
        Assert.Equal(4, report.BusiestHosts.Count);

        // Bytes and times.
        Assert.Equal(40 * 20_000, report.Bytes);
        Assert.Equal(report.Bytes, _measured["laion.download.bytes"]);
        Assert.Equal(40, _measured["laion.download.size"]);
        Assert.Equal(40, report.Latency.Histogram.Sum(bucket => bucket.Rows));
        Assert.InRange(report.Latency.P50, 20, 200);
        Assert.InRange(report.Latency.P99, report.Latency.P50, 2_000);

        // Requests, connections, names.
        Assert.Equal(report.Requests, _measured["laion.download.requests"]);
        Assert.Equal(report.Retries, _measured["laion.download.retries"]);
        Assert.Equal(report.Redirects, _measured["laion.download.redirects"]);
        Assert.Equal(report.Connections, _measured["laion.download.connections"]);
        Assert.Equal(report.DnsQueries, _measured["laion.download.dns.queries"]);
        Assert.Equal(report.DnsLookups, _measured.Where(one => one.Key.StartsWith("laion.download.dns.lookups ", StringComparison.Ordinal))
            .Sum(one => one.Value));
        Assert.True(report.Retries > 0 && report.Redirects > 0 && report.DnsQueries > 0);
        foreach (string gauge in (string[])["limit", "active", "stalled", "waiting", "hosts.down"])
        {
            Assert.True(_measured.ContainsKey($"laion.download.{gauge}"), gauge);
        }

        string line = Assert.Single(_logs.Lines, line => line.Contains(" fetched (", StringComparison.Ordinal));
        Assert.Contains("40 fetched", line, StringComparison.Ordinal);
        Assert.Contains("http_status 8", line, StringComparison.Ordinal);
    }

    // Names under nowhere.example are queried, all others are mapped.
    private DownloadReport Crawl()
    {
        var time = new VirtualTime();
        DownloadReport? report = null;
        time.Run(async () =>
        {
            void Configure(DownloadOptions options)
            {
                options.Resolve.Remove("*");
                foreach (string host in Urls.Select(url => new Uri(url).Host).Where(host => !host.EndsWith("nowhere.example", StringComparison.Ordinal)))
                {
                    options.Resolve[host] = "127.0.0.1";
                }
            }

            using ModuleUnderTest module = SimulatedCrawlTests.Module(time, new SimulatedWeb(time, 3), Configure, _logs);
            using MeterListener listener = Listen(module.Meters);
            await RowFeed.RunAsync(module.Module, Urls, 64, time);
            await Task.Delay(TimeSpan.FromMinutes(1.5) - time.GetElapsedTime(0), time);
            listener.RecordObservableInstruments();
            report = module.Module.Summarise().ToReport();
        });
        return report!;
    }

    private MeterListener Listen(IMeterFactory meters)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == "Laion.Stream" && ReferenceEquals(instrument.Meter.Scope, meters)) { self.EnableMeasurementEvents(instrument); }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.Start();
        return listener;
    }

    // Histograms by their number of values, the rest by value.
    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string name = tags.Length == 0 ? instrument.Name : $"{instrument.Name} {tags[0].Value}";
        if (instrument.IsObservable) { _measured[name] = value; }
        else { _measured.AddOrUpdate(name, 1, static (_, count) => count + 1); }
    }
}
