using System.Text;

namespace LaionStream.Report.Charts;

/// <summary>Horizontal bars with a name, a number and a share: for counts by name.</summary>
internal static class BarList
{
    /// <summary>Writes the list.</summary>
    /// <param name="page">Receives it.</param>
    /// <param name="bars">Names with their counts, in the order shown.</param>
    /// <param name="whole">What a share is a share of; 0 for none.</param>
    /// <param name="colour">CSS class of the bars: <c>a</c> to <c>h</c>.</param>
    public static void Write(StringBuilder page, IReadOnlyList<(string Name, long Count)> bars, double whole, string colour = "a")
    {
        if (bars.Count == 0)
        {
            page.Line($"<p class=\"none\">None.</p>");
            return;
        }

        double longest = Math.Max(1, bars.Max(bar => bar.Count));
        page.Line($"<ul class=\"bars\">");
        foreach ((string name, long count) in bars)
        {
            page.Line($"""
                <li><span class="name" title="{Markup.Text(name)}">{Markup.Text(name)}</span><span class="track"><span class="fill {colour}" style="width:{Markup.Place(100 * count / longest)}%"></span></span><span class="count">{Markup.Count(count)}</span><span class="share">{Markup.Share(count, whole)}</span></li>
                """);
        }

        page.Line($"</ul>");
    }
}
