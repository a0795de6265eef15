using LaionStream.Engine.Download.Settings;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>What a fetch accepts.</summary>
/// <param name="Accept">The Accept header.</param>
/// <param name="MinBytes">Least bytes of the body.</param>
/// <param name="MaxBytes">Most bytes of the body.</param>
/// <param name="Truncates">Whether a longer body is cut at <paramref name="MaxBytes"/> instead of refused.</param>
/// <param name="Agent">Our name in opt-out headers; null when they are not obeyed.</param>
/// <param name="MinThroughput">Bytes a second the body must keep up; 0 for no limit.</param>
/// <param name="Window">The time over which that is asked for.</param>
internal sealed record FetchPlan(string Accept, int MinBytes, int MaxBytes, bool Truncates, string? Agent, int MinThroughput, TimeSpan Window)
{
    /// <summary>Whether the request wants a connection that it shares with no other (HTTP/1.1).</summary>
    public bool IsAlone { get; init; }

    /// <summary>Bytes that count as progress of a body: fewer in <c>StallAfter</c>, and the request stands still.</summary>
    public int Progress { get; init; }

    private const string Pictures = "image/jpeg,image/png,image/webp,image/*;q=0.8,*/*;q=0.5";
    private const int RobotsBytes = 512 * 1024; // RFC 9309 2.5 asks for 500 KiB at least

    /// <summary>The plan for pictures.</summary>
    public static FetchPlan ForPictures(DownloadOptions options, string agent) => new(
        Pictures, options.MinBytes, options.MaxBytes, false, options.RespectHeaders ? agent : null, options.MinThroughput, options.ThroughputWindow) { Progress = ProgressOf(options) };

    /// <summary>The plan for robots.txt.</summary>
    public static FetchPlan ForRobots(DownloadOptions options) =>
        new("text/plain,*/*;q=0.5", 0, RobotsBytes, true, null, options.MinThroughput, options.ThroughputWindow) { Progress = ProgressOf(options) };

    private static int ProgressOf(DownloadOptions options) => (int)Math.Clamp(options.MinThroughput * options.StallAfter.TotalSeconds, 1, 64 * 1024);
}
