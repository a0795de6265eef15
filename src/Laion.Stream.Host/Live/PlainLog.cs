using System.Globalization;
using LaionStream.Engine.Run;

namespace LaionStream.Host.Live;

/// <summary>Lines of progress where there is no terminal: they look like those of the log.</summary>
internal static class PlainLog
{
    /// <summary>Most characters of a line, its time included.</summary>
    public const int Most = 160;

    private const string Key = "Laion:Pipeline:SummaryInterval";

    /// <summary>Time between lines: from the command line, else the default of a run.</summary>
    public static TimeSpan Interval(IReadOnlyDictionary<string, string?> settings) =>
        settings.GetValueOrDefault(Key) is { } text && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan every) && every > TimeSpan.Zero
            ? every
            : new PipelineOptions().SummaryInterval;

    /// <summary>A line with its time, cut to <see cref="Most"/> characters.</summary>
    public static string Line(string text) => Cut(string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetLocalNow():HH:mm:ss} INF {text}"));

    private static string Cut(string line) => line.Length <= Most ? line : line[..(Most - 1)] + "…";
}
