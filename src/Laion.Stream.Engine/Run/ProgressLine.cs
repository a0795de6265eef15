using System.Globalization;
using System.Text;

namespace LaionStream.Engine.Run;

/// <summary>A run's numbers in one line. Pure.</summary>
internal static class ProgressLine
{
    /// <summary>Most characters: with the time and the level before them, a line of the log has no more than 160.</summary>
    public const int Most = 147;

    /// <summary>The line; what matters least is left out where it does not fit.</summary>
    public static string Of(RunGlance now, RunRates rates)
    {
        var line = new StringBuilder(HowFar(now, rates));
        foreach (string part in Parts(now, rates))
        {
            if (line.Length + 2 + part.Length <= Most) { line.Append(", ").Append(part); }
        }

        return line.Length <= Most ? line.ToString() : line.ToString(0, Most);
    }

    private static string HowFar(RunGlance now, RunRates rates)
    {
        string share = now.Input.Share is { } part ? $"{RunText.Percent(part)} in " : "";
        string left = rates.Left is { } time ? $", {(now.Input.IsEstimate ? "~" : "")}{RunText.Time(time)} left" : "";
        return $"{share}{RunText.Time(now.Elapsed)}{left}";
    }

    private static IEnumerable<string> Parts(RunGlance now, RunRates rates)
    {
        yield return $"{RunText.Rate(rates.Links)} links/s";
        if (rates.Pictures is { } pictures) { yield return $"{RunText.Rate(pictures)} pictures/s"; }
        yield return $"{RunText.Rate(rates.Kept)} kept/s";
        yield return RunText.MegabytesPerSecond(rates.Bytes);
        if (rates.Success is { } success) { yield return $"{RunText.Percent(success)} ok"; }
        yield return $"bottleneck {now.Bottleneck}";
        yield return $"{RunText.Count(now.Kept.Values.Sum())} kept";
        yield return string.Create(CultureInfo.InvariantCulture, $"{now.FilesDone}/{now.FilesKnown} files");
        yield return $"{RunText.Count(now.InFlight)} in flight";
    }
}
