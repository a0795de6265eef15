using System.Text;

namespace LaionStream.Report.Charts;

/// <summary>A histogram: vertical bars side by side over one axis of numbers.</summary>
internal static class Columns
{
    private const double High = 160;

    /// <summary>Writes the histogram.</summary>
    /// <param name="page">Receives it.</param>
    /// <param name="bins">Lower end and count of each bin, in order and without gaps.</param>
    /// <param name="width">Width of a bin.</param>
    /// <param name="marks">Lines across the plot, such as thresholds: value and label.</param>
    /// <param name="label">What a value is called in a bar's tooltip.</param>
    /// <param name="isDim">Whether a bin is drawn pale, such as one below the threshold.</param>
    public static void Write(StringBuilder page, IReadOnlyList<(double From, long Count)> bins, double width, string label,
        IReadOnlyList<(double At, string Label)>? marks = null, Func<double, bool>? isDim = null)
    {
        if (bins.Count == 0)
        {
            page.Line($"<p class=\"none\">None.</p>");
            return;
        }

        double most = Math.Max(1, bins.Max(bin => bin.Count));
        double first = bins[0].From;
        page.Line($"<figure class=\"plot\"><div class=\"y\"><span>{Markup.Short(most)}</span><span>0</span></div><div class=\"area\">");
        page.Line($"<svg viewBox=\"0 0 {bins.Count} {High}\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{Markup.Text(label)}\">");
        for (int i = 0; i < bins.Count; i++)
        {
            double height = bins[i].Count == 0 ? 0 : Math.Max(1, High * bins[i].Count / most);
            string tip = $"{label} {Markup.Place(bins[i].From)} to {Markup.Place(bins[i].From + width)}: {Markup.Count(bins[i].Count)}";
            page.Line($"""
                <rect class="{(isDim?.Invoke(bins[i].From) == true ? "dim" : "a")}" x="{Markup.Place(i + 0.06)}" y="{Markup.Place(High - height)}" width="0.88" height="{Markup.Place(height)}"><title>{Markup.Text(tip)}</title></rect>
                """);
        }

        page.Line($"</svg>");
        foreach ((double at, string name) in marks ?? [])
        {
            double place = 100 * (at - first) / (width * bins.Count);
            if (place is >= 0 and <= 100)
            {
                string side = place > 60 ? " left" : "";
                page.Line($"<span class=\"mark{side}\" style=\"left:{Markup.Place(place)}%\"><span>{Markup.Text(name)}</span></span>");
            }
        }

        page.Line($"</div><div class=\"x\">{Ticks(first, width, bins.Count)}</div></figure>");
    }

    private static string Ticks(double first, double width, int bins)
    {
        int steps = Math.Min(5, bins);
        var text = new StringBuilder();
        for (int i = 0; i <= steps; i++) { text.Append($"<span>{Markup.Place(first + (width * bins * i / steps))}</span>"); }
        return text.ToString();
    }
}
