using System.Text;
using LaionStream.Dataset.Summary;
using LaionStream.Report.Charts;
using LaionStream.Report.Reading;

namespace LaionStream.Report.Page;

/// <summary>The figures at the top of a page.</summary>
internal static class KeyFigures
{
    /// <summary>Writes them.</summary>
    public static void Write(StringBuilder page, OutputFacts output)
    {
        RunSummary summary = output.Summary;
        page.Line($"<ul class=\"tiles\">");
        Tile(page, Markup.Count(summary.Links), "links");
        Tile(page, Markup.Count(summary.Kept), $"rows kept, {Markup.Share(summary.Kept, summary.Links)}");
        Tile(page, $"{summary.Files.Done} / {summary.Files.Known}", summary.Complete ? "input files, complete" : "input files, not complete");
        if (summary.Run is { } run)
        {
            Tile(page, Markup.Duration(TimeSpan.FromSeconds(run.Seconds)), run.State == RunStates.Running ? "so far" : "last session");
            Tile(page, Markup.Short(run.LinksPerSecond), "links a second");
            if (summary.Download is { } download && run.Seconds > 0) { Tile(page, Markup.Short(download.Fetched / run.Seconds), "pictures a second"); }
            Tile(page, Markup.Duration(TimeSpan.FromSeconds(run.CpuSeconds)), "CPU time");
            Tile(page, Markup.Bytes(run.PeakMemoryBytes), "memory at most");
        }

        page.Line($"</ul>");
    }

    private static void Tile(StringBuilder page, string figure, string name) => page.Line($"<li><b>{Markup.Text(figure)}</b><span>{Markup.Text(name)}</span></li>");
}
