using System.Text;
using LaionStream.Dataset.History;
using LaionStream.Report.Charts;

namespace LaionStream.Report.Page;

/// <summary>The course of a run: rates, drop reasons, memory and processor, and how full the stages were.</summary>
internal static class HistorySections
{
    private const int MostReasons = 7;
    private const int FewestPoints = 4; // of a shorter run its averages say more

    /// <summary>Writes the sections; nothing when there is hardly any history.</summary>
    public static void Write(StringBuilder page, IReadOnlyList<HistoryPoint> history)
    {
        if (history.Count < FewestPoints) { return; }

        Section.Open(page, "Rates", "Per second, between the points of the history. A gap separates two sessions.");
        TimeChart.WriteLines(page, [Rate("links", history, p => p.Links), Rate("pictures fetched", history, p => p.Fetched), Rate("rows kept", history, p => p.Kept)], Markup.Short);
        Section.Close(page);

        Section.Open(page, "Bandwidth", "Bytes of pictures fetched per second.");
        TimeChart.WriteLines(page, [Rate("pictures", history, p => p.Bytes)], Markup.Bytes);
        Section.Close(page);

        Section.Open(page, "Drop reasons over time", "Shares of the links dropped between two points.");
        TimeChart.WriteShares(page, Reasons(history));
        Section.Close(page);

        Section.Open(page, "Time of a fetch", "Median and 99th percentile of the session so far, in milliseconds.");
        TimeChart.WriteLines(page, [Value("p50", history, p => p.LatencyP50), Value("p99", history, p => p.LatencyP99)], value => Markup.Short(value) + " ms");
        Section.Close(page);

        Section.Open(page, "Memory");
        TimeChart.WriteLines(page, [Value("of the process", history, p => p.MemoryBytes)], Markup.Bytes);
        Section.Close(page);

        Section.Open(page, "Processor", "Cores in use.");
        TimeChart.WriteLines(page, [Rate("cores", history, p => p.CpuSeconds)], Markup.Short);
        Section.Close(page);

        WriteStages(page, history);
    }

    /// <summary>A rate per second between points of one session.</summary>
    internal static TimeLine Rate(string name, IReadOnlyList<HistoryPoint> history, Func<HistoryPoint, double> count)
    {
        var points = new List<(DateTimeOffset, double)>();
        for (int i = 0; i < history.Count; i++)
        {
            bool isFirst = i == 0 || history[i].Session != history[i - 1].Session;
            double seconds = isFirst ? 0 : (history[i].At - history[i - 1].At).TotalSeconds;
            points.Add((history[i].At, seconds > 0 ? Math.Max(0, count(history[i]) - count(history[i - 1])) / seconds : double.NaN));
        }

        return new TimeLine(name, points);
    }

    private static TimeLine Value(string name, IReadOnlyList<HistoryPoint> history, Func<HistoryPoint, double> value) =>
        new(name, [.. history.Select((point, i) => (point.At, i > 0 && point.Session != history[i - 1].Session ? double.NaN : value(point)))]);

    private static List<TimeLine> Reasons(IReadOnlyList<HistoryPoint> history)
    {
        string[] top = [.. history[^1].Dropped.OrderByDescending(pair => pair.Value).Take(MostReasons).Select(pair => pair.Key)];
        List<TimeLine> lines = [.. top.Select(reason => Rate(reason, history, point => point.Dropped.GetValueOrDefault(reason)))];
        if (history[^1].Dropped.Count > top.Length)
        {
            lines.Add(Rate("others", history, point => point.Dropped.Where(pair => !top.Contains(pair.Key)).Sum(pair => pair.Value)));
        }

        return lines;
    }

    private static void WriteStages(StringBuilder page, IReadOnlyList<HistoryPoint> history)
    {
        Section.Open(page, "What limited the run", "Share of the recorded points at which a stage was the last full one before one that was not; input: nothing was full.");
        BarList.Write(page,
            [.. history.Where(point => point.Bottleneck.Length > 0).GroupBy(point => point.Bottleneck).Select(group => (group.Key, (long)group.Count())).OrderByDescending(bar => bar.Item2)],
            history.Count, "b");
        Section.Close(page);
    }
}
