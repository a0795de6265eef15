using System.Collections.Concurrent;
using System.Threading.Tasks.Dataflow;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Tests.Flow;

/// <summary>A graph whose dropped rows go to a sink: real blocks, fake stages, always under a timeout.</summary>
public sealed class RecordDropsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Drain_EveryStageDropsIntoASlowSink_AllRowsEndAndTheLedgerIsNotAsked()
    {
        var world = new World();
        for (int i = 0; i < 1000; i++) { Assert.True(await world.Head.SendAsync(new Row(new RowKey(0, i)))); }
        await world.Flow.RecordDropAsync(new Row(new RowKey(1, 0)), new DropOutcome(DropReason.NoAlt)); // as the pump does
        world.Head.Complete();
        await world.Flow.Completion.WaitAsync(Patience);

        Assert.Equal(1001, world.Kept.Count + world.Recorded.Count);
        Assert.Equal(["first", "last", "pump", "worker"], world.Recorded.Values.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(0, world.PayloadsHeldAtASend);
        StageGauge sink = world.Flow.Gauges.Stages.Single(stage => stage.Name == "drops");
        Assert.Equal((world.Recorded.Count, world.Recorded.Count), (sink.Received, sink.Kept));
    }

    [Fact]
    public async Task Fault_InTheSink_EndsTheRunWithThatCauseAndFreesTheSender()
    {
        var world = new World { SinkFault = new InvalidDataException("no disk") };
        Task sending = Task.Run(async () =>
        {
            for (int i = 0; i < 20_000 && await world.Head.SendAsync(new Row(new RowKey(0, i)), world.Flow.Abort); i++) { }
            throw new InvalidOperationException("declined");
        });

        Assert.Equal("no disk", (await Assert.ThrowsAsync<InvalidDataException>(() => world.Flow.Completion.WaitAsync(Patience))).Message);
        await Assert.ThrowsAnyAsync<Exception>(() => sending.WaitAsync(Patience));
    }

    [Fact]
    public async Task Abort_WhileStagesWaitForTheSink_EndsEveryBlock()
    {
        using var abort = new CancellationTokenSource();
        var world = new World(abort.Token) { HoldsSink = true };
        Task sending = Task.Run(async () =>
        {
            for (int i = 0; i < 20_000; i++) { await world.Head.SendAsync(new Row(new RowKey(0, i)), world.Flow.Abort); }
        });
        await world.SinkReached.Task.WaitAsync(Patience);
        await abort.CancelAsync();
        world.Release.SetResult();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => world.Flow.Completion.WaitAsync(Patience));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.WaitAsync(Patience));
    }

    private sealed record Row(RowKey Key) : IPayloadRow, IDisposable
    {
        public bool IsGivenBack { get; private set; }

        public IDisposable? Payload => this;

        public void Dispose() => IsGivenBack = true;
    }

    private sealed record Ended(RowKey Key, string Stage) : IRow;

    private sealed class NoLedger : IDropSink
    {
        public void Drop(RowKey key, DropOutcome outcome) => Assert.Fail($"{key} went to the ledger");
    }

    /// <summary>Each stage drops one row in three for a reason of its own; the queues are as small as they can be.</summary>
    private sealed class World
    {
        public World(CancellationToken abort = default)
        {
            Flow = new FlowBuilder(new NoLedger(), TimeProvider.System, abort);
            var first = Flow.Stage<Row, Row>("first", new QueueOptions { Parallelism = 2, Capacity = 4 }, (row, _) => One(row, 0, DropReason.Timeout));
            var batch = Flow.Batch<Row>("batch", () => 4, 2, () => TimeSpan.FromMilliseconds(5));
            var worker = Flow.BatchStage<Row, Row>("worker", (rows, _) => ValueTask.FromResult<IReadOnlyList<Step<Row>>>(
                [.. rows.Select(row => row.Key.Ordinal % 3 == 1 && row.Key.Ordinal % 2 == 0 ? (Step<Row>)DropReason.ModelFailed : row)]));
            var last = Flow.Stage<Row, Row>("last", new QueueOptions { Parallelism = 1, Capacity = 2 }, (row, _) => One(row, 1, DropReason.ScoreLimit));
            ITargetBlock<Row> sink = Flow.Sink<Row>("sink", 2, (row, _) =>
            {
                Assert.True(Kept.TryAdd(row.Key, true));
                return default;
            }, TimeSpan.FromSeconds(1), _ => default);
            Flow.Link(last, sink);
            Flow.Link(worker, last);
            Flow.Link(batch, worker);
            Flow.Link(first, batch);
            Flow.RecordDrops("drops", 2, EndedOf, WriteAsync, TimeSpan.FromSeconds(1), _ => default);
            Head = first;
        }

        public FlowBuilder Flow { get; }

        public ITargetBlock<Row> Head { get; }

        public ConcurrentDictionary<RowKey, bool> Kept { get; } = new();

        public ConcurrentDictionary<RowKey, string> Recorded { get; } = new();

        public int PayloadsHeldAtASend { get; private set; }

        public Exception? SinkFault { get; init; }

        public bool HoldsSink { get; init; }

        public TaskCompletionSource SinkReached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private static ValueTask<Step<Row>> One(Row row, int rest, DropReason reason) =>
            ValueTask.FromResult<Step<Row>>(row.Key.Ordinal % 3 == rest ? reason : row);

        private Ended EndedOf(IRow row, DropOutcome outcome)
        {
            if (outcome.Reason != DropReason.NoAlt && !((Row)row).IsGivenBack) { PayloadsHeldAtASend++; }
            return new Ended(row.Key, outcome.Reason switch
            {
                DropReason.Timeout => "first",
                DropReason.ModelFailed => "worker",
                DropReason.ScoreLimit => "last",
                _ => "pump",
            });
        }

        private async ValueTask WriteAsync(Ended row, CancellationToken abort)
        {
            SinkReached.TrySetResult();
            if (HoldsSink) { await Release.Task; }
            await Task.Yield();
            if (SinkFault is { } fault && Recorded.Count > 20) { throw fault; }
            Assert.True(Recorded.TryAdd(row.Key, row.Stage));
        }
    }
}
