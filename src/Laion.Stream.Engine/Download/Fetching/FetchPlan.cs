using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.OptOuts;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>What a fetch accepts and requires.</summary>
/// <param name="Accept">The Accept header.</param>
/// <param name="MinBytes">Minimum size of the body, in bytes.</param>
/// <param name="MaxBytes">Maximum size of the body, in bytes.</param>
/// <param name="Truncates">Whether a longer body is truncated to <paramref name="MaxBytes"/> instead of refused.</param>
/// <param name="OptOuts">Decides about objections in the headers; null when they are not looked for.</param>
/// <param name="MinThroughput">Minimum throughput of the body, in bytes per second; 0 for no limit.</param>
/// <param name="Window">The time over which the throughput is measured.</param>
internal sealed record FetchPlan(string Accept, int MinBytes, int MaxBytes, bool Truncates, OptOutJudge? OptOuts, int MinThroughput, TimeSpan Window)
{
    /// <summary>Whether the request uses a connection that it does not share with other requests (HTTP/1.1).</summary>
    public bool DedicatedConnection { get; init; }

    /// <summary>The cookies of the URL's earlier answers; null when none are taken or sent.</summary>
    public ChainCookies? Cookies { get; init; }

    /// <summary>Bytes that count as progress of a body: a request that receives fewer within <c>StallAfter</c> is stalled.</summary>
    public int Progress { get; init; }

    /// <summary>Maximum size of each coded form of a body, in bytes: data that cannot be compressed grow by a few bytes per block.</summary>
    public long MaxCodedBytes => MaxBytes + (MaxBytes / 8L) + 65_536;

    /// <summary>Whether only the headers are requested (HEAD).</summary>
    public bool HeadersOnly { get; init; }

    /// <summary>Whether the origin's tdmrep.json reserves what is fetched.</summary>
    public bool IsReserved { get; init; }

    private const string Pictures = "image/jpeg,image/png,image/webp,image/*;q=0.8,*/*;q=0.5";
    private const int PolicyBytes = 512 * 1024; // RFC 9309 2.5 requires at least 500 KiB

    /// <summary>The plan for pictures.</summary>
    public static FetchPlan ForPictures(DownloadOptions options, OptOutJudge optOuts) => new(
        Pictures, options.MinBytes, options.MaxBytes, false, optOuts, options.MinThroughput, options.ThroughputWindow)
    { Progress = ProgressOf(options) };

    /// <summary>The plan for robots.txt and the like.</summary>
    public static FetchPlan ForPolicies(DownloadOptions options) =>
        new("text/plain,application/json,*/*;q=0.5", 0, PolicyBytes, true, null, options.MinThroughput, options.ThroughputWindow) { Progress = ProgressOf(options) };

    private static int ProgressOf(DownloadOptions options) => (int)Math.Clamp(options.MinThroughput * options.StallAfter.TotalSeconds, 1, 64 * 1024);
}
