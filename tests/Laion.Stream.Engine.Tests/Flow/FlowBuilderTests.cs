using System.Collections.Concurrent;
using System.Threading.Tasks.Dataflow;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Tests.Output;
using Microsoft.Extensions.Time.Testing;

namespace LaionStream.Engine.Tests.Flow;

/// <summary>Real blocks, fake stages, always under a timeout.</summary>
public sealed class FlowBuilderTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Drain_SomeRowsDropped_SentEqualsWrittenPlusDropped()
    {
        var world = new World();
        await world.SendAllAsync(1000);
        world.Head.Complete();
        await world.Flow.Completion.WaitAsync(Patience);

        Assert.Equal(1000, world.Written.Count + world.Drops.Count);
        Assert.Equal(1000 / 10, world.Drops.Count(drop => drop.Value == DropReason.Timeout));
        Assert.Equal(1000, world.Written.Keys.Concat(world.Drops.Keys).Distinct().Count());
        foreach (StageGauge stage in world.Flow.Gauges.Stages.Where(stage => stage.Name is "first" or "second"))
        {
            Assert.Equal(stage.Received, stage.Kept + stage.Dropped);
        }
    }

    [Theory]
    [InlineData("first")]
    [InlineData("second")]
    [InlineData("worker 0")]
    [InlineData("last")]
    [InlineData("sink a")]
    [InlineData("sink b")]
    public async Task Fault_InAnyStage_EndsTheRunWithThatCauseAndFreesTheSender(string stage)
    {
        var world = new World { FaultIn = stage };
        Task sending = world.SendAllAsync(20_000);
        Exception fault = await Assert.ThrowsAsync<InvalidDataException>(() => world.Flow.Completion.WaitAsync(Patience));

        Assert.Equal("broken " + stage, fault.Message);
        Assert.True(world.Flow.Abort.IsCancellationRequested);
        await Assert.ThrowsAnyAsync<Exception>(() => sending.WaitAsync(Patience));
    }

    [Theory]
    [InlineData("first")]
    [InlineData("worker 0")]
    [InlineData("sink a")]
    public async Task Cancellation_LeakedByAStage_FaultsInsteadOfLosingTheRow(string stage)
    {
        var world = new World { LeakIn = stage };
        Task sending = world.SendAllAsync(2000);
        FlowLeakException leak = await Assert.ThrowsAsync<FlowLeakException>(() => world.Flow.Completion.WaitAsync(Patience));

        Assert.Contains($"'{stage}'", leak.Message, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<Exception>(() => sending.WaitAsync(Patience));
    }

    [Fact]
    public async Task Abort_FromOutside_EndsEveryBlockWhateverIsQueued()
    {
        using var abort = new CancellationTokenSource();
        var world = new World(abort.Token) { HoldSink = true };
        Task sending = world.SendAllAsync(20_000);
        await world.SinkReached.Task.WaitAsync(Patience);
        abort.Cancel();
        world.ReleaseSink.TrySetResult();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => world.Flow.Completion.WaitAsync(Patience));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.WaitAsync(Patience));
    }

    [Fact]
    public async Task Backpressure_SinkHeld_GraphHoldsNoMoreThanItsCapacity()
    {
        var world = new World { HoldSink = true };
        Task sending = world.SendAllAsync(20_000);
        await world.SinkReached.Task.WaitAsync(Patience);
        int before = -1;
        while (before != world.Sent)
        {
            before = world.Sent;
            for (int i = 0; i < 2000; i++) { await Task.Yield(); }
        }

        int ceiling = world.Flow.Gauges.Stages.Sum(stage => stage.Name.StartsWith("worker", StringComparison.Ordinal)
            ? stage.Capacity * World.BatchSize * 2
            : stage.Capacity);
        Assert.InRange(world.Sent, 1, ceiling + 1);
        Assert.NotEqual("input", world.Flow.Gauges.Bottleneck);
        world.HoldSink = false;
        world.ReleaseSink.SetResult();
        await sending.WaitAsync(Patience);
    }

    [Theory]
    [InlineData(false, false, "input")]
    [InlineData(true, false, "memory (bodies)")]
    [InlineData(true, true, "memory (bodies)")]
    [InlineData(false, true, "fetch")]
    public async Task Bottleneck_RowsThatWaitForBytes_NamesTheMemory(bool wait, bool full, string expected)
    {
        var flow = new FlowBuilder(new Ledger(), TimeProvider.System, default);
        var go = new TaskCompletionSource();
        var fetch = flow.Stage<Row, Row>("fetch", new QueueOptions { Parallelism = 1, Capacity = 2 }, async (row, _) =>
        {
            await go.Task;
            return row;
        });
        flow.Stage<Row, Row>("decode", new QueueOptions { Parallelism = 1, Capacity = 2 }, (row, _) => new ValueTask<Step<Row>>(row));
        var bodies = new ByteBudget("bodies", 10);
        flow.Gauges.TakesFrom("fetch", bodies);
        using ByteLease all = await bodies.ReserveAsync(10, default);
        Task waiting = wait ? bodies.ReserveAsync(1, default).AsTask() : Task.CompletedTask;
        for (int i = 0; full && i < 2; i++) { await fetch.SendAsync(new Row(new RowKey(0, i))); }

        Assert.Equal(expected, flow.Gauges.Bottleneck);
        go.SetResult();
        all.Dispose();
        await waiting.WaitAsync(Patience);
    }

    [Fact]
    public async Task Batch_SizeChangesWhileItRuns_NextBatchesHaveTheNewSize()
    {
        int size = 4;
        using var flow = new FlowBuilder(new Ledger(), new FakeTimeProvider(), default);
        IPropagatorBlock<Row, Row[]> batch = flow.Batch<Row>("batch", () => Volatile.Read(ref size), 3, () => TimeSpan.FromMinutes(1));
        StageGauge gauge = Assert.Single(flow.Gauges.Stages);
        int next = 0;
        Assert.Equal(12, gauge.Capacity);

        Assert.Equal(4, await LengthAsync(4));
        Assert.Equal(4, await LengthAsync(4));
        Volatile.Write(ref size, 6);
        Assert.Equal((6, 18), (await LengthAsync(6), gauge.Capacity));
        Volatile.Write(ref size, 2);
        Assert.Equal(2, await LengthAsync(2));
        Assert.Equal(2, await LengthAsync(2));

        await batch.SendAsync(new Row(new RowKey(0, next++)));
        batch.Complete();
        Assert.Single(await batch.ReceiveAsync().WaitAsync(Patience)); // the rest, at the end
        await flow.Completion.WaitAsync(Patience);

        async Task<int> LengthAsync(int rows)
        {
            for (int i = 0; i < rows; i++) { Assert.True(await batch.SendAsync(new Row(new RowKey(0, next++)))); }
            return (await batch.ReceiveAsync().WaitAsync(Patience)).Length;
        }
    }

    [Fact]
    public async Task Batch_NobodyTakesBatches_HoldsNoMoreThanItsCapacity()
    {
        using var abort = new CancellationTokenSource();
        using var flow = new FlowBuilder(new Ledger(), new FakeTimeProvider(), abort.Token);
        IPropagatorBlock<Row, Row[]> batch = flow.Batch<Row>("batch", () => 4, 3, () => TimeSpan.FromMinutes(1));

        for (int i = 0; i < 12; i++) { Assert.True(await batch.SendAsync(new Row(new RowKey(0, i))).WaitAsync(Patience)); }
        Task<bool> thirteenth = batch.SendAsync(new Row(new RowKey(0, 12)));
        for (int i = 0; i < 1000; i++) { await Task.Yield(); }

        Assert.False(thirteenth.IsCompleted);
        Assert.True(flow.Gauges.Stages[0].IsFull);
        Assert.Equal(4, (await batch.ReceiveAsync().WaitAsync(Patience)).Length);
        Assert.True(await thirteenth.WaitAsync(Patience));
        await abort.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => flow.Completion.WaitAsync(Patience));
    }

    [Fact]
    public async Task Batch_PartialBatch_LeavesAfterLinger()
    {
        var clock = new FakeTimeProvider();
        var flow = new FlowBuilder(new Ledger(), clock, default);
        IPropagatorBlock<Row, Row[]> batch = flow.Batch<Row>("batch", () => 8, 2, () => TimeSpan.FromMilliseconds(100));
        for (int i = 0; i < 3; i++) { await batch.SendAsync(new Row(new RowKey(0, i))); }
        Task<Row[]> arrives = batch.ReceiveAsync();
        for (int i = 0; i < 100; i++) { await Task.Yield(); }
        Assert.False(arrives.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(101));

        Assert.Equal(3, (await arrives.WaitAsync(Patience)).Length);
        batch.Complete();
        await flow.Completion.WaitAsync(Patience);
    }

    [Fact]
    public async Task FanOut_OneSlowWorker_TheOtherTakesTheWork()
    {
        var world = new World { SlowWorker = true };
        Task sending = world.SendAllAsync(400);
        await world.FastWorkerBatches(20).WaitAsync(Patience);
        world.ReleaseWorker.SetResult();
        await sending.WaitAsync(Patience);
        world.Head.Complete();
        await world.Flow.Completion.WaitAsync(Patience);

        Assert.Equal(400, world.Written.Count + world.Drops.Count);
    }

    [Fact]
    public async Task BatchStage_WrongNumberOfAnswers_FaultsTheRun()
    {
        var flow = new FlowBuilder(new Ledger(), TimeProvider.System, default);
        IPropagatorBlock<Row[], Row> worker = flow.BatchStage<Row, Row>("worker", (_, _) => ValueTask.FromResult<IReadOnlyList<Step<Row>>>([]));
        await worker.SendAsync([new Row(new RowKey(0, 0))]);

        await Assert.ThrowsAsync<InvalidOperationException>(() => flow.Completion.WaitAsync(Patience));
    }

    [Fact]
    public async Task Sink_Tick_RunsInsideTheBlockWithoutAConcurrentRow()
    {
        var clock = new FakeTimeProvider();
        var flow = new FlowBuilder(new Ledger(), clock, default);
        int inside = 0;
        int ticks = 0;
        bool overlapped = false;
        async ValueTask AloneAsync()
        {
            overlapped |= Interlocked.Increment(ref inside) != 1;
            await Task.Yield();
            Interlocked.Decrement(ref inside);
        }

        ITargetBlock<Row> sink = flow.Sink<Row>("sink", 4, (_, _) => AloneAsync(), TimeSpan.FromSeconds(1), _ =>
        {
            Interlocked.Increment(ref ticks);
            return AloneAsync();
        });
        for (int i = 0; i < 50; i++)
        {
            await sink.SendAsync(new Row(new RowKey(0, i)));
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        using var patience = new CancellationTokenSource(Patience);
        while (Volatile.Read(ref ticks) == 0)
        {
            patience.Token.ThrowIfCancellationRequested();
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        sink.Complete();
        await flow.Completion.WaitAsync(Patience);
        Assert.False(overlapped);
    }

    [Fact]
    public async Task Route_OneBranchIsFull_ItsRowsWaitInsteadOfTakingAnotherBranch()
    {
        using var flow = new FlowBuilder(new Ledger(), TimeProvider.System, CancellationToken.None);
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var strays = new ConcurrentQueue<Row>();
        int written = 0;
        IPropagatorBlock<Row, Row> source =
            flow.Stage<Row, Row>("source", new QueueOptions { Parallelism = 1, Capacity = 16 }, (row, _) => ValueTask.FromResult<Step<Row>>(row));
        ITargetBlock<Row> named = flow.Sink<Row>(
            "named",
            2,
            async (_, _) =>
            {
                await hold.Task;
                written++;
            },
            TimeSpan.FromMinutes(1),
            _ => default);
        ITargetBlock<Row> rest = flow.Sink<Row>(
            "rest",
            2,
            (row, _) =>
            {
                strays.Enqueue(row);
                return default;
            },
            TimeSpan.FromMinutes(1),
            _ => default);
        flow.Route(source, _ => "named", [("named", named), ("rest", rest)]);

        // More than the sink holds, but no more than the source does in addition: all are offered while the sink is blocked.
        for (int i = 0; i < 12; i++) { await source.SendAsync(new Row(new RowKey(0, i))).WaitAsync(Patience); }
        using var patience = new CancellationTokenSource(Patience);
        while (flow.Gauges.Stages[0].Kept < 12)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        hold.SetResult();
        source.Complete();
        await flow.Completion.WaitAsync(Patience);
        Assert.Empty(strays);
        Assert.Equal(12, written);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Drop_RowOwnsAPayload_IsReturnedOnceAndAKeptRowsIsNot(bool inBatches)
    {
        using var flow = new FlowBuilder(new Ledger(), TimeProvider.System, default);
        var written = new ConcurrentQueue<PayloadRow>();
        ITargetBlock<PayloadRow> head;
        ISourceBlock<PayloadRow> end;
        if (inBatches)
        {
            IPropagatorBlock<PayloadRow, PayloadRow[]> batch = flow.Batch<PayloadRow>("batch", () => 4, 2, () => TimeSpan.FromMilliseconds(5));
            IPropagatorBlock<PayloadRow[], PayloadRow> worker =
                flow.BatchStage<PayloadRow, PayloadRow>("worker", (rows, _) => ValueTask.FromResult<IReadOnlyList<Step<PayloadRow>>>([.. rows.Select(Judge)]));
            flow.Link(batch, worker);
            (head, end) = (batch, worker);
        }
        else
        {
            IPropagatorBlock<PayloadRow, PayloadRow> stage =
                flow.Stage<PayloadRow, PayloadRow>("stage", new QueueOptions { Parallelism = 2, Capacity = 8 }, (row, _) => ValueTask.FromResult(Judge(row)));
            (head, end) = (stage, stage);
        }

        flow.Link(end, flow.Sink<PayloadRow>("sink", 2, (row, _) => { written.Enqueue(row); return default; }, TimeSpan.FromMinutes(1), _ => default));
        PayloadRow[] rows = [.. Enumerable.Range(0, 40).Select(i => new PayloadRow(new RowKey(0, i), i % 5 == 1 ? null : new CountedPayload()))];
        foreach (PayloadRow row in rows) { await head.SendAsync(row).WaitAsync(Patience); }
        head.Complete();
        await flow.Completion.WaitAsync(Patience);

        Assert.All(rows, row => Assert.Equal(row.Payload is null ? null : IsDropped(row) ? 1 : 0, (row.Payload as CountedPayload)?.GivenBack));
        Assert.Equal(rows.Count(row => !IsDropped(row)), written.Count);

        static bool IsDropped(PayloadRow row) => row.Key.Ordinal % 3 == 0;
        static Step<PayloadRow> Judge(PayloadRow row) => IsDropped(row) ? DropReason.LowSimilarity : row;
    }

    private sealed record Row(RowKey Key) : IRow;

    private sealed record PayloadRow(RowKey Key, IDisposable? Payload) : IPayloadRow;

    private sealed class Ledger : IDropSink
    {
        public ConcurrentDictionary<RowKey, DropReason> Drops { get; } = new();

        public void Drop(RowKey key, DropOutcome outcome) => Assert.True(Drops.TryAdd(key, outcome.Reason));
    }

    /// <summary>The real graph's shape, with stages that do only what a test asks for.</summary>
    private sealed class World
    {
        public const int BatchSize = 4;

        private readonly Ledger _ledger = new();
        private int _fastBatches;

        public World(CancellationToken abort = default)
        {
            Flow = new FlowBuilder(_ledger, TimeProvider.System, abort);
            IPropagatorBlock<Row, Row> first = Flow.Stage<Row, Row>("first", new QueueOptions { Parallelism = 2, Capacity = 8 }, FirstAsync);
            IPropagatorBlock<Row, Row> second =
                Flow.Stage<Row, Row>("second", new QueueOptions { Parallelism = 4, Capacity = 8 }, (row, _) => Run("second", row));
            IPropagatorBlock<Row, Row[]> batch = Flow.Batch<Row>("batch", () => BatchSize, 3, () => TimeSpan.FromMilliseconds(5));
            IPropagatorBlock<Row[], Row>[] workers =
                [.. Enumerable.Range(0, 2).Select(i => Flow.BatchStage<Row, Row>($"worker {i}", (rows, _) => WorkAsync(i, rows)))];
            IPropagatorBlock<Row, Row> last = Flow.Stage<Row, Row>("last", new QueueOptions { Parallelism = 1, Capacity = 4 }, (row, _) => Run("last", row));
            ITargetBlock<Row>[] sinks =
                [.. new[] { "sink a",
                "sink b" }.Select(name => Flow.Sink<Row>(name, 4, (row, _) => WriteAsync(name, row), TimeSpan.FromMilliseconds(5), _ => default))];
            Flow.Route(last, row => row.Key.Ordinal % 2 == 0 ? "a" : "b", [("a", sinks[0]), ("b", sinks[1])]);
            Flow.FanIn(workers, last);
            Flow.FanOut(batch, workers);
            Flow.Link(second, batch);
            Flow.Link(first, second);
            Head = first;
        }

        public FlowBuilder Flow { get; }

        public ITargetBlock<Row> Head { get; }

        public ConcurrentDictionary<RowKey, bool> Written { get; } = new();

        public ConcurrentDictionary<RowKey, DropReason> Drops => _ledger.Drops;

        public string? FaultIn { get; init; }

        public string? LeakIn { get; init; }

        public bool HoldSink { get; set; }

        public bool SlowWorker { get; init; }

        public int Sent { get; private set; }

        public TaskCompletionSource SinkReached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource ReleaseSink { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource ReleaseWorker { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task SendAllAsync(int rows)
        {
            for (int i = 0; i < rows; i++)
            {
                if (!await Head.SendAsync(new Row(new RowKey(0, i)), Flow.Abort)) { throw new InvalidOperationException("declined"); }
                Sent++;
            }
        }

        public async Task FastWorkerBatches(int count)
        {
            while (Volatile.Read(ref _fastBatches) < count) { await Task.Yield(); }
        }

        private ValueTask<Step<Row>> FirstAsync(Row row, CancellationToken abort) =>
            row.Key.Ordinal % 10 == 3 && FaultIn is null && LeakIn is null ? ValueTask.FromResult<Step<Row>>(DropReason.Timeout) : Run("first", row);

        private async ValueTask<Step<Row>> Run(string stage, Row row)
        {
            await Task.Yield();
            Misbehave(stage, row.Key.Ordinal);
            return row;
        }

        private void Misbehave(string stage, int ordinal)
        {
            if (ordinal < 50) { return; }
            if (FaultIn == stage) { throw new InvalidDataException("broken " + stage); }
            if (LeakIn == stage) { throw new OperationCanceledException(); }
        }

        private async ValueTask<IReadOnlyList<Step<Row>>> WorkAsync(int worker, IReadOnlyList<Row> rows)
        {
            if (worker == 0 && SlowWorker) { await ReleaseWorker.Task; }
            await Task.Yield();
            Misbehave($"worker {worker}", rows[^1].Key.Ordinal);
            if (worker == 1) { Interlocked.Increment(ref _fastBatches); }
            return [.. rows.Select(row => (Step<Row>)row)];
        }

        private async ValueTask WriteAsync(string sink, Row row)
        {
            SinkReached.TrySetResult();
            if (HoldSink) { await ReleaseSink.Task; }
            Misbehave(sink, row.Key.Ordinal);
            Assert.True(Written.TryAdd(row.Key, true));
        }
    }
}
