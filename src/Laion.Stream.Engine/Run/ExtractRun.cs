using System.Diagnostics.Metrics;
using System.Threading.Tasks.Dataflow;
using LaionStream.Dataset.Parquet;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Inputs;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Language;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Output;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Run;

/// <summary>Input files to candidates, without download: what cc2dataset does.</summary>
internal sealed class ExtractRun(
    InputExpansion inputs,
    CandidateReaders readers,
    IInputOpener opener,
    LanguageStage language,
    IOptions<InputOptions> input,
    IOptions<CandidateOptions> candidates,
    IOptions<WritingOptions> writing,
    IOptions<PipelineOptions> pipeline,
    TimeProvider clock,
    IMeterFactory meters,
    ILoggerFactory logs,
    IProcessEnd? end = null) // none inside another program
{
    /// <summary>Runs until the inputs are done, or stopped, or something breaks.</summary>
    /// <param name="stop">Stops reading; drains and commits.</param>
    /// <param name="abort">Ends at once.</param>
    /// <exception cref="InputException">The inputs as given cannot be read.</exception>
    /// <exception cref="OutputRefusedException">The output belongs to another process or another run.</exception>
    public async Task<RunReport> ExecuteAsync(CancellationToken stop, CancellationToken abort)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, abort); // nothing is read yet that would have to drain
        IReadOnlyList<string> locations = await inputs.ExpandAsync(input.Value, either.Token);
        PipelineOptions options = pipeline.Value;
        using var guard = new RunGuard(options, end, clock, logs.CreateLogger<RunGuard>()); // first, so that it is the last to go
        int parallel = RunHandles.PlanInputs(RunFiles.Parallel(input.Value), logs.CreateLogger<ExtractRun>());
        await using RunState state = RunState.Open(
            writing.Value.Path, RunFingerprints.OfCandidates(candidates.Value), locations, new LedgerTuning(writing.Value.LedgerFlush, writing.Value.LedgerSegmentBytes, writing.Value.RequireLock), clock, logs);
        using var flow = new FlowBuilder(state.Ledger, clock, abort, meters);

        var watch = new InputWatch(state, readers, opener, input.Value, logs.CreateLogger<InputWatch>());
        (IReadOnlyList<InputFile> files, var begin, var began) = await RunFiles.OfAsync(state, watch, input.Value, either.Token);
        IReadOnlyList<ExtraColumn> extras = await readers.OpenAsync(files, captionRequired: false, either.Token);
        state.RecordInputs();
        var writer = new CandidateWriter(state, writing.Value, new Dictionary<string, string>(), extras, clock);
        ITargetBlock<Candidate> head = PipelineGraph.AssembleExtract(
            flow, language.RunAsync, new SetWriter<Candidate>(CandidateWriter.SetName, writer.WriteAsync, writer.TickAsync), options.Language, options.WriterCapacity);

        var pump = new InputPump(begin, began, readers.For, new DedupeIndex(state, candidates.Value.Rules).TryClaim, state.Ledger, head, clock, logs.CreateLogger<InputPump>());
        var queue = new StaticInputQueue(files);
        var held = new HeldInputs(queue, state.IsDone, clock);
        var run = new PipelineRun(flow, head, queue, held, new InputPumps(held, pump.PumpAsync, logs.CreateLogger<InputPumps>()), new RunEnds([writer], state, logs.CreateLogger<RunEnds>()), logs.CreateLogger<PipelineRun>());
        var monitor = new PipelineMonitor(
            flow.Gauges, state.Snapshot, [], () => state.Ledger.Stalled(options.StallAfter), options.SummaryInterval, clock, logs.CreateLogger<PipelineMonitor>());
        guard.Watch(flow, state, stop, abort);
        return await RunSession.ExecuteAsync("extract", flow, state, run, monitor, parallel, input.Value.Share, summary => summary, clock, logs.CreateLogger<ExtractRun>(), stop);
    }
}
