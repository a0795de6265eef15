using System.Globalization;
using System.Text;
using LaionStream.Dataset.Summary;
using LaionStream.Report.Charts;
using LaionStream.Report.Reading;

namespace LaionStream.Report.Page;

/// <summary>Similarities against their thresholds, what another threshold would keep, and the histograms of the other scores.</summary>
internal static class ScoreSections
{
    private static readonly double[] Steps = [0.16, 0.18, 0.20, 0.22, 0.24, 0.26, 0.28, 0.30, 0.32, 0.34, 0.36];

    /// <summary>Writes the sections.</summary>
    public static void Write(StringBuilder page, OutputFacts output)
    {
        foreach ((string set, SimilarityHistogram histogram) in output.Summary.Similarity.OrderByDescending(pair => pair.Value.Counts.Sum()))
        {
            WriteSimilarity(page, set, histogram, ThresholdOf(output.Summary, set));
        }

        foreach ((string column, ScoreFacts score) in output.Rows.Scores)
        {
            Section.Open(page, column, $"Of {Markup.Count(score.Rows)} kept rows with this score.");
            Columns.Write(page, score.Bins(), score.Width, column, Limits(output.Summary, column));
            Section.Close(page);
        }
    }

    /// <summary>The threshold that a set's rows were judged by; null when the filter was off.</summary>
    internal static double? ThresholdOf(RunSummary summary, string set) =>
        summary.Thresholds.TryGetValue($"similarity.{set}", out double value) ? value : null;

    private static void WriteSimilarity(StringBuilder page, string set, SimilarityHistogram histogram, double? threshold)
    {
        long scored = histogram.Counts.Sum();
        Section.Open(page, $"Similarity, {set}", $"Of {Markup.Count(scored)} rows that were scored, before the threshold{(threshold is null ? "; the filter was off" : "")}.");
        (double, string)[] marks = threshold is { } at ? [(at, "threshold " + Markup.Place(at))] : [];
        Columns.Write(page, [.. histogram.Counts.Select((count, i) => (histogram.From + (i * histogram.Width), count))], histogram.Width, "similarity", marks,
            from => threshold is { } limit && from < limit - 1e-9);
        page.Line($"<div class=\"scroll\"><table><tr><th class=\"n\">threshold</th><th class=\"n\">rows at or above it</th><th class=\"n\">of scored</th></tr>");
        foreach (double step in threshold is { } own ? Steps.Append(own).Distinct().Order() : Steps.AsEnumerable())
        {
            long kept = Above(histogram, step);
            page.Line($"<tr{(step == threshold ? " class=\"now\"" : "")}><td class=\"n\">{step.ToString("0.00##", CultureInfo.InvariantCulture)}</td><td class=\"n\">{Markup.Count(kept)}</td><td class=\"n\">{Markup.Share(kept, scored)}</td></tr>");
        }

        page.Line($"</table></div>");
        Section.Close(page);
    }

    /// <summary>Rows at or above a threshold, by whole bins of 0.01.</summary>
    internal static long Above(SimilarityHistogram histogram, double threshold) =>
        histogram.Counts.Where((_, i) => histogram.From + (i * histogram.Width) >= threshold - 1e-9).Sum();

    private static (double, string)[] Limits(RunSummary summary, string column) =>
        [.. summary.Thresholds.Where(pair => pair.Key == column + ".max" || pair.Key == column + ".min").Select(pair => (pair.Value, pair.Key[(column.Length + 1)..] + " " + Markup.Place(pair.Value)))];
}
