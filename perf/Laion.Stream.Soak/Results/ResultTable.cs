using System.Globalization;

namespace LaionStream.Soak.Results;

/// <summary>Converts figures to a Markdown table, and back.</summary>
internal static class ResultTable
{
    private const string Head = "| what | unit | CPU µs a unit, median | min .. max | floor | floor µs | ratio, median | min .. max | note |";
    private const string Rule = "| --- | --- | ---: | ---: | --- | ---: | ---: | ---: | --- |";
    private const int Cells = 9;

    /// <summary>Writes the table.</summary>
    public static string Write(IEnumerable<Figure> figures) => string.Join('\n', (string[])[Head, Rule, .. figures.Select(Line)]) + "\n";

    /// <summary>Reads the lines of a table that <see cref="Write"/> wrote, from a text that may contain anything else.</summary>
    /// <exception cref="FormatException">The text contains no such table, or a line of it is broken.</exception>
    public static IReadOnlyList<Figure> Read(string text)
    {
        string[] lines = text.Split('\n');
        int head = Array.IndexOf(lines, Head);
        if (head < 0) { throw new FormatException("There is no table of figures in it."); }
        return [.. lines.Skip(head + 2).TakeWhile(line => line.StartsWith('|')).Select(Parse)];
    }

    private static string Line(Figure f) => f.Floor is null
        ? string.Create(CultureInfo.InvariantCulture, $"| {f.Name} | {f.Unit} | {Range(f.Micros, "F2")} | – | – | – | – | {f.Note} |")
        : string.Create(CultureInfo.InvariantCulture,
            $"| {f.Name} | {f.Unit} | {Range(f.Micros, "F2")} | {f.Floor} | {f.FloorMicros.Median:F2} | {Range(f.Ratio, "F3")} | {f.Note} |");

    private static string Range(Spread spread, string format) => string.Format(
        CultureInfo.InvariantCulture, $"{{0:{format}}} | {{1:{format}}} .. {{2:{format}}}", spread.Median, spread.Min, spread.Max);

    private static Figure Parse(string line)
    {
        string[] cells = line.Trim().Trim('|').Split('|', StringSplitOptions.TrimEntries);
        if (cells.Length != Cells) { throw new FormatException($"A line of figures has {cells.Length} cells: {line}"); }
        return cells[4] == "–"
            ? new Figure(cells[0], cells[1], Spread(cells[2], cells[3]), null, default, new Spread(1, 1, 1), cells[8])
            : new Figure(cells[0], cells[1], Spread(cells[2], cells[3]), cells[4], Spread(cells[5], $"{cells[5]} .. {cells[5]}"), Spread(cells[6], cells[7]),
                cells[8]);
    }

    private static Spread Spread(string median, string range) => range.Split(" .. ") is [var min, var max]
        ? new Spread(Number(median), Number(min), Number(max))
        : throw new FormatException($"'{range}' is no range.");

    private static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
