using System.Threading.Tasks.Dataflow;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Summary;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Language;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.OptOuts;
using LaionStream.Engine.Output;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Run;

/// <summary>From candidates to the files of <c>extract</c>: provides the stages for the diagram of <see cref="PipelineGraph"/>.</summary>
internal sealed class CandidateGraph(
    FlowBuilder flow, RunState state, OutputRequest output, PipelineOptions options, LanguageStage language, OptOutJudge optOuts,
    IOptions<WritingOptions> writing, IOptions<InputOptions> input, TimeProvider clock, RunMetrics metrics) : IRunGraph
{
    private readonly CoreUse _cores = new(clock);

    /// <inheritdoc/>
    public AssembledGraph Assemble(IReadOnlyList<ExtraColumn> extras)
    {
        Dictionary<string, string> metadata = DatasetMetadata.OfRules(output.Fingerprint);
        var writer = new CandidateWriter(state, writing.Value, metadata, extras, clock);
        DropWriter? dropped = writing.Value.Drops ? new DropWriter(state, writing.Value, metadata, null, extras, clock) : null;
        var set = new SetWriter<Candidate>(CandidateWriter.SetName, writer.WriteAsync, writer.TickAsync);
        ITargetBlock<Candidate> head =
            PipelineGraph.AssembleExtract(flow, language.RunAsync, set, options.Language, options.WriterCapacity, DropRecorder.For(dropped));
        var graph = new AssembledGraph(head, dropped is null ? [writer] : [writer, dropped], []);
        metrics.Observe(graph);
        return graph;
    }

    /// <inheritdoc/>
    public RunTraffic? Traffic => null;

    /// <inheritdoc/>
    public TuneHeadroom Headroom() => new()
    {
        Cores = Environment.ProcessorCount,
        CoresBusy = _cores.Read(),
        Inputs = RunFiles.Parallel(input.Value),
        Language = options.Language.Parallelism,
        Decode = 0,
        Filter = 0,
        Requests = 0,
        RequestsActive = 0,
        RequestsMost = 0,
        PerHost = 0,
        HasGpu = false,
        BatchRows = 0,
        IsBatchLive = false,
        Sessions = 0,
        MemoryBudget = options.MemoryBudget,
        Memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
    };

    /// <inheritdoc/>
    public void TakeLive(PipelineOptions now) => options.Language.Parallelism = Math.Max(1, now.Language.Parallelism);

    /// <inheritdoc/>
    public RunSummary Describe(RunSummary summary) => OptOutCounts.With(summary, optOuts);
}
