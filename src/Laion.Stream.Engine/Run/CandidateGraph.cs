using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Summary;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Language;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.OptOuts;
using LaionStream.Engine.Output;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Run;

/// <summary>From candidates to the files of <c>extract</c>: provides the stages for the diagram of <see cref="PipelineGraph"/>.</summary>
internal sealed class CandidateGraph(
    FlowBuilder flow, RunState state, OutputRequest output, PipelineOptions options, LanguageStage language, OptOutJudge optOuts, IOptions<WritingOptions> writing, TimeProvider clock) : IRunGraph
{
    /// <inheritdoc/>
    public AssembledGraph Assemble(IReadOnlyList<ExtraColumn> extras)
    {
        var writer = new CandidateWriter(state, writing.Value, DatasetMetadata.OfRules(output.Fingerprint), extras, clock);
        var set = new SetWriter<Candidate>(CandidateWriter.SetName, writer.WriteAsync, writer.TickAsync);
        return new AssembledGraph(PipelineGraph.AssembleExtract(flow, language.RunAsync, set, options.Language, options.WriterCapacity), [writer], []);
    }

    /// <inheritdoc/>
    public void TakeLive(PipelineOptions now) => options.Language.Parallelism = Math.Max(1, now.Language.Parallelism);

    /// <inheritdoc/>
    public RunSummary Describe(RunSummary summary) => OptOutCounts.With(summary, optOuts);
}
