using System.Globalization;
using System.Text;
using LaionStream.Dataset.Rows;
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
            Line(text, "  " + reason, rows, summary.Links, Signals(summary, reason));
        }

        long dropped = summary.Dropped.Values.Sum();
        text.Append(CultureInfo.InvariantCulture,
            $"links = kept + dropped: {summary.Links:N0} = {summary.Kept:N0} + {dropped:N0}{(summary.Links == summary.Kept + dropped ? "" : "  NOT BALANCED")}\n");
        AddSeen(text, summary);
        text.Append(CultureInfo.InvariantCulture,
            $"files: {summary.Files.Done} of {summary.Files.Known} done{(summary.Complete ? "" : "; run again with the same output to go on")}\n");
        return text.ToString();
    }

    /// <summary>The opt-out signals that rows of a reason were dropped for, with their counts; null for other reasons.</summary>
    private static string? Signals(RunSummary summary, string reason)
    {
        string[] signals = [.. summary.OptOuts
            .Where(pair => pair.Value.Dropped > 0 && OptOutSignals.TryParse(pair.Key, out OptOutSignal signal) && signal.Reason().Name() == reason)
            .Select(pair => $"{pair.Key} {pair.Value.Dropped.ToString("N0", CultureInfo.InvariantCulture)}")];
        return signals.Length == 0 ? null : string.Join("  ", signals);
    }

    /// <summary>Objections that no switch of this session obeyed.</summary>
    private static void AddSeen(StringBuilder text, RunSummary summary)
    {
        string[] seen = [.. summary.OptOuts.Where(pair => pair.Value.Seen > 0).Select(pair => $"{pair.Key} {pair.Value.Seen.ToString("N0", CultureInfo.InvariantCulture)}")];
        if (seen.Length > 0) { text.Append(CultureInfo.InvariantCulture, $"objections that were not obeyed (last session): {string.Join("  ", seen)}\n"); }
    }

    private static void Line(StringBuilder text, string name, long rows, long links, string? note)
    {
        double share = links == 0 ? 0 : 100.0 * rows / links;
        text.Append(CultureInfo.InvariantCulture, $"{name,-22}{rows,14:N0}{share,8:F1} %{(note is null ? "" : "   " + note)}\n");
    }
}
