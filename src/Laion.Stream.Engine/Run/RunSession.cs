using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Summary;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Inputs;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Output;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Run;

/// <summary>The only place where a run is opened, run, and closed, whatever its verb.</summary>
/// <remarks>
/// Everything that lives as long as a run is a service of its scope. The scope disposes its services in the reverse of the order in which they were first
/// resolved, so that order is the one written here: guard, handles and models, output, graph, connections. The guard is disposed last, and watches the others
/// end.
/// </remarks>
internal sealed partial class RunSession(
    IServiceScopeFactory scopes, IOptions<WritingOptions> writing, IOptionsMonitor<PipelineOptions> pipeline, RunOrigin origin, RunGlances glances,
    ILogger<RunSession> log)
{
    /// <summary>Runs until the inputs are done, the run is stopped, or a fault occurs.</summary>
    /// <typeparam name="TPlan">The kind of run, before its output is opened.</typeparam>
    /// <typeparam name="TGraph">Its stages.</typeparam>
    /// <param name="request">The verb's parameters.</param>
    /// <param name="stop">Stops reading; rows in flight drain and are committed.</param>
    /// <param name="abort">Ends the run at once.</param>
    /// <exception cref="OperationCanceledException">Either token was cancelled before the first file was opened.</exception>
    /// <exception cref="InputException">The given inputs cannot be read.</exception>
    /// <exception cref="Ledger.Format.OutputRefusedException">The output belongs to another process or another run.</exception>
    public async Task<RunReport> ExecuteAsync<TPlan, TGraph>(RunRequest request, CancellationToken stop, CancellationToken abort)
        where TPlan : class, IRunPlan
        where TGraph : class, IRunGraph
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        IServiceProvider services = scope.ServiceProvider;
        RunContext context = services.GetRequiredService<RunContext>();
        context.Signals = new RunSignals(stop, abort);
        RunGuard guard = services.GetRequiredService<RunGuard>();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, abort); // until the run starts there is nothing to drain

        TPlan plan = services.GetRequiredService<TPlan>();
        either.Token.ThrowIfCancellationRequested();
        context.Output = new OutputRequest(writing.Value.Path, plan.Fingerprint, request.Locations,
            new LedgerTuning(writing.Value.LedgerFlush, writing.Value.LedgerSegmentBytes))
        {
            TakesNewInputs = request.TakesNewInputs,
        };
        RunState state = services.GetRequiredService<RunState>();
        FlowBuilder flow = services.GetRequiredService<FlowBuilder>();
        RunInputs inputs = await request.FilesOf(state, services.GetRequiredService<InputWatch>(), either.Token);
        IReadOnlyList<ExtraColumn> extras = await services.GetRequiredService<CandidateReaders>().OpenAsync(inputs.Files, plan.CaptionRequired, either.Token);
        state.RecordInputs();

        TGraph graph = services.GetRequiredService<TGraph>();
        AssembledGraph assembled = graph.Assemble(extras);
        using IDisposable? live = pipeline.OnChange(graph.TakeLive);
        guard.Watch(flow, state, stop, abort);
        var record = new RunRecorder(origin, request.Verb, plan.Fingerprint, state.Snapshot, services.GetRequiredService<TimeProvider>(), log);
        var history = new RunHistory(state.OutputFolder, flow.Gauges, log);
        string share = request.ShareOf(state);
        InputProgress progress = services.GetRequiredService<InputProgress>();
        Expect(progress, state, inputs.Files, request.TakesNewInputs ? share : null);
        var look = new RunLook(request.Verb, state, share, flow.Gauges, graph, assembled, progress, services.GetRequiredService<TimeProvider>());
        return await RunAsync(new OpenRun(services, state, flow, graph, assembled, share, record, history, look),
            Reader(services, state, flow, assembled, inputs), request, plan.Inputs, stop);
    }

    /// <summary>Names the files to read, and those of the share that are done; a retry reads done files, and has none before it.</summary>
    private static void Expect(InputProgress progress, RunState state, IReadOnlyList<InputFile> files, string? share)
    {
        IEnumerable<int> done = share is null ? [] : Enumerable.Range(0, state.KnownInputs.Count)
            .Where(number => InputExpansion.IsInShare(share, number) && state.IsDone(number) && !state.IsWithdrawn(number));
        progress.Expect(files, number => state.Marks.Find(number)?.Bytes,
            done.Except(files.Select(file => file.Number)).Select(number => state.Marks.Find(number)?.Bytes).OfType<long>());
    }

    /// <summary>Creates the object that reads the inputs into the graph.</summary>
    private static PipelineRun Reader(IServiceProvider services, RunState state, FlowBuilder flow, AssembledGraph graph, RunInputs inputs)
    {
        TimeProvider clock = services.GetRequiredService<TimeProvider>();
        ILoggerFactory logs = services.GetRequiredService<ILoggerFactory>();
        InputProgress progress = services.GetRequiredService<InputProgress>();
        var pump = new InputPump(
            inputs.BeginAsync,
            inputs.Began,
            services.GetRequiredService<CandidateReaders>().ForAsync,
            services.GetRequiredService<DedupeIndex>().TryClaim,
            state.Ledger,
            graph.Head,
            clock,
            logs.CreateLogger<InputPump>(),
            progress,
            flow.RecordsDrops ? flow.RecordDropAsync : null);
        var queue = new StaticInputQueue(inputs.Files);
        var held = new HeldInputs(queue, state.IsDone, clock);
        var pumps = new InputPumps(held, pump.PumpAsync, logs.CreateLogger<InputPumps>());
        return new PipelineRun(flow, graph.Head, queue, held, pumps, new RunEnds(graph.Writers, state, logs.CreateLogger<RunEnds>()),
            logs.CreateLogger<PipelineRun>());
    }

    /// <summary>Runs together with the monitor, and writes the summary whatever the end.</summary>
    private async Task<RunReport> RunAsync(OpenRun open, PipelineRun run, RunRequest request, int parallel, CancellationToken stop)
    {
        using var ended = new CancellationTokenSource();
        Write(Summarise(open, request.Verb, RunStates.Running), open, ranWell: false);
        glances.Open(open.Look.Now);
        Task monitoring = Task.WhenAll(Monitor(open).WatchAsync(ended.Token), SummariseEveryAsync(open, request.Verb, ended.Token));
        Task watching = FaultWithAsync(open.Flow, open.State.Watch);
        bool ranWell = false;
        RunEnd end = RunEnd.Stopped;
        string state = RunStates.Failed;
        RunSummary summary;
        try
        {
            end = await run.RunAsync(parallel, stop) ? RunEnd.Done : run.Unreadable.Count > 0
                && !stop.IsCancellationRequested ? RunEnd.InputsMissing : RunEnd.Stopped;
            ranWell = true;
            state = end == RunEnd.Done ? RunStates.Done : end == RunEnd.InputsMissing ? RunStates.InputsMissing : RunStates.Stopped;
        }
        catch (OperationCanceledException)
        {
            state = RunStates.Aborted;
            throw;
        }
        finally
        {
            glances.Close();
            await ended.CancelAsync();
            await monitoring;
            summary = Summarise(open, request.Verb, state);
            Write(summary, open, ranWell);
        }

        if (watching.IsFaulted) { await watching; }
        return new RunReport(summary, end, run.Unreadable);
    }

    private static PipelineMonitor Monitor(OpenRun open)
    {
        PipelineOptions options = open.Services.GetRequiredService<PipelineOptions>();
        return new PipelineMonitor(
            open.Look.Now,
            open.Flow.Gauges,
            open.Assembled.Budgets,
            () => open.State.Ledger.Stalled(options.StallAfter),
            options.SummaryInterval,
            open.Services.GetRequiredService<TimeProvider>(),
            open.Services.GetRequiredService<ILogger<PipelineMonitor>>());
    }

    /// <summary>Writes the summary periodically, so that a run that is ended by force has left one.</summary>
    private async Task SummariseEveryAsync(OpenRun open, string verb, CancellationToken ended)
    {
        using var timer = new PeriodicTimer(open.Services.GetRequiredService<PipelineOptions>()
            .SummaryInterval, open.Services.GetRequiredService<TimeProvider>());
        while (true)
        {
            await ((Task)timer.WaitForNextTickAsync(ended).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ended.IsCancellationRequested) { return; }
            Write(Summarise(open, verb, RunStates.Running), open, ranWell: false);
        }
    }

    private static RunSummary Summarise(OpenRun open, string verb, string state)
    {
        DateTimeOffset now = open.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        RunSummary summary = SummaryFile.From(verb, open.State.Snapshot(), RunFiles.Progress(open.State, open.Share), now);
        return open.Graph.Describe(summary) with
        {
            Run = open.Record.Now(state),
            Stages =
            [
                .. open.Flow.Gauges.Stages.Where(stage => stage.Received > 0)
                    .Select(stage => new StageSummary(stage.Name, stage.Received, stage.Kept, stage.Dropped) { Overruns = stage.Overruns }),
            ],
        };
    }

    /// <summary>Writes the summary, and its numbers into the history.</summary>
    private void Write(RunSummary summary, OpenRun open, bool ranWell)
    {
        try
        {
            open.State.CheckLock(); // a process that lost its lock must not overwrite the other's summary
            SummaryFile.Write(open.State.OutputFolder, summary);
            open.History.Note(summary);
        }
        catch (Exception e) when (!ranWell && e is (IOException or UnauthorizedAccessException))
        {
            // While the run continues, its writers will meet the same cause. After it has ended, the error that ended it is reported instead; it is often the
            // same cause: a full disk cannot store a summary either.
            Log.NotSummarised(log, e.Message);
        }
    }

    /// <summary>If the ledger cannot be written, the run ends: rows would otherwise end without a record.</summary>
    private static async Task FaultWithAsync(FlowBuilder flow, Task watch)
    {
        await watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (watch.Exception is { } fault) { flow.Fault(fault); }
    }

    /// <summary>A run that is ready to read its inputs.</summary>
    private sealed record OpenRun(IServiceProvider Services, RunState State, FlowBuilder Flow, IRunGraph Graph, AssembledGraph Assembled, string Share,
        RunRecorder Record, RunHistory History, RunLook Look);

    private static partial class Log
    {
        [LoggerMessage(922, LogLevel.Warning, "summary.json could not be written now; the end of this run or the next run writes it: {Cause}")]
        public static partial void NotSummarised(ILogger log, string cause);
    }
}
