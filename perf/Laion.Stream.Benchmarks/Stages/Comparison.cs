using System.Globalization;
using LaionStream.Soak.Results;

namespace LaionStream.Benchmarks.Stages;

/// <summary>Compares a new result with an old one.</summary>
internal static class Comparison
{
    private const double Margin = 1.10;

    // Without a floor in the same rounds a figure depends on the machine's other load: rounds on a busy machine differed by some 15 %.
    private const double MarginAlone = 1.25;

    /// <summary>Prints every figure of both and reports those that became worse beyond noise.</summary>
    /// <param name="before">The old result.</param>
    /// <param name="after">The new one.</param>
    /// <returns>1 if any did or is missing, else 0.</returns>
    public static int Run(string before, string after)
    {
        Dictionary<string, Figure> now = ResultTable.Read(File.ReadAllText(after)).ToDictionary(figure => figure.Name, StringComparer.Ordinal);
        int worse = 0;
        foreach (Figure old in ResultTable.Read(File.ReadAllText(before)))
        {
            string outcome = now.TryGetValue(old.Name, out Figure? fresh) ? Judge(old, fresh) : "MISSING";
            worse += outcome is "ok" or "better" ? 0 : 1;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{old.Name,-36} {Shown(old)} -> {(fresh is null ? "-" : Shown(fresh))}  {outcome}"));
        }

        Console.WriteLine(worse == 0 ? "no regression beyond noise" : $"{worse} regressions");
        return worse == 0 ? 0 : 1;
    }

    /// <summary>A figure is worse when its median exceeds the old worst round by more than the margin.</summary>
    internal static string Judge(Figure old, Figure fresh)
    {
        bool beside = old.Floor is not null && fresh.Floor is not null;
        (Spread was, Spread now, double margin) = beside ? (old.Ratio, fresh.Ratio, Margin) : (old.Micros, fresh.Micros, MarginAlone);
        if (now.Median > was.Max * margin) { return "WORSE"; }
        return now.Median < was.Min / margin ? "better" : "ok";
    }

    private static string Shown(Figure figure) => figure.Floor is null
        ? string.Create(CultureInfo.InvariantCulture, $"{figure.Micros.Median:F2} µs")
        : string.Create(CultureInfo.InvariantCulture, $"x{figure.Ratio.Median:F3}");
}
