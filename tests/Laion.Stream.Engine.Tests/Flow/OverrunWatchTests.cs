using System.Collections.Concurrent;
using System.Threading.Tasks.Dataflow;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Flow;
using Microsoft.Extensions.Time.Testing;

namespace LaionStream.Engine.Tests.Flow;

/// <summary>Which calls of a stage are reported as beyond their limit: real blocks, a clock that the test moves.</summary>
public sealed class OverrunWatchTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _clock = new();
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<RowKey, bool> _entered = new();
    private readonly FlowBuilder _flow;
    private readonly OverrunWatch _watch;

    public OverrunWatchTests()
    {
        _flow = new FlowBuilder(new NoDrops(), _clock, CancellationToken.None);
        _watch = new OverrunWatch(_flow.Gauges, stageLimit: TimeSpan.FromMinutes(2), Grace);
    }

    public void Dispose()
    {
        _release.TrySetResult();
        _flow.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    public async Task Look_CallsThatDoNotReturn_AreReportedOnceEachAndAgainWhenTheirTimeHasDoubled(int workers)
    {
        await HoldAsync(_flow.Stage<Row, Row>("decode", Queue(workers), HoldAsync, () => Limit), workers);

        _clock.Advance(Limit + Grace - TimeSpan.FromSeconds(1));
        Assert.Empty(Due());
        _clock.Advance(TimeSpan.FromSeconds(1));
        List<Overrun> first = Due();
        Assert.Equal(workers, first.Count);
        Assert.Equal(Enumerable.Range(0, workers), first.Select(overrun => overrun.Work.Rows.Single().Ordinal).Order());
        Assert.All(first, overrun => Assert.Equal(("decode", Limit + Grace, Limit), (overrun.Work.Stage.Name, overrun.Worked, overrun.Limit)));
        Assert.Equal((workers, workers), (_flow.Gauges.Stages[0].Overdue, _flow.Gauges.Stages[0].Overruns));

        Assert.Empty(Due());
        _clock.Advance(Limit + Grace - TimeSpan.FromSeconds(1));
        Assert.Empty(Due());
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(workers, Due().Count);
        _clock.Advance(Limit + Grace);
        Assert.Empty(Due()); // the third report comes at four times the first

        _release.SetResult();
        while (_flow.Gauges.Stages[0].Active > 0) { await Task.Yield(); }
        Assert.Empty(Due());
        Assert.Equal((0, workers), (_flow.Gauges.Stages[0].Overdue, _flow.Gauges.Stages[0].Overruns));
    }

    [Fact]
    public async Task Look_StageWithoutALimit_UsesTheGraphsLimit()
    {
        await HoldAsync(_flow.Stage<Row, Row>("language", Queue(1), HoldAsync), 1);

        _clock.Advance(TimeSpan.FromMinutes(2) + Grace - TimeSpan.FromSeconds(1));
        Assert.Empty(Due());
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("language, row 0:0", Assert.Single(Due()).Work.ToString());
    }

    [Fact]
    public async Task Look_BatchAndWriterAndItsTick_AreReportedToo()
    {
        IPropagatorBlock<Row[], Row> gpu = _flow.BatchStage<Row, Row>("gpu 0", async (batch, _) =>
        {
            await HoldAsync(batch[0], default);
            return [.. batch.Select(row => (Step<Row>)row)];
        });
        ITargetBlock<Row> writer = _flow.Sink<Row>("writer en", 4, async (row, _) => await HoldAsync(row, default), TimeSpan.FromDays(1), _ => default);
        ITargetBlock<Row> ticked =
            _flow.Sink<Row>("writer multi", 4, (_, _) => default, TimeSpan.FromSeconds(1), async _ => await HoldAsync(new Row(new RowKey(9, 9)), default));
        await gpu.SendAsync([.. Enumerable.Range(0, 10).Select(i => new Row(new RowKey(1, i)))]);
        await writer.SendAsync(new Row(new RowKey(2, 0)));
        _clock.Advance(TimeSpan.FromSeconds(1));
        await EnteredAsync(3);

        _clock.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(
            ["gpu 0, rows 1:0 1:1 1:2 1:3 1:4 1:5 1:6 1:7 and 2 more", "writer en, row 2:0", "writer multi, no row"],
            Due().Select(overrun => overrun.Work.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(0, _flow.Gauges.Stages[2].Received);
    }

    [Fact]
    public async Task Look_RowThatWaitsForMemory_DoesNotOverrunAndItsTimeContinuesAfterwards()
    {
        var budget = new ByteBudget("pixels", 10);
        ByteLease all = await budget.ReserveAsync(10, default);
        IPropagatorBlock<Row, Row> stage = _flow.Stage<Row, Row>(
            "decode",
            Queue(1),
            async (row, abort) =>
            {
                using ByteLease lease = await budget.ReserveAsync(5, abort);
                return await HoldAsync(row, abort);
            },
            () => Limit);
        await stage.SendAsync(new Row(new RowKey(0, 0)));
        while (budget.Waiting == 0 || _watch.AtWork().Count > 0) { await Task.Yield(); } // the budget counts the row before the watch knows that it waits

        _clock.Advance(TimeSpan.FromHours(5));
        Assert.Empty(Due());
        Assert.Empty(_watch.AtWork());
        all.Dispose();
        await EnteredAsync(1);
        Assert.Empty(Due());
        _clock.Advance(Limit + Grace);
        Assert.Equal(Limit + Grace, Assert.Single(Due()).Worked);
        Assert.Single(_watch.AtWork());
    }

    [Fact]
    public async Task Look_NoCallOverruns_ListIsEmpty()
    {
        _release.SetResult();
        ITargetBlock<Row> sink = _flow.Sink<Row>("sink", 8, (_, _) => default, TimeSpan.FromDays(1), _ => default);
        IPropagatorBlock<Row, Row> stage = _flow.Stage<Row, Row>("stage", Queue(4), HoldAsync, () => Limit);
        _flow.Link(stage, sink);
        for (int i = 0; i < 1000; i++) { await stage.SendAsync(new Row(new RowKey(0, i))); }
        stage.Complete();
        await _flow.Completion.WaitAsync(Patience);

        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Empty(Due());
        Assert.Empty(_watch.AtWork());
        Assert.All(_flow.Gauges.Stages, gauge => Assert.Equal((1000L, 0), (gauge.Received, gauge.Active)));
    }

    private static QueueOptions Queue(int parallelism) => new() { Parallelism = parallelism, Capacity = 2 * parallelism };

    private List<Overrun> Due()
    {
        var due = new List<Overrun>();
        _watch.Look(due);
        return due;
    }

    private async Task HoldAsync(ITargetBlock<Row> stage, int rows)
    {
        for (int i = 0; i < rows; i++) { await stage.SendAsync(new Row(new RowKey(0, i))); }
        await EnteredAsync(rows);
    }

    private async ValueTask<Step<Row>> HoldAsync(Row row, CancellationToken abort)
    {
        _entered[row.Key] = true;
        await _release.Task;
        return row;
    }

    private async Task EnteredAsync(int rows)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (_entered.Count < rows)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private sealed record Row(RowKey Key) : IRow;

    private sealed class NoDrops : IDropSink
    {
        public void Drop(RowKey key, DropOutcome outcome) => Assert.Fail($"{key} was dropped");
    }
}
