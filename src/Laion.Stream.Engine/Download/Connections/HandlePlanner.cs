using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Handles;

namespace LaionStream.Engine.Download.Connections;

/// <summary>Plans the handles for the downloader's settings, again whenever they change during a run.</summary>
/// <param name="limit">Maximum number of open handles; null for no limit.</param>
/// <param name="inUse">Handles that were open before the run opened any.</param>
/// <param name="inputs">Input files read concurrently.</param>
internal sealed class HandlePlanner(int? limit, int inUse, int inputs)
{
    private volatile Fitted? _last;

    /// <summary>A planner that never reduces the settings.</summary>
    public static HandlePlanner Unlimited { get; } = new(null, 0, 1);

    /// <summary>Maximum number of open handles; null for no limit.</summary>
    public int? Limit => limit;

    /// <summary>Plans the handles for the given settings.</summary>
    /// <exception cref="HandleLimitException">The limit is below the minimum that a run needs.</exception>
    public HandlePlan Plan(DownloadOptions options)
    {
        int most = options.Queue.Parallelism; // no more rows are processed at once
        int concurrency = Math.Min(options.FixedConcurrency ?? options.MaxConcurrency, most);
        return HandlePlan.For(limit, inUse,
            new HandleNeeds(concurrency, Math.Min(options.MaxStalled, most - concurrency), options.MaxIdle, options.Dns.MaxQueries, inputs));
    }

    /// <summary>The settings, reduced to what the limit allows.</summary>
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
