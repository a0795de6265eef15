using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Handles;

namespace LaionStream.Engine.Download.Connections;

/// <summary>Plans handles for the downloader's settings, and again when they change while the run lasts.</summary>
/// <param name="limit">The most handles that may be open; null for no limit.</param>
/// <param name="inUse">Handles open before the run opens any.</param>
/// <param name="inputs">Input files to be read at the same time.</param>
internal sealed class HandlePlanner(int? limit, int inUse, int inputs)
{
    private volatile Fitted? _last;

    /// <summary>A planner that leaves the settings as they are.</summary>
    public static HandlePlanner Unlimited { get; } = new(null, 0, 1);

    /// <summary>The most handles that may be open; null for no limit.</summary>
    public int? Limit => limit;

    /// <summary>Plans for some settings.</summary>
    /// <exception cref="HandleLimitException">Not even the least that a run needs may be opened.</exception>
    public HandlePlan Plan(DownloadOptions options)
    {
        int most = options.Queue.Parallelism; // no more rows are in work at once
        int concurrency = Math.Min(options.FixedConcurrency ?? options.MaxConcurrency, most);
        return HandlePlan.For(limit, inUse, new HandleNeeds(concurrency, Math.Min(options.MaxStalled, most - concurrency), options.MaxIdle, options.Dns.MaxQueries, inputs));
    }

    /// <summary>The settings, scaled down to what may be opened.</summary>
    public DownloadOptions Fit(DownloadOptions options)
    {
        if (_last is { } last && ReferenceEquals(last.Asked, options)) { return last.Granted; }
        HandlePlan plan = Plan(options);
        DownloadOptions granted = plan.IsShort ? options.Within(plan.Granted) : options;
        _last = new Fitted(options, granted);
        return granted;
    }

    private sealed record Fitted(DownloadOptions Asked, DownloadOptions Granted);
}
