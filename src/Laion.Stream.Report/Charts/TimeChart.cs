using System.Globalization;
using System.Text;

namespace LaionStream.Report.Charts;

/// <summary>Lines, or stacked areas, over time.</summary>
internal static class TimeChart
{
    private const double Wide = 720;
    private const double High = 160;
    private const int MostPoints = 360;

    /// <summary>Colours in the order in which series get them.</summary>
    public static string ColourOf(int series) => ((char)('a' + (series % 8))).ToString();

    /// <summary>Writes lines.</summary>
    /// <param name="page">Receives them.</param>
    /// <param name="lines">The lines, at most eight.</param>
    /// <param name="format">Writes a value for people.</param>
    public static void WriteLines(StringBuilder page, IReadOnlyList<TimeLine> lines, Func<double, string> format)
    {
        if (!TryFrame(lines, out DateTimeOffset from, out DateTimeOffset to))
        {
            page.Line($"<p class=\"none\">Fewer than two points in time are recorded.</p>");
            return;
        }

        lines = [.. lines.Select(line => line with { Points = Thinned(line.Points) })];
        double most = Top(lines.SelectMany(line => line.Points).Select(point => point.Value).Where(double.IsFinite).DefaultIfEmpty(0).Max());
        Open(page, lines.Select(line => line.Name), format(most), "over time");
        for (int i = 0; i < lines.Count; i++)
        {
            foreach (string path in Paths(lines[i].Points, at => X(at, from, to), value => High - (High * value / most)))
            {
                page.Line($"<path class=\"line {ColourOf(i)}\" d=\"{path}\"/>");
            }
        }

        WriteTips(page, lines, from, to, format);
        Close(page, from, to);
    }

    /// <summary>Writes areas stacked upon each other, as shares of their sum at each time.</summary>
    /// <param name="page">Receives them.</param>
    /// <param name="lines">The series, all with the same times; the first lies at the bottom.</param>
    public static void WriteShares(StringBuilder page, IReadOnlyList<TimeLine> lines)
    {
        if (!TryFrame(lines, out DateTimeOffset from, out DateTimeOffset to))
        {
            page.Line($"<p class=\"none\">Fewer than two points in time are recorded.</p>");
            return;
        }

        TimeLine[] thinned = [.. lines.Select(line => line with { Points = Thinned(line.Points) })];
        int count = thinned[0].Points.Count;
        double[] sums = [.. Enumerable.Range(0, count).Select(p => thinned.Sum(line => Real(line.Points[p].Value)))];
        double[] below = new double[count];
        Open(page, lines.Select(line => line.Name), "100 %", "shares over time");
        for (int i = 0; i < thinned.Length; i++)
        {
            double[] above = [.. Enumerable.Range(0, count).Select(p => below[p] + (sums[p] <= 0 ? 0 : Real(thinned[i].Points[p].Value) / sums[p]))];
            IEnumerable<string> areas = Parts(sums).Select(part =>
                "M" + string.Join('L', part.Select(p => Place(p, above)).Concat(part.Reverse().Select(p => Place(p, below)))) + "Z");
            page.Line($"<path class=\"fill {ColourOf(i)}\" d=\"{string.Concat(areas)}\"><title>{Markup.Text(thinned[i].Name)}</title></path>");
            below = above;
        }

        Close(page, from, to);

        string Place(int p, double[] shares) => Point(X(thinned[0].Points[p].At, from, to), High * (1 - shares[p]));
    }

    /// <summary>The longest ranges of neighbouring times at which there is something to share.</summary>
    private static IEnumerable<int[]> Parts(double[] sums)
    {
        int first = 0;
        for (int p = 0; p <= sums.Length; p++)
        {
            if (p < sums.Length && sums[p] > 0) { continue; }
            if (p > first) { yield return [.. Enumerable.Range(first, p - first)]; }
            first = p + 1;
        }
    }

    private static double Real(double value) => double.IsFinite(value) ? value : 0;

    private static bool TryFrame(IReadOnlyList<TimeLine> lines, out DateTimeOffset from, out DateTimeOffset to)
    {
        DateTimeOffset[] times = [.. lines.SelectMany(line => line.Points).Select(point => point.At)];
        (from, to) = times.Length == 0 ? (default, default) : (times.Min(), times.Max());
        return to > from;
    }

