using LaionStream.Engine.Download.Connections;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Handles;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Run;

/// <summary>Divides the handles that the process may open, before a run opens any.</summary>
internal static partial class RunHandles
{
    /// <summary>Plans for a run that downloads, and logs what had to be reduced.</summary>
    /// <param name="options">The downloader's current settings.</param>
    /// <param name="inputs">Input files to be read concurrently; set to the number that may be.</param>
    /// <param name="log">Logs a limit that is too low for the settings.</param>
    /// <exception cref="HandleLimitException">The process may not even open the minimum that a run needs.</exception>
    public static HandlePlanner Plan(DownloadOptions options, ref int inputs, ILogger log)
    {
        int inUse = HandleLimit.InUse() ?? 0;
        var planner = new HandlePlanner(HandleLimit.Most(), inUse, inputs);
        HandlePlan plan = planner.Plan(options);
        Report(plan, inUse, log);
        inputs = plan.Granted.Inputs;
        return planner;
    }

    /// <summary>How many input files a run without downloads may read concurrently.</summary>
    /// <param name="inputs">The configured number.</param>
    /// <param name="log">Logs a limit that is too low for the settings.</param>
    /// <exception cref="HandleLimitException">The process may not even open the minimum that a run needs.</exception>
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
        [LoggerMessage(932, LogLevel.Warning,
            "The process may open {Limit} files and sockets (ulimit -Hn) and has {InUse} open, so the settings are reduced: {Changes}. A limit of {Enough} would be enough for them.")]
        public static partial void Few(ILogger log, int limit, int inUse, string changes, long enough);
    }
}
