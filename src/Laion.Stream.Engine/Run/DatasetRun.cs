using System.Diagnostics.Metrics;
using System.Globalization;
using System.Threading.Tasks.Dataflow;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Rows;
using LaionStream.Dataset.Summary;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Download;
using LaionStream.Engine.Download.Connections;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Inputs;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Language;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Output;
using LaionStream.Engine.Scoring;
using LaionStream.Models.Catalog;
using LaionStream.Models.Onnx;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Run;

/// <summary>The main job, from input files to dataset: opens the output and the models, furnishes the rooms, runs the graph, and writes the summary.</summary>
internal sealed partial class DatasetRun(
    InputExpansion inputs,
    CandidateReaders readers,
    IInputOpener opener,
    LanguageStage language,
    IOptionsMonitor<DownloadOptions> download,
    IOptions<InputOptions> input,
    IOptions<CandidateOptions> candidates,
    IOptions<ImagingOptions> imaging,
    IOptions<ModelOptions> models,
    IOptionsMonitor<InferenceOptions> inference,
    IOptions<FilterOptions> filtering,
    IOptions<WritingOptions> writing,
    IOptionsMonitor<PipelineOptions> pipeline,
    TimeProvider clock,
    IMeterFactory meters,
    ILoggerFactory logs,
    RunModels? standIn = null, // registered by a soak only: sessions in place of the models that the options name
    DownloadTestHooks? seams = null, // likewise: a web in the place of the world's
    DecodeHooks? decodeHooks = null, // tests only
    IProcessEnd? end = null) // none inside another program
{
    private static readonly string[] Sets = ["en", "multi", "nolang"];

    /// <summary>Runs until the inputs are done, or stopped, or something breaks.</summary>
    /// <param name="verb">Goes into the summary.</param>
    /// <param name="stop">Stops reading; drains and commits.</param>
    /// <param name="abort">Ends at once.</param>
    /// <exception cref="InputException">The inputs as given cannot be read.</exception>
    /// <exception cref="OutputRefusedException">The output belongs to another process or another run.</exception>
    /// <exception cref="ModelException">A model that is asked for cannot be loaded.</exception>
    /// <exception cref="Handles.HandleLimitException">The process may open too few files and sockets.</exception>
    /// <exception cref="OperationCanceledException">Either was asked for before the first file was opened.</exception>
    public async Task<RunReport> ExecuteAsync(string verb, CancellationToken stop, CancellationToken abort)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, abort);
        IReadOnlyList<string> locations = await inputs.ExpandAsync(input.Value, either.Token);
        return await RunAsync(verb, locations, _ => input.Value.Share, (state, watch, token) => RunFiles.OfAsync(state, watch, input.Value, token), stop, abort);
    }

    /// <summary>Takes the retryable drops of an output up again, into the same output; its inputs are those it knows.</summary>
    /// <param name="retry">Which drops.</param>
    /// <param name="stop">Stops reading; drains and commits.</param>
    /// <param name="abort">Ends at once.</param>
    /// <exception cref="OutputRefusedException">The output belongs to another process or another run.</exception>
    /// <exception cref="ModelException">A model that is asked for cannot be loaded.</exception>
    public Task<RunReport> RetryAsync(Retry retry, CancellationToken stop, CancellationToken abort) =>
        RunAsync("retry", [], state => RunFiles.ShareOf(state, input.Value, logs.CreateLogger<DatasetRun>()), (state, watch, token) => RunFiles.OfRetryAsync(state, watch, retry, token), stop, abort);

    private async Task<RunReport> RunAsync(
        string verb,
        IReadOnlyList<string> locations,
        Func<RunState, string> shareOf,
        Func<RunState, InputWatch, CancellationToken, ValueTask<RunInputs>> filesOf,
        CancellationToken stop,
        CancellationToken abort)
    {
        PipelineOptions options = pipeline.CurrentValue;
        using var guard = new RunGuard(options, end, clock, logs.CreateLogger<RunGuard>()); // first, so that it is the last to go
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, abort); // until the run begins there is nothing to drain
        int parallel = RunFiles.Parallel(input.Value);
        HandlePlanner handles = RunHandles.Plan(download.CurrentValue, ref parallel, logs.CreateLogger<DatasetRun>());
        using RunModels set = standIn ?? RunModels.Load(models.Value, inference.CurrentValue, filtering.Value.Off, candidates.Value.Rules, logs);
        either.Token.ThrowIfCancellationRequested();
        foreach ((string key, string message) in FilterOptionsRules.Unknown(filtering.Value, set.Scores)) { throw new ModelException(key, message); }

        RunFingerprint fingerprint = RunFingerprints.OfDataset(candidates.Value, download.CurrentValue, imaging.Value, filtering.Value, set.Digests);
        await using RunState state = RunState.Open(
            writing.Value.Path, fingerprint, locations, new LedgerTuning(writing.Value.LedgerFlush, writing.Value.LedgerSegmentBytes, writing.Value.RequireLock), clock, logs);
        using var flow = new FlowBuilder(state.Ledger, clock, abort, meters);

        var bodies = BodySteps.Slice(options.BodySlice);
        var pixels = new ByteBudget("pixels", options.PixelSlice);
        flow.Gauges.TakesFrom(PipelineGraph.Download, bodies);
        flow.Gauges.TakesFrom(PipelineGraph.Decode, pixels);
        GraphOptions bounds = Bounds(options);
        Prepare(options, set.Sessions.Count);
        var watch = new InputWatch(state, readers, opener, input.Value, logs.CreateLogger<InputWatch>());
        (IReadOnlyList<InputFile> files, var begin, var began) = await filesOf(state, watch, either.Token);
        IReadOnlyList<ExtraColumn> extras = await readers.OpenAsync(files, captionRequired: !filtering.Value.Off, either.Token);
        state.RecordInputs();
        InferenceMetrics.Observe(meters, set.Meters);
        using var fetch = new DownloadModule(download, candidates.Value.Agent, bodies, clock, meters, logs, handles, seams);
        RowWriter[] writers = [.. Sets.Select(name => new RowWriter(state, name, writing.Value, FileMetadata(set), set.Scores, extras, clock))];
        ITargetBlock<Candidate> head = PipelineGraph.Assemble(flow, Build(set, fetch, pixels, state, writers), bounds);
        using IDisposable? live = pipeline.OnChange(bounds.TakeLive);

        var pump = new InputPump(begin, began, readers.For, new DedupeIndex(state, candidates.Value.Rules).TryClaim, state.Ledger, head, clock, logs.CreateLogger<InputPump>());
        var queue = new StaticInputQueue(files);
        var held = new HeldInputs(queue, state.IsDone, clock);
        var run = new PipelineRun(flow, head, queue, held, new InputPumps(held, pump.PumpAsync, logs.CreateLogger<InputPumps>()), new RunEnds(writers, state, logs.CreateLogger<RunEnds>()), logs.CreateLogger<PipelineRun>());
        var monitor = new PipelineMonitor(
            flow.Gauges, state.Snapshot, [bodies, pixels], () => state.Ledger.Stalled(options.StallAfter), options.SummaryInterval, clock, logs.CreateLogger<PipelineMonitor>());
        guard.Watch(flow, state, stop, abort);
        return await RunSession.ExecuteAsync(verb, flow, state, run, monitor, parallel, shareOf(state), summary => Describe(summary, set, fetch), clock, logs.CreateLogger<DatasetRun>(), stop);
    }

    /// <summary>Makes room in the thread pool for the stages that block their threads, so that sockets are not starved while it grows.</summary>
    private void Prepare(PipelineOptions options, int sessions)
    {
        ILogger<DatasetRun> log = logs.CreateLogger<DatasetRun>();
        foreach (string warning in PipelineOptionsRules.Warnings(options, sessions, Environment.ProcessorCount)) { Log.Warning(log, warning); }
        int blocking = options.DecodeQueue.Parallelism + sessions;
        ThreadPool.GetMinThreads(out int workers, out int completions);
        ThreadPool.SetMinThreads(Math.Max(workers, Environment.ProcessorCount + blocking), completions);
        Log.Budget(log, options.MemoryBudget >> 20, options.BodySlice >> 20, options.PixelSlice >> 20);
    }

    private GraphStages Build(RunModels set, DownloadModule fetch, ByteBudget pixels, RunState state, IReadOnlyList<RowWriter> writers)
    {
        var decode = new DecodeStage(imaging.Value, set.PixelSpecs, pixels, logs.CreateLogger<DecodeStage>(), decodeHooks);
        var filter = new FilterStage(new SimilarityRules(filtering.Value, set.Scores, set.HasMultilingualText));
        return new GraphStages(language.RunAsync, fetch.Stage.RunAsync, WithSuspects(decode, state.Suspects), set.Sessions, filter.RunAsync, [.. writers.Select(writer => new SetWriter<KeptRow>(writer.Set, writer.WriteAsync, writer.TickAsync))]);
    }

    /// <summary>The decode stage, behind a gate where earlier runs were ended by force with rows in it.</summary>
    private Func<FetchedImage, CancellationToken, ValueTask<Step<PreparedImage>>> WithSuspects(DecodeStage decode, IReadOnlyList<SuspectNote> notes)
    {
        HashSet<RowKey> suspects = SuspectRules.Suspects(notes, PipelineGraph.Decode);
        return suspects.Count == 0
            ? decode.RunAsync
            : new SuspectGate(decode.RunAsync, suspects, SuspectRules.Poison(notes, PipelineGraph.Decode), logs.CreateLogger<SuspectGate>()).RunAsync;
    }

    private GraphOptions Bounds(PipelineOptions options) => new(
        options.Language,
        download.CurrentValue.Queue,
        options.DecodeQueue,
        inference.CurrentValue.BatchSize,
        () => inference.CurrentValue.Linger,
        options.Filter,
        options.WriterCapacity)
    {
        DownloadLimit = () => download.CurrentValue.Timeout,
        DecodeLimit = () => imaging.Value.DecodeTimeout,
    };

    private RunSummary Describe(RunSummary summary, RunModels set, DownloadModule fetch) => summary with
    {
        Download = fetch.Summarise().ToReport(),
        Models = set.Digests,
        Thresholds = Thresholds(),
        Notes = set.Columns,
    };

    /// <summary>What every part file carries about its making (docs/output-format.md, 3): models, thresholds, and which model wrote which score.</summary>
    private Dictionary<string, string> FileMetadata(RunModels set)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string role, string sha256) in set.Digests) { metadata[$"laion.model.{role}.sha256"] = sha256; }
        foreach ((string column, string model) in set.Columns) { metadata[$"laion.column.{column}"] = model; }
        foreach ((string name, double value) in Thresholds()) { metadata[$"laion.threshold.{name}"] = value.ToString("R", CultureInfo.InvariantCulture); }
        return metadata;
    }

    private Dictionary<string, double> Thresholds() => new(StringComparer.Ordinal)
    {
        ["similarity.en"] = filtering.Value.MinSimilarity.En,
        ["similarity.multi"] = filtering.Value.MinSimilarity.Multi,
        ["similarity.nolang"] = filtering.Value.MinSimilarity.Nolang,
    };

    private static partial class Log
    {
        [LoggerMessage(930, LogLevel.Warning, "{Advice}")]
        public static partial void Warning(ILogger log, string advice);

        [LoggerMessage(931, LogLevel.Information, "Bodies and pixels in flight: {MemoryMiB} MiB at most, {BodiesMiB} for bodies and {PixelsMiB} for pixels, plus one row of each that is larger")]
        public static partial void Budget(ILogger log, long memoryMiB, long bodiesMiB, long pixelsMiB);
    }
}
