using System.Diagnostics;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;
using LaionStream.Text.Urls;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Run;

/// <summary>
/// Watches a run from its own thread, which needs neither the thread pool nor the graph: all of the pool's threads may be in calls that never return.
/// Reports calls that exceed their limit, turns a drain that takes too long into an abort, and ends the process when the run does not end after an abort.
/// </summary>
/// <remarks>
/// An endless loop and a hanging native call cannot be stopped from outside, so after the grace period the process ends: the outcomes so far are made durable
/// unless a commit is in progress, the rows inside stages are recorded for the next start, and <see cref="IProcessEnd"/> does the rest. For the output that is
/// a kill -9.
/// </remarks>
/// <param name="options">Time limits.</param>
/// <param name="end">Ends the process; when null (a run inside another program) the guard only reports.</param>
/// <param name="clock">Measures drains and calls.</param>
/// <param name="log">Logs all of it.</param>
internal sealed partial class RunGuard(PipelineOptions options, IProcessEnd? end, TimeProvider clock, ILogger<RunGuard> log) : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan CommitPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(5);

    private readonly ManualResetEventSlim _ended = new();
    private Thread? _thread;
    private TimeSpan _aborted;
    private long? _stopSeen;
    private string _why = "fault";

    /// <summary>Starts watching; the graph is assembled.</summary>
    /// <param name="flow">The graph.</param>
    /// <param name="state">The output.</param>
    /// <param name="stop">The first signal: the drain timeout starts.</param>
    /// <param name="abort">The second signal: the grace period starts, as it does when the graph aborts for a reason of its own.</param>
    public void Watch(FlowBuilder flow, RunState state, CancellationToken stop, CancellationToken abort)
    {
        var watch = new OverrunWatch(flow.Gauges, options.StageLimit, options.OverrunGrace);
        CancellationToken aborted = flow.Abort; // read once: the guard outlives the graph
        _thread = new Thread(() => WatchUntilEnded(flow, watch, state, stop, abort, aborted)) { IsBackground = true, Name = "run guard" };
        _thread.Start();
    }

    /// <summary>Stops watching: the run has ended.</summary>
    public void Dispose()
    {
        _ended.Set();
        _thread?.Join(); // once the process is being ended by force this does not return either
        _ended.Dispose();
    }

    private void WatchUntilEnded(FlowBuilder flow, OverrunWatch watch, RunState state, CancellationToken stop, CancellationToken abort,
        CancellationToken aborted)
    {
        var due = new List<Overrun>();
        long last = Stopwatch.GetTimestamp();
        while (!_ended.Wait(Poll))
        {
            TimeSpan passed = Stopwatch.GetElapsedTime(last);
            last = Stopwatch.GetTimestamp();
            Report(flow, watch, due);
            if (stop.IsCancellationRequested) { LimitDrain(flow); }
            if (abort.IsCancellationRequested) { _why = "signal"; }
            if (!abort.IsCancellationRequested && !aborted.IsCancellationRequested) { continue; }

            // Time is counted per poll: while the whole process is suspended or starved, no stage can return either.
            _aborted += passed < 2 * Poll ? passed : 2 * Poll;
            if (_aborted < options.AbortGrace && end?.IsUrgent != true) { continue; }
            EndByForce(flow, watch, state);
            return;
        }
    }

    private void Report(FlowBuilder flow, OverrunWatch watch, List<Overrun> due)
    {
        due.Clear();
        watch.Look(due);
        foreach (Overrun overrun in due)
        {
            Log.Overrun(log, overrun.Work.Stage.Name, overrun.Work.ToString(), Math.Round(overrun.Worked.TotalSeconds, 1), overrun.Limit);
            if (overrun.Work.IsAlone) { Fault(flow, "suspect", new TimeoutException($"A suspect of an earlier run again does not return ({overrun.Work}).")); }
        }
    }

    private void LimitDrain(FlowBuilder flow)
    {
        if (_stopSeen is not { } since)
        {
            _stopSeen = clock.GetTimestamp();
            Log.Draining(log, options.DrainTimeout);
            return;
        }

        if (clock.GetElapsedTime(since) < options.DrainTimeout) { return; }
        Fault(flow, "drain_limit", new TimeoutException($"The graph did not drain within Laion:Pipeline:DrainTimeout ({options.DrainTimeout})."));
    }

    private void Fault(FlowBuilder flow, string why, TimeoutException cause)
    {
        if (flow.FirstFault is not null) { return; }

        // Callbacks of the abort, including the stages' own code, run inside this call: they must not block this thread.
        _why = why;
        var thread = new Thread(() => flow.Fault(cause)) { IsBackground = true, Name = "abort" };
        thread.Start();
    }

    private void EndByForce(FlowBuilder flow, OverrunWatch watch, RunState state)
    {
        string cause = flow.FirstFault?.Message ?? "aborted";
        if (end is null)
        {
            Log.NotEnding(log, cause, options.AbortGrace, Names(watch.AtWork()));
            return;
        }

        string rows = Names(watch.AtWork());
        var closing = new Thread(() => rows = CloseOutput(cause, watch, state)) { IsBackground = true, Name = "close output" };
        closing.Start();
        closing.Join(CloseLimit); // the disk may be what does not return
        end.Now($"Aborted: {cause}. The run did not end within {options.AbortGrace} after that; still running: {rows}. Run again with the same output to go on.");
    }

    private string CloseOutput(string cause, OverrunWatch watch, RunState state)
    {
        string rows = Names(watch.AtWork());
        Log.EndedByForce(log, cause, options.AbortGrace, rows);
        try
        {
            if (!state.TryClose(CommitPatience)) { Log.OutputNotClosed(log); }

            // Read again: a row inside a stage now cannot get an outcome any more.
            IReadOnlyList<Overrun> works = watch.AtWork();
            SuspectNote[] notes = [.. works.SelectMany(work => work.Work.Rows.Select(row => Note(row, work, state)))];
            if (notes.Length > 0) { state.NoteSuspects(notes); }
            return Names(works);
        }
        catch (Exception e)
        {
            // Whatever the error is, the process ends now: a disk that refuses must not prevent that, and costs the next start only its suspects.
            Log.NotNoted(log, e.Message, e);
            return rows;
        }
    }

    private SuspectNote Note(RowKey row, Overrun work, RunState state) => new(
        row.FileNumber,
        row.Ordinal,
        work.Work.Stage.Name,
        _why,
        clock.GetUtcNow(),
        Math.Round(work.Worked.TotalSeconds, 3),
        work.Limit.TotalSeconds,
        work.Work.IsAlone,
        row.FileNumber < state.KnownInputs.Count ? PublicLocation.Of(state.KnownInputs[row.FileNumber]) : null);

    private static string Names(IReadOnlyList<Overrun> works) => works.Count == 0 ? "no row" : string.Join("; ", works.Select(work => work.Work));
}
