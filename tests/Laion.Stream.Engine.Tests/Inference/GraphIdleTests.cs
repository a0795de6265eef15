using System.Diagnostics;
using System.Threading.Tasks.Dataflow;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Download;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Imaging;
using LaionStream.Engine.Inference;

namespace LaionStream.Engine.Tests.Inference;

/// <summary>Whether the graph keeps its sessions busy: the real blocks, rooms that cost nothing, models that take a fixed time for a batch.</summary>
public sealed class GraphIdleTests
{
    private const int BatchSize = 16;
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(60);

    // Sessions hold their threads, and on few cores the pool would grow too slowly to feed them.
    static GraphIdleTests() => ThreadPool.SetMinThreads(32, 32);

    [Fact]
    public async Task Assemble_UpstreamKeepsUp_SessionIsIdleLessThanTwoPercent()
    {
        var session = new FixedSession("fake 0", Latency);

        await RunAsync([session], batches: 40);

        // The machine's scheduler may hold any thread back for a slice; what the graph does wrong, it does at every batch. So the longest tenth does not count.
        TimeSpan[] gaps = [.. session.Runs.Zip(session.Runs.Skip(1), (a, b) => Stopwatch.GetElapsedTime(a.End, b.Start)).Order()];
        double idle = gaps.SkipLast(gaps.Length / 10).Sum(gap => gap.TotalMilliseconds);
        double busy = session.Runs.Sum(run => Stopwatch.GetElapsedTime(run.Start, run.End).TotalMilliseconds);
        Assert.Equal(40, session.Runs.Count);
        Assert.InRange(idle / (idle + busy), 0, 0.02);
    }

    [Fact]
    public async Task Assemble_EqualSessions_ShareTheBatchesEvenly()
    {
        FixedSession[] sessions = [.. Enumerable.Range(0, 3).Select(i => new FixedSession($"fake {i}", Latency))];

        await RunAsync(sessions, batches: 45);

        Assert.Equal(45, sessions.Sum(session => session.Runs.Count));
        Assert.All(sessions, session => Assert.InRange(session.Runs.Count, 12, 18));
    }

    [Fact]
    public async Task Assemble_OneSessionThreeTimesSlower_TakesTheSmallerShare()
    {
        FixedSession[] sessions = [new FixedSession("slow", Latency * 3), new FixedSession("fast", Latency)];

        await RunAsync(sessions, batches: 32);

        Assert.InRange(sessions[1].Runs.Count, 20, 28);
    }

    private static async Task RunAsync(IReadOnlyList<FixedSession> sessions, int batches)
    {
        var drops = new Drops();
        using var flow = new FlowBuilder(drops, TimeProvider.System, CancellationToken.None);
        var rooms = new Rooms(
            (row, _) => ValueTask.FromResult<Step<Candidate>>(row),
            (row, _) => ValueTask.FromResult<Step<FetchedImage>>(new FetchedImage(row, null!, row.Url, DateTimeOffset.UnixEpoch)),
            (image, _) => ValueTask.FromResult<Step<PreparedImage>>(new PreparedImage(image.Candidate, image.FinalUrl, image.FetchedAt, 1, 1, "", "", [])),
            sessions,
            (_, _) => ValueTask.FromResult<Step<KeptRow>>(DropReason.LowSimilarity),
            [new WriterRoom<KeptRow>("en", (_, _) => ValueTask.CompletedTask, _ => ValueTask.CompletedTask)]);
        QueueOptions Queue() => new() { Capacity = 64, Parallelism = 2 };
        ITargetBlock<Candidate> head = PipelineGraph.Assemble(flow, rooms, new GraphOptions(Queue(), Queue(), Queue(), BatchSize, () => TimeSpan.FromMinutes(5), Queue(), 8));
        for (int i = 0; i < batches * BatchSize; i++)
        {
            Assert.True(await head.SendAsync(new Candidate(new RowKey(0, i), "http://example.com/a.png", "a", "?", null, "test", i)));
        }

        head.Complete();
        await flow.Completion.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(batches * BatchSize, drops.Count);
    }

    /// <summary>Takes the same time for every batch, and holds its thread like a model does.</summary>
    private sealed class FixedSession(string device, TimeSpan latency) : IScoringSession
    {
        public List<(long Start, long End)> Runs { get; } = [];

        public string Device => device;

        public ValueTask<IReadOnlyList<Step<ScoredImage>>> ScoreAsync(IReadOnlyList<PreparedImage> batch, CancellationToken abort)
        {
            long start = Stopwatch.GetTimestamp();
            Thread.Sleep(latency);
            Runs.Add((start, Stopwatch.GetTimestamp()));
            return ValueTask.FromResult<IReadOnlyList<Step<ScoredImage>>>([.. batch.Select(image => (Step<ScoredImage>)ScoredImage.From(image, new ImageScores(0)))]);
        }
    }

    private sealed class Drops : IDropSink
    {
        private int _count;

        public int Count => _count;

        public void Drop(RowKey key, DropVerdict verdict) => Interlocked.Increment(ref _count);
    }
}
