using System.Diagnostics.Metrics;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Summary;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Download;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Language;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.OptOuts;
using LaionStream.Engine.Output;
using LaionStream.Engine.Scoring;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Run;

/// <summary>From candidates to the dataset's sets: provides the stages for the diagram of <see cref="PipelineGraph"/>.</summary>
internal sealed partial class DatasetGraph(
    FlowBuilder flow,
    GraphOptions bounds,
    FlightBudgets budgets,
    LanguageStage language,
    DownloadModule download,
    GuardedDecode decode,
    PictureKeeper keeper,
    RunModels models,
    SimilarityStage similarity,
    SimilarityCounts similarities,
    LimitsStage limits,
    DatasetWriters sets,
    OptOutJudge optOuts,
    IOptions<FilterOptions> filtering,
    RunState state,
    IMeterFactory meters,
    RunMetrics metrics,
    TuneWatch tune,
    TuneHeadroomReader headroom,
    ILogger<DatasetGraph> log) : IRunGraph
{
    private StageGauge? _downloadGauge;

    /// <inheritdoc/>
    public AssembledGraph Assemble(IReadOnlyList<ExtraColumn> extras)
    {
        IReadOnlyList<RowWriter> writers = sets.Open(extras);
        DropWriter? dropped = sets.OpenDropped(extras);
        AddEarlierSimilarities();
        var stages = new GraphStages(
            language.RunAsync,
            FetchAsync,
            decode.RunAsync,
            models.Sessions,
            similarity.RunAsync,
            limits.RunAsync,
            [.. writers.Select(writer => new SetWriter<KeptRow>(writer.Set, writer.WriteAsync, writer.TickAsync))],
            DropRecorder.For(dropped));
        InferenceMetrics.Observe(meters, models.Meters);
        flow.Gauges.TakesFrom(PipelineGraph.Download, budgets.Bodies);
        flow.Gauges.TakesFrom(PipelineGraph.Decode, budgets.Pixels);
        var graph = new AssembledGraph(
            PipelineGraph.Assemble(flow, stages, bounds), dropped is null ? writers : [.. writers, dropped], [budgets.Bodies, budgets.Pixels]);
        _downloadGauge = flow.Gauges.Stages.First(stage => stage.Name == PipelineGraph.Download);
        metrics.Observe(graph);
        tune.Start();
        return graph;
    }

    /// <inheritdoc/>
    public RunTraffic? Traffic => new(download.Statistics.Fetched, _downloadGauge?.Dropped ?? 0, download.Statistics.Bytes);

    /// <inheritdoc/>
    public TuneHeadroom Headroom() => headroom.Read();

    /// <inheritdoc/>
    public void TakeLive(PipelineOptions now) => bounds.TakeLive(now);

    /// <inheritdoc/>
    public RunSummary Describe(RunSummary summary) => OptOutCounts.With(summary, optOuts) with
    {
        Download = download.Summarise().ToReport(),
        Models = models.Digests,
        Thresholds = DatasetMetadata.Thresholds(filtering.Value, models.HasMultilingualText),
        Similarity = similarities.Histograms(),
        Notes = models.Columns,
    };

    private async ValueTask<Step<FetchedImage>> FetchAsync(Candidate candidate, CancellationToken abort)
    {
        Step<FetchedImage> step = await download.Stage.RunAsync(candidate, abort);
        if (step.Row is { } image) { keeper.Expect(image); }
        return step;
    }

    private void AddEarlierSimilarities()
    {
        try
        {
            if (SummaryFile.Find(state.OutputFolder) is { } earlier) { similarities.AddEarlier(earlier.Similarity); }
        }
        catch (InvalidDataException e)
        {
            Log.SimilaritiesUnknown(log, e.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(925, LogLevel.Warning, "The similarities of earlier sessions are not counted in this output's report: {Cause}")]
        public static partial void SimilaritiesUnknown(ILogger log, string cause);
    }
}
