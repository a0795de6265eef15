using System.Text;
using LaionStream.Dataset.Summary;
using LaionStream.Report.Charts;
using LaionStream.Report.Reading;

namespace LaionStream.Report.Page;

/// <summary>The page of one output, or of several that are compared. One self-contained file: no script, no font, no request.</summary>
internal static class ReportPage
{
    /// <summary>Writes the page.</summary>
    /// <param name="outputs">The outputs; at least one.</param>
    public static string Of(IReadOnlyList<OutputFacts> outputs)
    {
        var page = new StringBuilder();
        string title = string.Join(", ", outputs.Select(output => output.Name));
        page.Line($"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        page.Line($"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">");
        page.Line($"<title>{Markup.Text(title)} · Laion.Stream report</title>\n<style>\n{Style()}</style>\n</head>\n<body>\n<main>");
        page.Line($"<h1>{Markup.Text(title)}</h1>");
        if (outputs.Count == 1) { WriteOne(page, outputs[0]); }
        else { CompareSections.Write(page, outputs); }
        page.Line($"<footer>Made by laion-stream {Markup.Text(outputs[0].Summary.Run?.Version ?? "0.1.0")} from summary.json, state/history.jsonl and the rows.</footer>");
        page.Line($"</main>\n</body>\n</html>");
        return page.ToString();
    }

    /// <summary>One sentence on how a run stands.</summary>
    private static string State(RunSummary summary) => summary.Run switch
    {
        null => $"Written {Markup.Time(summary.WrittenAt)}",
        { State: RunStates.Running } run => $"{summary.Verb}: running since {Markup.Time(run.StartedAt)}, as of {Markup.Time(summary.WrittenAt)}",
        { } run => $"{summary.Verb}: {run.State.Replace('_', ' ')}, {Markup.Time(run.StartedAt)} to {Markup.Time(run.EndedAt ?? summary.WrittenAt)}",
    };

    private static void WriteOne(StringBuilder page, OutputFacts output)
    {
        page.Line($"<p class=\"lead\">{Markup.Text(State(output.Summary))}</p>");
        KeyFigures.Write(page, output.Summary);
        page.Line($"<div class=\"grid\">");
        OutcomeSections.Write(page, output);
        HistorySections.Write(page, output.History);
        ScoreSections.Write(page, output);
        RowSections.Write(page, output.Rows);
        DownloadSections.Write(page, output.Summary);
        ProvenanceSections.Write(page, output.Summary);
        page.Line($"</div>");
    }

    private static string Style()
    {
        using Stream css = typeof(ReportPage).Assembly.GetManifestResourceStream("report.css")!;
        using var reader = new StreamReader(css);
        return reader.ReadToEnd();
    }
}
