using System.Text;
using LaionStream.Dataset.Summary;
using LaionStream.Report.Charts;

namespace LaionStream.Report.Page;

/// <summary>The figures at the top of a page.</summary>
internal static class KeyFigures
{
    /// <summary>Writes them.</summary>
    public static void Write(StringBuilder page, RunSummary summary)
    {
        List<(string Figure, string Name)> figures =
        [
            (Markup.Count(summary.Links), "links"),
            (Markup.Count(summary.Kept), $"rows kept, {Markup.Share(summary.Kept, summary.Links)}"),
            ($"{summary.Files.Done} / {summary.Files.Known}", summary.Complete ? "input files, complete" : "input files, not complete"),
        ];
        if (summary.Run is { } run)
        {
            figures.Add((Markup.Duration(TimeSpan.FromSeconds(run.Seconds)), run.State == RunStates.Running ? "so far" : "last session"));
            figures.Add((Markup.Short(run.LinksPerSecond), "links a second"));
            if (summary.Download is { } download && run.Seconds > 0) { figures.Add((Markup.Short(download.Fetched / run.Seconds), "pictures a second")); }
            figures.Add((Markup.Duration(TimeSpan.FromSeconds(run.CpuSeconds)), "CPU time"));
            figures.Add((Markup.Bytes(run.PeakMemoryBytes), "memory at most"));
        }

        Section.WriteFigures(page, figures);
    }
}
