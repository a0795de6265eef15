using System.Text;
using LaionStream.Dataset.Summary;
using LaionStream.Report.Charts;
using LaionStream.Report.Reading;

namespace LaionStream.Report.Page;

/// <summary>What became of the links: the funnel, the reasons of drops, and who opted out by which signal.</summary>
internal static class OutcomeSections
{
    private static readonly Dictionary<string, string> OptOuts = new(StringComparer.Ordinal)
    {
        ["page_opt_out"] = "the page",
        ["header_opt_out"] = "the picture's HTTP header",
        ["image_opt_out"] = "the picture's own metadata",
        ["robots_txt"] = "robots.txt",
    };

    /// <summary>Writes the sections.</summary>
    public static void Write(StringBuilder page, OutputFacts output)
    {
        RunSummary summary = output.Summary;
        WriteFunnel(page, summary);
        ReportPage.Open(page, "Dropped, by reason", "Shares are of all links. docs/drop-reasons.md defines each reason.");
        BarList.Write(page, [.. Dropped(summary)], summary.Links, "e");
        ReportPage.Close(page);
        WriteOptOuts(page, summary);
    }

    private static void WriteFunnel(StringBuilder page, RunSummary summary)
    {
        long dropped = summary.Dropped.Values.Sum();
        bool balances = summary.Links == summary.Kept + dropped;
        ReportPage.Open(page, "Funnel", "Rows after each stage are those of the last session; links, candidates and kept rows are the output's.");
        List<(string Name, long Count)> bars = [("links", summary.Links), ("candidates", summary.Candidates)];
        bars.AddRange(summary.Stages.Where(stage => !stage.Name.StartsWith("writer", StringComparison.Ordinal)).Select(stage => ("after " + stage.Name, stage.Kept)));
        bars.Add(("kept", summary.Kept));
        bars.AddRange(summary.Sets.OrderByDescending(set => set.Value).Select(set => ("kept in " + set.Key, set.Value)));
        BarList.Write(page, bars, summary.Links);
        page.Line($"<p class=\"{(balances ? "note" : "bad")}\">links = kept + dropped: {summary.Links:N0} = {summary.Kept:N0} + {dropped:N0}{(balances ? "" : ": NOT BALANCED, run verify")}</p>");
        ReportPage.Close(page);
    }

    private static void WriteOptOuts(StringBuilder page, RunSummary summary)
    {
        ReportPage.Open(page, "Opt-outs honoured, by who said so");
        BarList.Write(page,
            [.. OptOuts.Select(signal => (signal.Value, summary.Dropped.GetValueOrDefault(signal.Key))).Where(bar => bar.Item2 > 0).OrderByDescending(bar => bar.Item2)],
            summary.Links, "d");
        ReportPage.Close(page);
    }

    private static IEnumerable<(string Name, long Count)> Dropped(RunSummary summary) => summary.Dropped.Where(pair => pair.Value > 0)
        .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value));
}
