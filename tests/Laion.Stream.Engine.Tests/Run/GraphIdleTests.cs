using System.Diagnostics;
using System.Threading.Tasks.Dataflow;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Download;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Run;
using LaionStream.Engine.Scoring;
using LaionStream.Models.Catalog;
using LaionStream.Models.ModelSets;
using LaionStream.Models.Onnx;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.TestWorld;
using Microsoft.Extensions.Logging.Abstractions;

namespace LaionStream.Engine.Tests.Run;

/// <summary>Whether the graph keeps its sessions busy: the real blocks, stages that cost nothing, models that take a fixed time per batch.</summary>
public sealed class GraphIdleTests
{
    private const int BatchSize = 16;
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(60);

    // Sessions block their threads, and on few cores the pool would grow too slowly to feed them.
    static GraphIdleTests() => ThreadPool.SetMinThreads(32, 32);

    [Fact]
    public async Task Assemble_UpstreamKeepsUp_SessionIsIdleLessThanTwoPercent()
    {
        // An error of the graph shows every time; a busy machine delays threads only now and then.
        double least = 1;
        for (int attempt = 0; attempt < 5 && least > 0.02; attempt++) { least = Math.Min(least, await IdleShareAsync()); }

        Assert.InRange(least, 0, 0.02);
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

    [Theory]
    [InlineData(new[] { 0, 1 }, "auto")]
    [InlineData(new[] { 0 }, "2")]
    [InlineData(new[] { 0, 1 }, "2")]
    public async Task Assemble_RealSessions_AreFedSideBySideFromTheFirstBatchToTheLast(int[] devices, string perDevice)
    {
        const int Batches = 24;
        using ModelSet models = ModelSet.Load(
            BundledModels.TinyClip, new ModelOptions { Fallback = "" }, new InferenceOptions
            {
                Devices = devices,
                SessionsPerDevice = perDevice,
                Threads = 1
            }, NullLoggerFactory.Instance);
        using var together = new Together(models.Devices.Count, Batches);

        // A session that had no batch while the other has one would keep both waiting: the only clock here is the timeout.
        await RunAsync([.. models.Devices.Select(device => new ModelSession(device)).Select(session => new SteppedSession(session, together))], Batches,
            image: 224);

        Assert.Equal(Batches, models.Devices.Sum(session => session.Meters.Clip.Batches));

        // All but the last two batches per session are shared evenly; one session may get all of those.
        int last = 2 * models.Devices.Count;
        int least = (Batches - last) / models.Devices.Count;
        Assert.All(models.Devices, session => Assert.InRange(session.Meters.Clip.Batches, least, least + last));
    }

    private static async Task<double> IdleShareAsync()
    {
        var session = new FixedSession("fake 0", Latency);

        await RunAsync([session], batches: 40);

        Assert.Equal(40, session.Runs.Count);
        double idle = session.Runs.Zip(session.Runs.Skip(1), (a, b) => Stopwatch.GetElapsedTime(a.End, b.Start)).Sum(gap => gap.TotalMilliseconds);
        return idle / Stopwatch.GetElapsedTime(session.Runs[0].Start, session.Runs[^1].End).TotalMilliseconds;
    }

    private static async Task RunAsync(IReadOnlyList<IScoringSession> sessions, int batches, int image = 0)
    {
        var drops = new Drops();
        using var flow = new FlowBuilder(drops, TimeProvider.System, CancellationToken.None);
        var stages = new GraphStages(
            (row, _) => ValueTask.FromResult<Step<Candidate>>(row),
            (row, _) => ValueTask.FromResult<Step<FetchedImage>>(new FetchedImage(row, new FetchFacts(row.Url, DateTimeOffset.UnixEpoch), null!)),
            (fetched, _) => ValueTask.FromResult<Step<PreparedImage>>(
                new PreparedImage(fetched.Candidate, fetched.Fetch, new PictureFacts(1, 1, "", ""), image == 0 ? [] : [new PixelInput(image, image)])),
            sessions,
            (image, _) =>
            {
                image.Dispose();
                return ValueTask.FromResult<Step<ComparedImage>>(DropReason.LowSimilarity);
            },
            (_, _) => throw new UnreachableException(),
            [new SetWriter<KeptRow>("en", (_, _) => ValueTask.CompletedTask, _ => ValueTask.CompletedTask)]);
        QueueOptions Queue() => new() { Capacity = 64, Parallelism = 2 };
        ITargetBlock<Candidate> head =
            PipelineGraph.Assemble(flow, stages, new GraphOptions(Queue(), Queue(), Queue(), () => BatchSize, () => TimeSpan.FromMinutes(5), Queue(), 8));
        for (int i = 0; i < batches * BatchSize; i++)
        {
            Assert.True(await head.SendAsync(new Candidate(new RowKey(0, i), "http://example.com/a.png", "a", "?", null, "test", i)));
        }

        head.Complete();
        await flow.Completion.WaitAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(batches * BatchSize, drops.Count);
    }

    /// <summary>Takes the same time for every batch, and blocks its thread as a model does.</summary>
    private sealed class FixedSession(string device, TimeSpan latency) : IScoringSession
    {
        public List<(long Start, long End)> Runs { get; } = [];

        public string Device => device;

        public ValueTask<IReadOnlyList<Step<ComparedImage>>> CompareAsync(IReadOnlyList<PreparedImage> batch, CancellationToken abort)
        {
            long start = Stopwatch.GetTimestamp();
            Thread.Sleep(latency);
            Runs.Add((start, Stopwatch.GetTimestamp()));
            return ValueTask.FromResult<IReadOnlyList<Step<ComparedImage>>>(
                [.. batch.Select(image => (Step<ComparedImage>)ComparedImage.From(image, Scores.None with { Similarity = 0 }))]);
        }

        public ValueTask<IReadOnlyList<Step<ScoredImage>>> ScoreAsync(IReadOnlyList<ComparedImage> batch, CancellationToken abort) =>
            throw new UnreachableException();
    }

    /// <summary>A session whose batches start together with those of the others.</summary>
    private sealed class SteppedSession(IScoringSession inner, Together together) : IScoringSession
    {
        public string Device => inner.Device;

        public ValueTask<IReadOnlyList<Step<ComparedImage>>> CompareAsync(IReadOnlyList<PreparedImage> batch, CancellationToken abort)
        {
            together.Step();
            return inner.CompareAsync(batch, abort);
        }

        public ValueTask<IReadOnlyList<Step<ScoredImage>>> ScoreAsync(IReadOnlyList<ComparedImage> batch, CancellationToken abort) =>
            throw new UnreachableException();
    }

    /// <summary>Releases sessions only all at once, except for the last batches, of which one session may have more than its share.</summary>
    private sealed class Together(int sessions, int batches) : IDisposable
    {
        private readonly Barrier _barrier = new(sessions);
        private int _left = batches - (2 * sessions);

        public void Step()
        {
            if (Interlocked.Decrement(ref _left) < 0) { return; }
            if (!_barrier.SignalAndWait(TimeSpan.FromMinutes(2))) { throw new TimeoutException("A session had no batch while another had one."); }
        }

        public void Dispose() => _barrier.Dispose();
    }

    private sealed class Drops : IDropSink
    {
        private int _count;

        public int Count => _count;

        public void Drop(RowKey key, DropOutcome outcome) => Interlocked.Increment(ref _count);
    }
}
