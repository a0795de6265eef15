using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
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
using LaionStream.Engine.Tests.Flow;
using Microsoft.Extensions.DependencyInjection;

namespace LaionStream.Engine.Tests.Run;

/// <summary>The real graph with fake stages.</summary>
public sealed class PipelineGraphTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("language")]
    [InlineData("download")]
    [InlineData("decode")]
    [InlineData("clip 0")]
    [InlineData("clip 1")]
    [InlineData("similarity")]
    [InlineData("scores 0")]
    [InlineData("scores 1")]
    [InlineData("limits")]
    [InlineData("writer en")]
    [InlineData("writer multi")]
    [InlineData("writer nolang")]
    public async Task Assemble_FaultInAStage_EndsTheRunWithThatCause(string stage)
    {
        var world = new World { FaultIn = stage };
        Task sending = world.SendAsync(50_000);

        InvalidDataException fault = await Assert.ThrowsAsync<InvalidDataException>(() => world.Flow.Completion.WaitAsync(Patience));
        Assert.Equal(stage, fault.Message);
        await Assert.ThrowsAnyAsync<Exception>(() => sending.WaitAsync(Patience));
    }

    [Fact]
    public async Task Assemble_Drain_EveryRowIsWrittenToItsSetOrDropped()
    {
        var world = new World();
        await world.SendAsync(3000);
        world.Head.Complete();
        await world.Flow.Completion.WaitAsync(Patience);

        Assert.Equal(3000, world.Written.Count + world.Dropped.Count);
        Assert.All(world.Written, row => Assert.Equal(World.SetOf(row.Key), row.Value));
        Assert.Equal(3, world.Written.Values.Distinct().Count());
        Assert.Equal(
            [
                "language", "download", "decode", "clip batch", "clip 0", "clip 1", "similarity", "scores batch", "scores 0", "scores 1", "limits",
                "writer en", "writer multi", "writer nolang",
            ],
            world.Flow.Gauges.Stages.Select(gauge => gauge.Name));
        Assert.All(world.Flow.Gauges.Stages.Where(gauge => !IsBatch(gauge.Name)), gauge => Assert.Equal(gauge.Received, gauge.Kept + gauge.Dropped));
    }

    [Fact]
    public async Task Assemble_Drain_MetersOfEveryStageCountEachRowOnce()
    {
        await using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        using var seen = new StageMeasurements(meters);
        var world = new World(meters);
        await world.SendAsync(3000);
        world.Head.Complete();
        await world.Flow.Completion.WaitAsync(Patience);
        seen.Read();

        Assert.Equal(3000, seen.RowsIn("language"));
        Assert.Equal(seen.Kept("language"), seen.RowsIn("download"));
        Assert.Equal(seen.Kept("download"), seen.RowsIn("decode"));
        Assert.Equal(seen.Kept("decode"), seen.RowsIn("clip 0") + seen.RowsIn("clip 1"));
        Assert.Equal(seen.Kept("clip 0") + seen.Kept("clip 1"), seen.RowsIn("similarity"));
        Assert.Equal(seen.Kept("similarity"), seen.RowsIn("scores 0") + seen.RowsIn("scores 1"));
        Assert.Equal(seen.Kept("scores 0") + seen.Kept("scores 1"), seen.RowsIn("limits"));
        Assert.Equal(seen.Kept("limits"), seen.RowsIn("writer en") + seen.RowsIn("writer multi") + seen.RowsIn("writer nolang"));
        Assert.Equal(world.Dropped.Count, seen.Stages.Sum(seen.Dropped));
        Assert.All(seen.Stages, stage => Assert.Equal(seen.Dropped(stage), seen.Reasons(stage)));
        Assert.All(world.Flow.Gauges.Stages.Where(stage => !IsBatch(stage.Name)), stage => Assert.Equal(stage.Received, seen.RowsIn(stage.Name)));
        Assert.All(seen.Stages.Where(stage => !stage.StartsWith("clip", StringComparison.Ordinal) && !stage.StartsWith("scores", StringComparison.Ordinal)),
            stage => Assert.Equal(seen.RowsIn(stage), seen.Calls(stage)));
        Assert.All(world.Flow.Gauges.Stages,
            stage => Assert.Equal((0, 0, stage.Capacity), (seen.Queued(stage.Name), seen.Active(stage.Name), seen.Capacity(stage.Name))));
    }

    [Fact]
    public async Task Dispose_Graph_EndsItsSeries()
    {
        await using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        using var seen = new StageMeasurements(meters);
        var world = new World(meters);
        await world.SendAsync(10);
        world.Head.Complete();
        await world.Flow.Completion.WaitAsync(Patience);
        world.Flow.Dispose();
        seen.Read();

        Assert.Empty(seen.Stages);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(9)]
    public async Task Assemble_AnyNumberOfSessions_EachRowIsSeenOnceByEachPart(int sessions)
    {
        var world = new World(sessions: sessions);
        await world.SendAsync(3000);
        world.Head.Complete();
        await world.Flow.Completion.WaitAsync(Patience);

        Assert.Equal(3000, world.Written.Count + world.Dropped.Count);
        Assert.Empty(world.Written.Keys.Intersect(world.Dropped.Keys));
        Assert.Equal(sessions, world.Flow.Gauges.Stages.Count(stage => stage.Name.StartsWith("clip ", StringComparison.Ordinal) && !IsBatch(stage.Name)));
        Assert.Equal(world.Compared.Count - world.Dropped.Values.Count(reason => reason is DropReason.ModelFailed or DropReason.LowSimilarity),
            world.Scored.Count);
    }

    [Fact]
    public async Task Assemble_RowsThatSimilarityDrops_NeverReachTheScoreModels()
    {
        var world = new World();
        await world.SendAsync(3000);
        world.Head.Complete();
        await world.Flow.Completion.WaitAsync(Patience);

        RowKey[] unlike = [.. world.Dropped.Where(row => row.Value == DropReason.LowSimilarity).Select(row => row.Key)];
        Assert.NotEmpty(unlike);
        Assert.DoesNotContain(unlike, world.Scored.ContainsKey);
        Assert.Equal(world.Written.Count + world.Dropped.Values.Count(reason => reason == DropReason.ScoreLimit), world.Scored.Count);
    }

    private static bool IsBatch(string stage) => stage.EndsWith(" batch", StringComparison.Ordinal);

    private sealed class World : IDropSink
    {
        public World(IMeterFactory? meters = null, int sessions = 2)
        {
            Flow = new FlowBuilder(this, TimeProvider.System, CancellationToken.None, meters);
            var stages = new GraphStages(
                (row, _) => Step("language", row.Key, () => row with { Language = SetOf(row.Key), Set = SetOf(row.Key) }),
                (row, _) => row.Key.Ordinal % 7 == 0
                    ? ValueTask.FromResult<Step<FetchedImage>>(DropReason.Timeout)
                    : Step("download", row.Key, () => new FetchedImage(row, new FetchFacts(row.Url, default), new PooledBody([], 0, null))),
                (image, _) => Step("decode", image.Key, () => new PreparedImage(image.Candidate, image.Fetch, new PictureFacts(1, 1, "", ""), [])),
                [.. Enumerable.Range(0, sessions).Select(i => new Session(this, i.ToString(CultureInfo.InvariantCulture)))],
                (image, _) => image.Key.Ordinal % 11 == 0
                    ? ValueTask.FromResult<Step<ComparedImage>>(DropReason.LowSimilarity)
                    : Step("similarity", image.Key, () => image),
                (image, _) => image.Key.Ordinal % 17 == 0
                    ? ValueTask.FromResult<Step<KeptRow>>(DropReason.ScoreLimit)
                    : Step("limits", image.Key, () => new KeptRow(image.Key, image.Candidate.Set!, Row(image))),
                [.. new[] { "en", "multi", "nolang" }.Select(set => new SetWriter<KeptRow>(set, (row, _) => WriteAsync(set, row), _ => default))]);
            var queue = new QueueOptions { Parallelism = 2, Capacity = 8 };
            Head = PipelineGraph.Assemble(Flow, stages, new GraphOptions(queue, queue, queue, () => 4, () => TimeSpan.FromMilliseconds(5), queue, 8));
        }

        public FlowBuilder Flow { get; }

        public ITargetBlock<Candidate> Head { get; }

        public string? FaultIn { get; init; }

        public ConcurrentDictionary<RowKey, string> Written { get; } = new();

        public ConcurrentDictionary<RowKey, DropReason> Dropped { get; } = new();

        public ConcurrentDictionary<RowKey, bool> Compared { get; } = new();

        public ConcurrentDictionary<RowKey, bool> Scored { get; } = new();

        public static string SetOf(RowKey key) => (key.Ordinal % 3) switch { 0 => "en", 1 => "multi", _ => "nolang" };

        public void Drop(RowKey key, DropOutcome outcome) => Assert.True(Dropped.TryAdd(key, outcome.Reason));

        public async Task SendAsync(int rows)
        {
            for (int i = 0; i < rows; i++)
            {
                var candidate = new Candidate(new RowKey(0, i), "http://h/" + i, "text", "?", null, "x.wat", i);
                if (!await Head.SendAsync(candidate, Flow.Abort)) { throw new InvalidOperationException("declined"); }
            }
        }

        private static SampleRow Row(ScoredImage image) => new()
        {
            SampleId = image.Key.SampleId,
            Url = image.Candidate.Url,
            License = "?",
            Language = "en",
            Hash = 0,
            Source = "",
            Ordinal = image.Key.Ordinal,
            Fetch = image.Fetch,
            Picture = image.Picture,
            Scores = image.Scores,
        };

        private async ValueTask<Step<T>> Step<T>(string stage, RowKey key, Func<T> make)
            where T : class
        {
            await Task.Yield();
            Misbehave(stage, key);
            return make();
        }

        private void Misbehave(string stage, RowKey key)
        {
            if (FaultIn == stage && key.Ordinal > 100) { throw new InvalidDataException(stage); }
        }

        private ValueTask WriteAsync(string set, KeptRow row)
        {
            Misbehave("writer " + set, row.Key);
            Assert.True(Written.TryAdd(row.Key, set));
            return default;
        }

        private sealed class Session(World world, string device) : IScoringSession
        {
            public string Device => device;

            public async ValueTask<IReadOnlyList<Step<ComparedImage>>> CompareAsync(IReadOnlyList<PreparedImage> batch, CancellationToken abort)
            {
                await Task.Yield();
                world.Misbehave("clip " + device, batch[^1].Key);
                Assert.All(batch, image => Assert.True(world.Compared.TryAdd(image.Key, true)));
                return [.. batch.Select(image => image.Key.Ordinal % 13 == 0
                    ? DropReason.ModelFailed
                    : (Step<ComparedImage>)ComparedImage.From(image, Scores.None with { Similarity = 0.5 }))];
            }

            public async ValueTask<IReadOnlyList<Step<ScoredImage>>> ScoreAsync(IReadOnlyList<ComparedImage> batch, CancellationToken abort)
            {
                await Task.Yield();
                world.Misbehave("scores " + device, batch[^1].Key);
                Assert.All(batch, image => Assert.True(world.Scored.TryAdd(image.Key, true)));
                return [.. batch.Select(image => (Step<ScoredImage>)ScoredImage.From(image, image.Scores))];
            }
        }
    }
}
