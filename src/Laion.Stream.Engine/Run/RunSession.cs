using LaionStream.Dataset.Summary;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Ledger.State;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Run;

/// <summary>One session on an opened output: runs the graph with its monitor beside it, and writes the summary whatever the end.</summary>
internal static partial class RunSession
{
    /// <summary>Runs to the end of the files, or to a stop.</summary>
    public static async Task<RunReport> ExecuteAsync(
        string verb,
        FlowBuilder flow,
        RunState state,
        PipelineRun run,
        PipelineMonitor monitor,
        int parallel,
        string share,
        Func<RunSummary, RunSummary> describe,
        TimeProvider clock,
        ILogger log,
        CancellationToken stop)
    {
        using var ended = new CancellationTokenSource();
        Task monitoring = monitor.WatchAsync(ended.Token);
        Task watching = FaultWithAsync(flow, state.Watch);
        bool allRead = false;
        bool ranWell = false;
        RunSummary summary;
        try
        {
            allRead = await run.RunAsync(parallel, stop);
            ranWell = true;
        }
        finally
        {
            await ended.CancelAsync();
            await monitoring;
            summary = describe(SummaryFile.From(verb, state.Snapshot(), RunFiles.Progress(state, share), clock.GetUtcNow())) with { Stages = [.. StagesOf(flow.Gauges)] };
            try
            {
                SummaryFile.Write(state.OutputFolder, summary);
            }
            catch (Exception e) when (!ranWell && e is (IOException or UnauthorizedAccessException))
            {
                // What ended the run is the cause to tell, and often this one's too: a full disk takes no summary either.
                Log.NotSummarised(log, e.Message);
            }
        }

        if (watching.IsFaulted) { await watching; }
        RunEnd end = allRead ? RunEnd.Done : run.Unreadable.Count > 0 && !stop.IsCancellationRequested ? RunEnd.InputsMissing : RunEnd.Stopped;
        return new RunReport(summary, end, run.Unreadable);
    }

    private static IEnumerable<StageSummary> StagesOf(FlowGauges gauges) =>
        gauges.Stages.Where(stage => stage.Received > 0).Select(stage => new StageSummary(stage.Name, stage.Received, stage.Kept, stage.Dropped) { Overruns = stage.Overruns });

    /// <summary>A ledger that cannot be written ends the run: rows would end without a trace.</summary>
    private static async Task FaultWithAsync(FlowBuilder flow, Task watch)
    {
        await watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (watch.Exception is { } fault) { flow.Fault(fault); }
    }

    private static partial class Log
    {
        [LoggerMessage(922, LogLevel.Warning, "summary.json could not be written after the abort; the next run writes it: {Cause}")]
        public static partial void NotSummarised(ILogger log, string cause);
    }
}
