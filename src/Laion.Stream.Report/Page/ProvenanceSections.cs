using System.Globalization;
using System.Text;
using LaionStream.Dataset.Summary;
using LaionStream.Report.Charts;

namespace LaionStream.Report.Page;

/// <summary>By what the rows were made: models, thresholds, settings, program and machine.</summary>
internal static class ProvenanceSections
{
    /// <summary>Writes the sections.</summary>
    public static void Write(StringBuilder page, RunSummary summary)
    {
        WriteTable(page, "Thresholds and limits", null, summary.Thresholds.Select(pair => (pair.Key, pair.Value.ToString("R", CultureInfo.InvariantCulture))));
        WriteTable(page, "Models", "SHA-256 of each file.", summary.Models.Select(pair => (pair.Key, pair.Value)));
        WriteTable(page, "Notes", null, summary.Notes.Select(pair => (pair.Key, pair.Value)));
        if (summary.Run is not { } run) { return; }

        WriteTable(page, "Settings that are not at their default", null, run.Settings.Select(pair => (pair.Key, pair.Value)));
        WriteTable(page, "Program and machine", null,
        [
            ("version", run.Version), ("commit", run.Commit), ("machine", run.Host), ("process", run.Process.ToString(CultureInfo.InvariantCulture)), ("command", run.Command),
            ("fingerprint", run.Fingerprint), ("share of the inputs", summary.Files.Share),
        ]);
    }

    private static void WriteTable(StringBuilder page, string title, string? note, IEnumerable<(string Name, string Value)> rows)
    {
        (string Name, string Value)[] all = [.. rows];
        if (all.Length == 0) { return; }
        Section.Open(page, title, note, isWide: all.Any(row => row.Value.Length > 40));
        page.Line($"<div class=\"scroll\"><table>");
        foreach ((string name, string value) in all) { page.Line($"<tr><td>{Markup.Text(name)}</td><td>{Markup.Text(value)}</td></tr>"); }
        page.Line($"</table></div>");
        Section.Close(page);
    }
}
