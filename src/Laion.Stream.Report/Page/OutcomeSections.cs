using System.Text;
using LaionStream.Dataset.Summary;
using LaionStream.Report.Charts;
using LaionStream.Report.Reading;

namespace LaionStream.Report.Page;

/// <summary>What became of the links: the funnel, the reasons of drops, and who opted out by which signal.</summary>
internal static class OutcomeSections
{
    /// <summary>Writes the sections.</summary>
    public static void Write(StringBuilder page, OutputFacts output)
    {
        RunSummary summary = output.Summary;
        WriteFunnel(page, summary);
        Section.Open(page, "Dropped, by reason", "Shares are of all links. docs/drop-reasons.md defines each reason.");
        BarList.Write(page, [.. Dropped(summary)], summary.Links, "e");
        Section.Close(page);
        WriteOptOuts(page, summary);
    }

    private static void WriteFunnel(StringBuilder page, RunSummary summary)
    {
        long dropped = summary.Dropped.Values.Sum();
        bool balances = summary.Links == summary.Kept + dropped;
        Section.Open(page, "Funnel", "Rows after each stage are those of the last session; links, candidates and kept rows are the output's.");
        List<(string Name, long Count)> bars = [("links", summary.Links), ("candidates", summary.Candidates)];
        bars.AddRange(summary.Stages.Where(stage => !stage.Name.StartsWith("writer", StringComparison.Ordinal)).Select(stage => ("after " + stage.Name, stage.Kept)));
        bars.Add(("kept", summary.Kept));
        bars.AddRange(summary.Sets.OrderByDescending(set => set.Value).Select(set => ("kept in " + set.Key, set.Value)));
        BarList.Write(page, bars, summary.Links);
        page.Line($"<p class=\"{(balances ? "note" : "bad")}\">links = kept + dropped: {summary.Links:N0} = {summary.Kept:N0} + {dropped:N0}{(balances ? "" : ": NOT BALANCED, run verify")}</p>");
        Section.Close(page);
    }

    /// <summary>Who objected and by which signal, obeyed or not: shows that objections were honoured, and what another switch would cost.</summary>
    private static void WriteOptOuts(StringBuilder page, RunSummary summary)
    {
        Section.Open(page, "Opt-outs, by signal", "Dropped: links of the output that a signal excluded. Not obeyed: rows of the last session that it would have excluded too if its switch had been on.");
        IReadOnlyDictionary<string, OptOutCount> signals = summary.OptOuts;
        if (signals.Count == 0)
        {
            BarList.Write(page, [], 0);
        }
        else
        {
            page.Line($"<div class=\"scroll\"><table><tr><th>signal</th><th class=\"n\">dropped</th><th class=\"n\">not obeyed</th></tr>");
            foreach ((string name, OptOutCount count) in signals.OrderByDescending(pair => pair.Value.Dropped + pair.Value.Seen).ThenBy(pair => pair.Key, StringComparer.Ordinal))
            {
                page.Line($"<tr><td>{Markup.Text(name)}</td><td class=\"n\">{Markup.Count(count.Dropped)}</td><td class=\"n\">{Markup.Count(count.Seen)}</td></tr>");
            }

            page.Line($"</table></div>");
        }

        Section.Close(page);
    }

    private static IEnumerable<(string Name, long Count)> Dropped(RunSummary summary) => summary.Dropped.Where(pair => pair.Value > 0)
        .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value));
}