    private static void Open(StringBuilder page, IEnumerable<string> names, string top, string label)
    {
        string legend = string.Concat(names.Select((name, i) => $"<li><span class=\"key {ColourOf(i)}\"></span>{Markup.Text(name)}</li>"));
        page.Line($"<figure class=\"plot\"><ul class=\"legend\">{legend}</ul><div class=\"y\"><span>{Markup.Text(top)}</span><span>0</span></div><div class=\"area\">");
        page.Line($"<svg viewBox=\"0 0 {Wide} {High}\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{Markup.Text(label)}\">");
    }

    private static void Close(StringBuilder page, DateTimeOffset from, DateTimeOffset to)
    {
        string format = to - from > TimeSpan.FromDays(10) ? "MM-dd" : to - from > TimeSpan.FromDays(1) ? "MM-dd HH:mm" : to - from > TimeSpan.FromMinutes(10) ? "HH:mm" : "HH:mm:ss";
        IEnumerable<string> ticks = Enumerable.Range(0, 5)
            .Select(i => $"<span>{(from + ((to - from) * (i / 4.0))).UtcDateTime.ToString(format, CultureInfo.InvariantCulture)}</span>");
        page.Line($"</svg></div><div class=\"x\">{string.Concat(ticks)}</div></figure>");
    }

    /// <summary>Invisible columns over the plot: each tells the values of its time.</summary>
    private static void WriteTips(StringBuilder page, IReadOnlyList<TimeLine> lines, DateTimeOffset from, DateTimeOffset to, Func<double, string> format)
    {
        IReadOnlyList<(DateTimeOffset At, double Value)> points = lines.MaxBy(line => line.Points.Count)!.Points;
        for (int i = 0; i < points.Count; i++)
        {
            double left = i == 0 ? 0 : (X(points[i - 1].At, from, to) + X(points[i].At, from, to)) / 2;
            double right = i == points.Count - 1 ? Wide : (X(points[i].At, from, to) + X(points[i + 1].At, from, to)) / 2;
            IEnumerable<string> values = lines.Where(line => line.Points.Count > 0)
                .Select(line => (line.Name, Near: line.Points.MinBy(point => Math.Abs((point.At - points[i].At).Ticks)).Value))
                .Where(pair => double.IsFinite(pair.Near)).Select(pair => $"{pair.Name}: {format(pair.Near)}");
            page.Line($"""
                <rect class="tip" x="{Markup.Place(left)}" y="0" width="{Markup.Place(Math.Max(0, right - left))}" height="{High}"><title>{Markup.Text(points[i].At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + "\n" + string.Join('\n', values))}</title></rect>
                """);
        }
    }

    private static double X(DateTimeOffset at, DateTimeOffset from, DateTimeOffset to) => Wide * (at - from).Ticks / (to - from).Ticks;

    private static string Point(double x, double y) => $"{Markup.Place(x)} {Markup.Place(y)}";

    /// <summary>The parts of a line between interruptions.</summary>
    private static IEnumerable<string> Paths(IReadOnlyList<(DateTimeOffset At, double Value)> points, Func<DateTimeOffset, double> x, Func<double, double> y)
    {
        var part = new List<string>();
        foreach ((DateTimeOffset at, double value) in points)
        {
            if (double.IsFinite(value)) { part.Add(Point(x(at), y(value))); }
            else if (part.Count > 0)
            {
                yield return "M" + string.Join('L', part) + "h0";
                part.Clear();
            }
        }

        if (part.Count > 0) { yield return "M" + string.Join('L', part) + "h0"; }
    }

    /// <summary>At most <see cref="MostPoints"/> of the points, each the mean of its neighbours: no screen shows more.</summary>
    private static IReadOnlyList<(DateTimeOffset At, double Value)> Thinned(IReadOnlyList<(DateTimeOffset At, double Value)> points)
    {
        if (points.Count <= MostPoints) { return points; }
        int by = (points.Count + MostPoints - 1) / MostPoints;
        return [.. points.Chunk(by).Select(part => (part[^1].At, part.Average(point => point.Value)))];
    }

    /// <summary>The upper end of the axis: the next of 1, 2, 2.5, 5 times a power of ten.</summary>
    private static double Top(double most)
    {
        if (!(most > 0)) { return 1; }
        double power = Math.Pow(10, Math.Floor(Math.Log10(most)));
        return new[] { 1, 2, 2.5, 5, 10 }.Select(step => step * power).First(top => top >= most * (1 - 1e-9));
    }
}
