using System.Text;
using LaionStream.Dataset.Summary;
using LaionStream.Report.Charts;
using LaionStream.Report.Reading;

namespace LaionStream.Report.Page;

/// <summary>Several outputs beside each other, such as those of the boxes of one crawl.</summary>
internal static class CompareSections
{
    private const int MostLines = 8;

    /// <summary>Writes the page's content.</summary>
    public static void Write(StringBuilder page, IReadOnlyList<OutputFacts> outputs)
    {
        page.Line($"<p class=\"lead\">{outputs.Count} outputs; totals are sums over them.</p>");
        WriteTotals(page, outputs);
        page.Line($"<div class=\"grid\">");
        WriteTable(page, outputs);
        Section.Open(page, "Dropped, by reason", "Sums over the outputs; shares are of all links.");
        BarList.Write(page, Sum(outputs, output => output.Summary.Dropped), outputs.Sum(output => output.Summary.Links), "e");
        Section.Close(page);
        Section.Open(page, "Kept, by set");
        BarList.Write(page, Sum(outputs, output => output.Summary.Sets), outputs.Sum(output => output.Summary.Links));
        Section.Close(page);
        WriteRates(page, outputs);
        WriteFingerprints(page, outputs);
        page.Line($"</div>");
    }

    private static void WriteTotals(StringBuilder page, IReadOnlyList<OutputFacts> outputs)
    {
        long links = outputs.Sum(output => output.Summary.Links);
        long kept = outputs.Sum(output => output.Summary.Kept);
        Section.WriteFigures(page,
        [
            (Markup.Count(links), "links"),
            (Markup.Count(kept), $"rows kept, {Markup.Share(kept, links)}"),
            ($"{Markup.Count(outputs.Sum(output => output.Summary.Files.Done))} / {Markup.Count(outputs.Sum(output => output.Summary.Files.Known))}", "input files done"),
            ($"{outputs.Count(output => output.Summary.Complete)} / {outputs.Count}", "outputs complete"),
        ]);
    }

    private static void WriteTable(StringBuilder page, IReadOnlyList<OutputFacts> outputs)
    {
        Section.Open(page, "Outputs", isWide: true);
        page.Line($"<div class=\"scroll\"><table><tr><th>output</th><th>state</th><th>share</th><th class=\"n\">files</th><th class=\"n\">links</th><th class=\"n\">kept</th><th class=\"n\">kept of links</th><th class=\"n\">links/s</th><th class=\"n\">fetched</th><th class=\"n\">memory</th></tr>");
        foreach (OutputFacts output in outputs)
        {
            RunSummary summary = output.Summary;
            page.Line($"<tr><td>{Markup.Text(output.Name)}</td><td>{Markup.Text(summary.Run?.State.Replace('_', ' ') ?? "")}</td><td>{Markup.Text(summary.Files.Share)}</td><td class=\"n\">{summary.Files.Done} / {summary.Files.Known}</td><td class=\"n\">{summary.Links:N0}</td><td class=\"n\">{summary.Kept:N0}</td><td class=\"n\">{Markup.Share(summary.Kept, summary.Links)}</td><td class=\"n\">{Markup.Short(summary.Run?.LinksPerSecond ?? 0)}</td><td class=\"n\">{Markup.Share(summary.Download?.SuccessRate ?? 0, 1)}</td><td class=\"n\">{Markup.Bytes(summary.Run?.PeakMemoryBytes ?? 0)}</td></tr>");
        }

        page.Line($"</table></div>");
        Section.Close(page);
    }

    private static void WriteRates(StringBuilder page, IReadOnlyList<OutputFacts> outputs)
    {
        OutputFacts[] shown = [.. outputs.Where(output => output.History.Count > 1).Take(MostLines)];
        if (shown.Length == 0) { return; }

        string? note = outputs.Count > shown.Length ? $"{shown.Length} of {outputs.Count} outputs." : null;
        Section.Open(page, "Links a second", note);
        TimeChart.WriteLines(page, [.. shown.Select(output => HistorySections.Rate(output.Name, output.History, point => point.Links))], Markup.Short);
        Section.Close(page);
        Section.Open(page, "Rows kept a second", note);
        TimeChart.WriteLines(page, [.. shown.Select(output => HistorySections.Rate(output.Name, output.History, point => point.Kept))], Markup.Short);
        Section.Close(page);
    }

    private static void WriteFingerprints(StringBuilder page, IReadOnlyList<OutputFacts> outputs)
    {
        int different = outputs.Select(output => output.Summary.Run?.Fingerprint).Distinct(StringComparer.Ordinal).Count();
        Section.Open(page, "Rules");
        string text = different == 1 ? "All outputs were made by the same rules, thresholds and models." : $"The outputs were made by {different} different sets of rules, thresholds or models.";
        page.Line($"<p class=\"{(different == 1 ? "note" : "bad")}\">{Markup.Text(text)}</p>");
        Section.Close(page);
    }

    private static (string, long)[] Sum(IReadOnlyList<OutputFacts> outputs, Func<OutputFacts, IReadOnlyDictionary<string, long>> counts) =>
        [.. outputs.SelectMany(counts).GroupBy(pair => pair.Key, StringComparer.Ordinal).Select(group => (group.Key, group.Sum(pair => pair.Value)))
            .Where(bar => bar.Item2 > 0).OrderByDescending(bar => bar.Item2).ThenBy(bar => bar.Key, StringComparer.Ordinal)];
}
