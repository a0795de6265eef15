using System.Globalization;
using LaionStream.Engine.Flow;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Run;

/// <summary>Logs the progress of the run once per interval: how far it is, its rates, and which stage limits the rest.</summary>
/// <param name="look">Reads the run's numbers.</param>
/// <param name="gauges">The graph's gauges.</param>
/// <param name="budgets">Slices of the memory budget.</param>
/// <param name="stalled">Files without progress.</param>
/// <param name="every">Time between log lines.</param>
/// <param name="clock">Schedules them.</param>
/// <param name="log">Receives them.</param>
internal sealed partial class PipelineMonitor(
    Func<RunGlance> look,
    FlowGauges gauges,
    IReadOnlyList<ByteBudget> budgets,
    Func<IEnumerable<(int FileNumber, long InFlight, TimeSpan Idle)>> stalled,
    TimeSpan every,
    TimeProvider clock,
    ILogger<PipelineMonitor> log)
{
    private readonly RunPace _pace = new();

    /// <summary>Reports until <paramref name="ended"/>.</summary>
    public async Task WatchAsync(CancellationToken ended)
    {
        using var timer = new PeriodicTimer(every, clock);
        _pace.Take(look());
        while (!ended.IsCancellationRequested)
        {
            await ((Task)timer.WaitForNextTickAsync(ended).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ended.IsCancellationRequested) { return; }
            Report(look());
            foreach ((int file, long inFlight, TimeSpan idle) in stalled()) { Log.Stalled(log, file, inFlight, (long)idle.TotalMinutes); }
        }
    }

    /// <summary>The line for people; for programs each of its numbers, and what does not fit into it.</summary>
    private void Report(RunGlance now)
    {
        RunRates rates = _pace.Take(now);
        using IDisposable? numbers = log.BeginScope(Numbers(now, rates));
        Log.Progress(log, ProgressLine.Of(now, rates));
    }

    private List<KeyValuePair<string, object?>> Numbers(RunGlance now, RunRates rates) =>
    [
        new("Percent", now.Input.Share is { } share ? RunText.Percentage(share) : null),
        new("InputBytes", now.Input.Taken),
        new("InputTotal", now.Input.Total is { } total ? (long)total : null),
        new("Elapsed", now.Elapsed),
        new("Left", rates.Left),
        new("LinksPerSecond", Math.Round(rates.Links, 1)),
        new("PicturesPerSecond", Rounded(rates.Pictures)),
        new("KeptPerSecond", Math.Round(rates.Kept, 1)),
        new("MegabytesPerSecond", Math.Round(rates.Bytes / 1e6, 3)),
        new("Success", Rounded(rates.Success)),
        new("Links", now.Links),
        new("InFlight", now.InFlight),
        new("Written", now.Written),
        new("Kept", now.Kept.Values.Sum()),
        new("FilesDone", now.FilesDone),
        new("FilesKnown", now.FilesKnown),
        new("Bottleneck", now.Bottleneck),
        new("Stages", Stages()),
        new("Memory", Budgets()),
    ];

    private static double? Rounded(double? number) => number is { } value ? Math.Round(value, 3) : null;

    private string Stages() => string.Join(", ", gauges.Stages.Select(stage =>
        string.Create(CultureInfo.InvariantCulture,
            $"{stage.Name} {stage.Waiting}+{stage.Active}+{stage.Unread}/{stage.Capacity}{(stage.Overdue > 0 ? $" ({stage.Overdue} beyond the time limit)" : "")}")));

    private string Budgets() => string.Join(", ", budgets.Select(budget =>
        string.Create(CultureInfo.InvariantCulture, $"{budget.Name} {budget.Held >> 20}/{budget.Capacity >> 20} MiB, {budget.Waiting} waiting")));

    private static partial class Log
    {
        [LoggerMessage(910, LogLevel.Information, "{Progress}")]
        public static partial void Progress(ILogger log, string progress);

        [LoggerMessage(911, LogLevel.Warning, "Input file {File} has {InFlight} rows in flight and no progress for {Minutes} minutes")]
        public static partial void Stalled(ILogger log, int file, long inFlight, long minutes);
    }
}
