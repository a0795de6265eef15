using System.Threading.Tasks.Dataflow;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Download;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Run;
using LaionStream.Engine.Scoring;
using LaionStream.Soak.Results;

namespace LaionStream.Benchmarks.Stages;

/// <summary>The cost of the graph itself per row: the real graph with stages that do nothing, compared with a bare chain of seven bounded blocks.</summary>
internal static class FlowMeasure
{
    private const int Blocks = 7;
    private const int Batch = 32;
    private const int Capacity = 256;

    /// <summary>Measures it.</summary>
    /// <param name="rounds">Number of rounds.</param>
    /// <param name="rows">Rows of one round.</param>
    public static Task<Figure> RunAsync(Rounds rounds, int rows) => rounds.MeasureAsync(
        Names.Graph, "row", () => GraphAsync(rows), "seven bounded blocks", () => ChainAsync(rows), $"{rows} rows; target ≤ 8 µs");

    private static async Task<double> ChainAsync(int rows)
    {
        var bounds = new ExecutionDataflowBlockOptions { BoundedCapacity = Capacity, EnsureOrdered = false };
        var message = new object();
        int seen = 0;
        var head = new TransformBlock<object, object>(static row => row, bounds);
        TransformBlock<object, object> last = head;
        for (int i = 1; i < Blocks - 1; i++)
        {
            var next = new TransformBlock<object, object>(static row => row, bounds);
            last.LinkTo(next, new DataflowLinkOptions { PropagateCompletion = true });
            last = next;
        }

        var end = new ActionBlock<object>(_ => seen++, bounds);
        last.LinkTo(end, new DataflowLinkOptions { PropagateCompletion = true });
        for (int i = 0; i < rows; i++) { await head.SendAsync(message); }

        head.Complete();
        await end.Completion;
        return seen;
    }

    private static async Task<double> GraphAsync(int rows)
    {
        var drops = new NoDrops();
        using var flow = new FlowBuilder(drops, TimeProvider.System, CancellationToken.None);
        var candidate = new Candidate(new RowKey(0, 0), "http://h/0", "text", "?", null, "x.wat", 0) { Language = "en", Set = "en" };
        var fetched = new FetchedImage(candidate, new FetchFacts(candidate.Url, default), new PooledBody([], 0, null));
        var prepared = new PreparedImage(candidate, fetched.Fetch, new PictureFacts(1, 1, "", ""), []);
        ComparedImage compared = ComparedImage.From(prepared, Scores.None with { Similarity = 0.5 });
        var kept = new KeptRow(candidate.Key, "en", Row(candidate));
        long written = 0;
        var stages = new GraphStages(
            (row, _) => ValueTask.FromResult<Step<Candidate>>(row),
            (_, _) => ValueTask.FromResult<Step<FetchedImage>>(fetched),
            (_, _) => ValueTask.FromResult<Step<PreparedImage>>(prepared),
            [new EmptySession(compared)],
            (_, _) => ValueTask.FromResult<Step<ComparedImage>>(compared),
            (_, _) => ValueTask.FromResult<Step<KeptRow>>(kept),
            [.. new[] { "en", "multi", "nolang" }.Select(set => new SetWriter<KeptRow>(set, WriteAsync, _ => default))]);
        var one = new QueueOptions { Parallelism = 1, Capacity = Capacity };
        ITargetBlock<Candidate> head = PipelineGraph.Assemble(flow, stages, new GraphOptions(
            one, new QueueOptions { Parallelism = 64, Capacity = 4096 }, new QueueOptions { Parallelism = 2, Capacity = 128 }, () => Batch, () =>
                TimeSpan.FromMilliseconds(200), one, 1024)
        {
            DownloadLimit = static () => TimeSpan.FromMinutes(1), // as in a run: calls of these stages know the row they belong to
            DecodeLimit = static () => TimeSpan.FromMinutes(1),
        });
        for (int i = 0; i < rows; i++)
        {
            if (!await head.SendAsync(candidate, flow.Abort)) { throw new InvalidOperationException("The graph declined a row."); }
        }

        head.Complete();
        await flow.Completion;
        if (written != rows) { throw new InvalidOperationException($"{written} of {rows} rows were written."); }
        return rows;

        ValueTask WriteAsync(KeptRow row, CancellationToken abort)
        {
            written++;
            return default;
        }
    }

    private static SampleRow Row(Candidate candidate) => new()
    {
        SampleId = 0,
        Url = candidate.Url,
        License = "?",
        Language = "en",
        Hash = 0,
        Source = "",
        Ordinal = 0,
        Fetch = new FetchFacts(candidate.Url, default),
        Picture = new PictureFacts(1, 1, "", ""),
        Scores = Scores.None,
    };

    private sealed class NoDrops : IDropSink
    {
        public void Drop(RowKey key, DropOutcome outcome) => throw new InvalidOperationException($"Row {key} was dropped: {outcome}.");
    }

    private sealed class EmptySession(ComparedImage compared) : IScoringSession
    {
        private readonly Step<ComparedImage>[] _compared = [.. Enumerable.Repeat<Step<ComparedImage>>(compared, Batch)];
        private readonly Step<ScoredImage>[] _scored = [.. Enumerable.Repeat<Step<ScoredImage>>(ScoredImage.From(compared, compared.Scores), Batch)];

        public string Device => "0";

        public ValueTask<IReadOnlyList<Step<ComparedImage>>> CompareAsync(IReadOnlyList<PreparedImage> batch, CancellationToken abort) =>
            ValueTask.FromResult<IReadOnlyList<Step<ComparedImage>>>(batch.Count == Batch ? _compared : _compared[..batch.Count]);

        public ValueTask<IReadOnlyList<Step<ScoredImage>>> ScoreAsync(IReadOnlyList<ComparedImage> batch, CancellationToken abort) =>
            ValueTask.FromResult<IReadOnlyList<Step<ScoredImage>>>(batch.Count == Batch ? _scored : _scored[..batch.Count]);
    }
}
