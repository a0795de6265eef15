using LaionStream.Engine.Download.Connections;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Handles;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Run;

/// <summary>Divides the handles that the process may open, before a run opens any.</summary>
internal static partial class RunHandles
{
    /// <summary>Plans for a run that downloads, and logs what had to be scaled down.</summary>
    /// <param name="options">The downloader's settings as they are now.</param>
    /// <param name="inputs">Input files to be read at the same time; set to how many may be.</param>
    /// <param name="log">Hears of a limit that is too low for the settings.</param>
    /// <exception cref="HandleLimitException">Not even the least that a run needs may be opened.</exception>
    public static HandlePlanner Plan(DownloadOptions options, ref int inputs, ILogger log)
    {
        int inUse = HandleLimit.InUse() ?? 0;
        var planner = new HandlePlanner(HandleLimit.Most(), inUse, inputs);
        HandlePlan plan = planner.Plan(options);
        Report(plan, inUse, log);
        inputs = plan.Granted.Inputs;
        return planner;
    }

    /// <summary>How many input files a run that downloads nothing may read at the same time.</summary>
    /// <param name="inputs">How many are asked for.</param>
    /// <param name="log">Hears of a limit that is too low for the settings.</param>
    /// <exception cref="HandleLimitException">Not even the least that a run needs may be opened.</exception>
    public static int PlanInputs(int inputs, ILogger log)
    {
        int inUse = HandleLimit.InUse() ?? 0;
        HandlePlan plan = HandlePlan.For(HandleLimit.Most(), inUse, new HandleNeeds(0, 0, 0, 0, inputs));
        Report(plan, inUse, log);
        return plan.Granted.Inputs;
    }

    private static void Report(HandlePlan plan, int inUse, ILogger log)
    {
        if (plan is { IsShort: true, Limit: { } limit }) { Log.Few(log, limit, inUse, plan.Describe(), plan.Enough(inUse)); }
    }

    private static partial class Log
    {
        [LoggerMessage(932, LogLevel.Warning, "The process may open {Limit} files and sockets (ulimit -Hn) and has {InUse} open, so the settings are scaled down: {Changes}. A limit of {Enough} lets them stand.")]
        public static partial void Few(ILogger log, int limit, int inUse, string changes, long enough);
    }
}
