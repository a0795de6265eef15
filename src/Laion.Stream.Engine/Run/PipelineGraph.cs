using System.Threading.Tasks.Dataflow;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Download;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Scoring;

namespace LaionStream.Engine.Run;

/// <summary>The graph, as a diagram and as code. Nothing else in the engine connects blocks.</summary>
internal static class PipelineGraph
{
    /// <summary>The stage that fetches.</summary>
    public const string Download = "download";

    /// <summary>The stage that decodes.</summary>
    public const string Decode = "decode";

    private static readonly TimeSpan WriterTick = TimeSpan.FromSeconds(1);

    /// <summary>WAT to dataset.</summary>
    /// <returns>The block that receives the pump's candidates; completing it drains the graph.</returns>
    //   InputPump ─► language ─► download ─► decode ─► clip batch ─┬─► clip 0 ─┬─► similarity ─► scores batch ─┬─► scores 0 ─┬─► limits ─┬─► writer en
    //                                                              │           │                               │             │           ├─► writer multi
    //                                                              └─► clip N ─┘                               └─► scores N ─┘           └─► writer nolang
    //   the pump and every stage ─► writer dropped (only where dropped rows are written)
    internal static ITargetBlock<Candidate> Assemble(FlowBuilder flow, GraphStages stages, GraphOptions o)
    {
        var language = flow.Stage<Candidate, Candidate>("language", o.Language, stages.Language);
        var download = flow.Stage<Candidate, FetchedImage>(Download, o.Download, stages.Download, o.DownloadLimit);
        var decode = flow.Stage<FetchedImage, PreparedImage>(Decode, o.Decode, stages.Decode, o.DecodeLimit);
        var clipBatch = flow.Batch<PreparedImage>("clip batch", o.BatchSize, ahead: stages.Sessions.Count + 1, o.Linger);
        var clip = stages.Sessions.Select(session => flow.BatchStage<PreparedImage, ComparedImage>($"clip {session.Device}", session.CompareAsync)).ToArray();
        var similarity = flow.Stage<ComparedImage, ComparedImage>("similarity", o.Filter, stages.Similarity);
        var scoresBatch = flow.Batch<ComparedImage>("scores batch", o.BatchSize, ahead: stages.Sessions.Count + 1, o.Linger);
        var scores = stages.Sessions.Select(session => flow.BatchStage<ComparedImage, ScoredImage>($"scores {session.Device}", session.ScoreAsync)).ToArray();
        var limits = flow.Stage<ScoredImage, KeptRow>("limits", o.Filter, stages.Limits);
        var writers = stages.Writers.Select(w => (w.Name, flow.Sink<KeptRow>($"writer {w.Name}", o.WriterCapacity, w.WriteAsync, WriterTick, w.TickAsync)))
            .ToArray();

        // The only fork: every set has its writer. Inner links first, the source last.
        flow.Route(limits, row => row.Set, writers);
        flow.FanIn(scores, limits);
        flow.FanOut(scoresBatch, scores);
        flow.Link(similarity, scoresBatch);
        flow.FanIn(clip, similarity);
        flow.FanOut(clipBatch, clip);
        flow.Link(decode, clipBatch);
        flow.Link(download, decode);
        flow.Link(language, download);
        Record(flow, stages.Drops, o.WriterCapacity);
        return language;
    }

    /// <summary>WAT to candidates only.</summary>
    /// <returns>The block that receives the pump's candidates.</returns>
    //   InputPump ─► language ─► writer candidates
    internal static ITargetBlock<Candidate> AssembleExtract(
        FlowBuilder flow,
        Func<Candidate, CancellationToken, ValueTask<Step<Candidate>>> languageStage,
        SetWriter<Candidate> candidates,
        QueueOptions languageQueue,
        int writerCapacity,
        DropRecorder? drops = null)
    {
        var language = flow.Stage<Candidate, Candidate>("language", languageQueue, languageStage);
        var writer = flow.Sink<Candidate>("writer candidates", writerCapacity, candidates.WriteAsync, WriterTick, candidates.TickAsync);

        flow.Link(language, writer);
        Record(flow, drops, writerCapacity);
        return language;
    }

    private static void Record(FlowBuilder flow, DropRecorder? drops, int capacity)
    {
        if (drops is not null) { flow.RecordDrops($"writer {drops.Set.Name}", capacity, drops.Of, drops.Set.WriteAsync, WriterTick, drops.Set.TickAsync); }
    }
}
