using System.Globalization;
using System.Text;
using LaionStream.Dataset.Summary;

namespace LaionStream.Host.Verbs;

/// <summary>A run's accounting as a table for people: the outcomes of all links.</summary>
internal static class Funnel
{
    /// <summary>The table, one line per reason, largest first.</summary>
    public static string Of(RunSummary summary)
    {
        var text = new StringBuilder();
        Line(text, "links", summary.Links, summary.Links, null);
        Line(text, "candidates", summary.Candidates, summary.Links, null);
        Line(text, "kept", summary.Kept, summary.Links,
            string.Join("  ", summary.Sets.OrderBy(set => set.Key, StringComparer.Ordinal)
            .Select(set => $"{set.Key} {set.Value.ToString("N0", CultureInfo.InvariantCulture)}")));
        foreach ((string reason, long rows) in summary.Dropped.Where(pair => pair.Value > 0).OrderByDescending(pair => pair.Value)
            .ThenBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Line(text, "  " + reason, rows, summary.Links, null);
        }

        long dropped = summary.Dropped.Values.Sum();
        text.Append(CultureInfo.InvariantCulture,
            $"links = kept + dropped: {summary.Links:N0} = {summary.Kept:N0} + {dropped:N0}{(summary.Links == summary.Kept + dropped ? "" : "  NOT BALANCED")}\n");
        text.Append(CultureInfo.InvariantCulture,
            $"files: {summary.Files.Done} of {summary.Files.Known} done{(summary.Complete ? "" : "; run again with the same output to go on")}\n");
        return text.ToString();
    }

    private static void Line(StringBuilder text, string name, long rows, long links, string? note)
    {
        double share = links == 0 ? 0 : 100.0 * rows / links;
        text.Append(CultureInfo.InvariantCulture, $"{name,-22}{rows,14:N0}{share,8:F1} %{(note is null ? "" : "   " + note)}\n");
    }
}
