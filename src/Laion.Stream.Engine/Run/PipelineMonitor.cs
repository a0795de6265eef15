using System.Globalization;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Ledger.State;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Run;

/// <summary>Logs the progress of the run once per interval: rates, how full the stages are, and which of them limits the rest.</summary>
/// <param name="gauges">The graph's gauges.</param>
/// <param name="accounting">The outcomes so far.</param>
/// <param name="budgets">Slices of the memory budget.</param>
/// <param name="stalled">Files without progress.</param>
/// <param name="every">Time between log lines.</param>
/// <param name="clock">Schedules them.</param>
/// <param name="log">Receives them.</param>
internal sealed partial class PipelineMonitor(
    FlowGauges gauges,
    Func<Accounting> accounting,
    IReadOnlyList<ByteBudget> budgets,
    Func<IEnumerable<(int FileNumber, long InFlight, TimeSpan Idle)>> stalled,
    TimeSpan every,
    TimeProvider clock,
    ILogger<PipelineMonitor> log)
{
    /// <summary>Reports until <paramref name="ended"/>.</summary>
    public async Task WatchAsync(CancellationToken ended)
    {
        using var timer = new PeriodicTimer(every, clock);
        long lastRead = Read(accounting());
        long lastTime = clock.GetTimestamp();
        while (!ended.IsCancellationRequested)
        {
            await ((Task)timer.WaitForNextTickAsync(ended).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ended.IsCancellationRequested) { return; }
            Accounting now = accounting();
            double seconds = clock.GetElapsedTime(lastTime).TotalSeconds;
            Log.Progress(
                log,
                Read(now),
                Math.Round((Read(now) - lastRead) / seconds, 1),
                now.InFlight,
                gauges.Stages.Where(stage => stage.Name.StartsWith("writer", StringComparison.Ordinal)).Sum(stage => stage.Kept),
                now.Kept.Values.Sum(),
                now.FilesDone,
                now.FilesKnown,
                gauges.Bottleneck,
                Stages(),
                Budgets());
            lastRead = Read(now);
            lastTime = clock.GetTimestamp();
            foreach ((int file, long inFlight, TimeSpan idle) in stalled()) { Log.Stalled(log, file, inFlight, (long)idle.TotalMinutes); }
        }
    }

    private static long Read(Accounting now) => now.Links + now.InFlight;

    private string Stages() => string.Join(", ", gauges.Stages.Select(stage =>
        string.Create(CultureInfo.InvariantCulture,
            $"{stage.Name} {stage.Waiting}+{stage.Active}+{stage.Unread}/{stage.Capacity}{(stage.Overdue > 0 ? $" ({stage.Overdue} beyond the time limit)" : "")}")));

    private string Budgets() => string.Join(", ", budgets.Select(budget =>
        string.Create(CultureInfo.InvariantCulture, $"{budget.Name} {budget.Held >> 20}/{budget.Capacity >> 20} MiB, {budget.Waiting} waiting")));

    private static partial class Log
    {
        [LoggerMessage(910, LogLevel.Information,
            "{Links} links read ({LinksPerSecond}/s), {InFlight} without outcome, {Written} rows written this session, {Kept} committed in all, {FilesDone}/{FilesKnown} files; bottleneck {Bottleneck}; stages (waiting+active+unread/capacity): {Stages}; memory: {Memory}")]
        public static partial void Progress(
            ILogger log, long links, double linksPerSecond, long inFlight, long written, long kept, int filesDone, int filesKnown, string bottleneck, string stages, string memory);

        [LoggerMessage(911, LogLevel.Warning, "Input file {File} has {InFlight} rows in flight and no progress for {Minutes} minutes")]
        public static partial void Stalled(ILogger log, int file, long inFlight, long minutes);
    }
}
