using System.Globalization;
using System.Text;
using LaionStream.Dataset.Summary;
using LaionStream.Report.Charts;

namespace LaionStream.Report.Page;

/// <summary>How fetching went in the last session: times, errors, hosts, connections.</summary>
internal static class DownloadSections
{
    /// <summary>Writes the sections; nothing when nothing was fetched.</summary>
    public static void Write(StringBuilder page, RunSummary summary)
    {
        if (summary.Download is not { } download) { return; }

        Section.Open(page, "Time of a fetch, distribution",
            $"Pictures by time in milliseconds: median {Markup.Short(download.Latency.P50)}, 90 % {Markup.Short(download.Latency.P90)}, 99 % {Markup.Short(download.Latency.P99)}.");
        BarList.Write(page, [.. download.Latency.Histogram.Select(bucket => ("up to " + Markup.Short(bucket.UpToMs) + " ms", bucket.Rows))], download.Fetched);
        Section.Close(page);

        Section.Open(page, "Fetch errors", $"{Markup.Share(download.SuccessRate, 1)} of the rows that reached the download were fetched.");
        BarList.Write(page, [.. download.Dropped.Where(pair => pair.Value > 0).OrderByDescending(pair => pair.Value).Select(pair => (pair.Key, pair.Value))], download.Dropped.Values.Sum(), "e");
        if (download.Statuses.Count > 0)
        {
            page.Line($"<p class=\"note\">HTTP statuses of http_status</p>");
            BarList.Write(page,
                [.. download.Statuses.OrderByDescending(pair => pair.Value).Take(12).Select(pair => (pair.Key.ToString(CultureInfo.InvariantCulture), pair.Value))], download.Statuses.Values.Sum(), "e");
        }

        Section.Close(page);
        WriteHosts(page, "Hosts with the most failures", download.FailingHosts, "e");
        WriteHosts(page, "Hosts with the most pictures", download.BusiestHosts, "f");

        Section.Open(page, "Connections");
        WriteFigures(page,
        [
            ("requests", Markup.Count(download.Requests)), ("retries", Markup.Count(download.Retries)), ("redirects", Markup.Count(download.Redirects)),
            ("connections opened", Markup.Count(download.Connections)), ("requests on a connection used before", Markup.Share(download.ConnectionReuse, 1)),
            ("names looked up", Markup.Count(download.DnsLookups)), ("look-ups without a query", Markup.Share(download.DnsHitRate, 1)),
            ("waits for a handle", Markup.Count(download.HandleShortages)), ("bytes fetched", Markup.Bytes(download.Bytes)),
        ]);
        Section.Close(page);
    }

    /// <summary>A table of names and figures.</summary>
    internal static void WriteFigures(StringBuilder page, IReadOnlyList<(string Name, string Figure)> figures)
    {
        page.Line($"<table>");
        foreach ((string name, string figure) in figures) { page.Line($"<tr><td>{Markup.Text(name)}</td><td class=\"n\">{Markup.Text(figure)}</td></tr>"); }
        page.Line($"</table>");
    }

    private static void WriteHosts(StringBuilder page, string title, IReadOnlyList<HostCount> hosts, string colour)
    {
        if (hosts.Count == 0) { return; }
        Section.Open(page, title);
        BarList.Write(page, [.. hosts.Take(15).Select(host => (host.Host, host.Rows))], 0, colour);
        Section.Close(page);
    }
}
