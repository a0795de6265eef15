using System.Threading.Tasks.Dataflow;

namespace LaionStream.Engine.Tests.Flow;

/// <summary>
/// Pins the behaviour of System.Threading.Tasks.Dataflow on which FlowBuilder relies. If this fails after a runtime upgrade,
/// the reasoning in FlowBuilder has to be repeated.
/// </summary>
public sealed class DataflowSemanticsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly DataflowLinkOptions Propagate = new() { PropagateCompletion = true };

    [Fact]
    public void Capacity_NotSet_IsUnbounded()
    {
        var block = new TransformBlock<int, int>(x => x);

        Assert.All(Enumerable.Range(0, 10_000), i => Assert.True(block.Post(i)));
    }

    [Fact]
    public async Task Capacity_Set_CoversInputWorkAndUnreadOutput()
    {
        var block = new TransformBlock<int, int>(x => x, new ExecutionDataflowBlockOptions { BoundedCapacity = 3 });
        for (int i = 0; i < 3; i++) { Assert.True(await block.SendAsync(i)); }
        await UntilAsync(() => block.OutputCount == 3);

        Assert.False(block.Post(3));
        Assert.Equal(0, await block.ReceiveAsync());
        await UntilAsync(() => block.Post(3));
    }

    [Fact]
    public async Task Capacity_BelowParallelism_CapsParallelism()
    {
        var release = new TaskCompletionSource();
        int running = 0;
        var block = new ActionBlock<int>(
            async _ =>
            {
                Interlocked.Increment(ref running);
                await release.Task;
            },
            new ExecutionDataflowBlockOptions { BoundedCapacity = 2, MaxDegreeOfParallelism = 8 });
        Task<bool>[] sends = [.. Enumerable.Range(0, 8).Select(i => block.SendAsync(i))];
        await UntilAsync(() => Volatile.Read(ref running) == 2);

        Assert.Equal(2, sends.Count(send => send.IsCompleted));
        release.SetResult();
        await Task.WhenAll(sends);
    }

    [Fact]
    public async Task TransformMany_ExpansionLargerThanCapacity_QueuesItAll()
    {
        var block = new TransformManyBlock<int, int>(_ => Enumerable.Range(0, 1000), new ExecutionDataflowBlockOptions { BoundedCapacity = 2 });
        await block.SendAsync(0);

        await UntilAsync(() => block.OutputCount == 1000);
    }

    [Fact]
    public async Task Post_FullBlock_DropsTheRow()
    {
        var block = new BufferBlock<int>(new DataflowBlockOptions { BoundedCapacity = 1 });

        Assert.True(block.Post(1));
        Assert.False(block.Post(2));
        Task<bool> waits = block.SendAsync(3);
        Assert.Equal(1, await block.ReceiveAsync());
        Assert.True(await waits);
        Assert.Equal(3, await block.ReceiveAsync());
    }

    [Fact]
    public async Task SendAsync_EndedBlock_ReturnsFalse()
    {
        var block = new ActionBlock<int>(_ => { });
        block.Complete();
        await block.Completion;

        Assert.False(await block.SendAsync(1));
    }

    [Fact]
    public async Task Delegate_ThrowsCancellation_RowVanishesAndBlockEndsSuccessfully()
    {
        var block = new TransformManyBlock<int, int>(x => x == 1 ? throw new OperationCanceledException() : new[] { x });
        for (int i = 0; i < 3; i++) { await block.SendAsync(i); }
        block.Complete();
        var arrived = new List<int>();
        while (await block.OutputAvailableAsync()) { arrived.Add(await block.ReceiveAsync()); }
        await block.Completion;

        Assert.Equal([0, 2], arrived);
        Assert.Equal(TaskStatus.RanToCompletion, block.Completion.Status);
    }

    [Fact]
    public async Task Completion_FirstOfTwoSources_ClosesTheSharedTarget()
    {
        var first = new BufferBlock<int>();
        var second = new BufferBlock<int>();
        var target = new ActionBlock<int>(_ => { });
        first.LinkTo(target, Propagate);
        second.LinkTo(target, Propagate);

        first.Complete();
        await target.Completion.WaitAsync(Patience);

        Assert.True(second.Post(1));
        Assert.False(await target.SendAsync(2));
    }

    [Fact]
    public async Task Fault_Downstream_LeavesUpstreamSenderHanging()
    {
        var source = new TransformBlock<int, int>(x => x, new ExecutionDataflowBlockOptions { BoundedCapacity = 2 });
        var sink = new ActionBlock<int>(_ => throw new InvalidDataException("disk"), new ExecutionDataflowBlockOptions { BoundedCapacity = 1 });
        source.LinkTo(sink, Propagate);
        Task<bool>[] sends = [.. Enumerable.Range(0, 20).Select(i => source.SendAsync(i))];
        await Assert.ThrowsAsync<InvalidDataException>(() => sink.Completion.WaitAsync(Patience));

        Assert.False(source.Completion.IsCompleted);
        Assert.Contains(sends, send => !send.IsCompleted);
    }

    [Fact]
    public async Task Fault_ThroughLinks_NestsDeeperWithEachLink()
    {
        var first = new TransformBlock<int, int>(new Func<int, int>(_ => throw new InvalidDataException("cause")));
        var second = new TransformBlock<int, int>(x => x);
        var third = new ActionBlock<int>(_ => { });
        first.LinkTo(second, Propagate);
        second.LinkTo(third, Propagate);
        await first.SendAsync(1);
        await third.Completion.ContinueWith(_ => { }, TaskScheduler.Default);

        AggregateException fault = third.Completion.Exception!;
        Assert.IsType<AggregateException>(fault.InnerException);
        Assert.IsType<InvalidDataException>(Assert.Single(fault.Flatten().InnerExceptions));
    }

    [Fact]
    public async Task Cancellation_CompletedBlockWithUnreadOutput_IsIgnoredUntilDrained()
    {
        // Cancelling the token has no effect once the block's own completion has run, which cannot be observed: a busy machine gets longer pauses.
        foreach (int pause in (int[])[20, 200, 2000, 8000])
        {
            if (await IsCancellationIgnoredAsync(TimeSpan.FromMilliseconds(pause))) { return; }
        }

        Assert.Fail("Cancelled at once, however long the block had been complete.");
    }

    private static async Task<bool> IsCancellationIgnoredAsync(TimeSpan pause)
    {
        using var abort = new CancellationTokenSource();
        var block = new TransformBlock<int, int>(x => x, new ExecutionDataflowBlockOptions { CancellationToken = abort.Token });
        await block.SendAsync(1);
        await UntilAsync(() => block.OutputCount == 1);
        block.Complete();
        await Task.Delay(pause);
        abort.Cancel();
        await SettleAsync();
        if (block.Completion.IsCompleted) { return false; }

        Assert.Equal(1, block.OutputCount);
        block.LinkTo(DataflowBlock.NullTarget<int>());
        await block.Completion.ContinueWith(_ => { }, TaskScheduler.Default).WaitAsync(Patience);
        return true;
    }

    [Fact]
    public async Task Cancellation_ReachesTheNextBlock_AsANormalEnd()
    {
        using var abort = new CancellationTokenSource();
        var source = new TransformBlock<int, int>(x => x, new ExecutionDataflowBlockOptions { CancellationToken = abort.Token });
        var sink = new ActionBlock<int>(_ => { });
        source.LinkTo(sink, Propagate);
        abort.Cancel();

        await sink.Completion.WaitAsync(Patience);
        Assert.Equal(TaskStatus.RanToCompletion, sink.Completion.Status);
        Assert.Equal(TaskStatus.Canceled, source.Completion.Status);
    }

    [Fact]
    public async Task LinkPredicate_NoTargetMatches_BlocksTheHeadOfTheQueue()
    {
        var source = new BufferBlock<int>();
        var seen = new List<int>();
        var even = new ActionBlock<int>(seen.Add);
        source.LinkTo(even, Propagate, x => x % 2 == 0);
        foreach (int i in new[] { 0, 1, 2 }) { await source.SendAsync(i); }
        source.Complete();
        await UntilAsync(() => source.Count == 2);

        Assert.False(source.Completion.IsCompleted);
        source.LinkTo(DataflowBlock.NullTarget<int>());
        await even.Completion.WaitAsync(Patience);
        Assert.Equal([0, 2], seen);
    }

    [Fact]
    public async Task Broadcast_BoundedTarget_DropsRowsSilently()
    {
        var release = new TaskCompletionSource();
        int arrived = 0;
        var source = new BroadcastBlock<int>(x => x);
        var slow = new ActionBlock<int>(
            async _ =>
            {
                Interlocked.Increment(ref arrived);
                await release.Task;
            },
            new ExecutionDataflowBlockOptions { BoundedCapacity = 1 });
        source.LinkTo(slow, Propagate);
        for (int i = 0; i < 100; i++) { await source.SendAsync(i); }
        source.Complete();
        await source.Completion.WaitAsync(Patience);
        release.SetResult();
        await slow.Completion.WaitAsync(Patience);

        Assert.InRange(arrived, 1, 99);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 7)]
    public async Task Order_OneSlowRow_HoldsBackAllOnlyWhenEnsured(bool ordered, int outBeforeRelease)
    {
        var release = new TaskCompletionSource();
        int done = 0;
        var block = new TransformBlock<int, int>(
            async x =>
            {
                if (x == 0) { await release.Task; }
                Interlocked.Increment(ref done);
                return x;
            },
            new ExecutionDataflowBlockOptions { MaxDegreeOfParallelism = 4, BoundedCapacity = 8, EnsureOrdered = ordered });
        for (int i = 0; i < 8; i++) { await block.SendAsync(i); }
        await UntilAsync(() => Volatile.Read(ref done) == 7 && (ordered || block.OutputCount == 7));

        Assert.Equal(outBeforeRelease, block.OutputCount);
        release.SetResult();
    }

    [Fact]
    public async Task Batch_PartialBatch_WaitsForTriggerOrCompletion()
    {
        var block = new BatchBlock<int>(4, new GroupingDataflowBlockOptions { BoundedCapacity = 8 });
        for (int i = 0; i < 3; i++) { Assert.True(block.Post(i)); }

        Assert.Equal(0, block.OutputCount);
        block.TriggerBatch();
        int[] triggered = await block.ReceiveAsync(Patience);
        Assert.Equal([0, 1, 2], triggered);
        Assert.True(block.Post(3));
        block.Complete();
        int[] last = await block.ReceiveAsync(Patience);
        Assert.Equal([3], last);
        await block.Completion.WaitAsync(Patience);
    }

    [Fact]
    public void Batch_Capacity_CountsRows()
    {
        var block = new BatchBlock<int>(4, new GroupingDataflowBlockOptions { BoundedCapacity = 8 });

        Assert.Equal(8, Enumerable.Range(0, 20).Count(i => block.Post(i)));
        Assert.Equal(2, block.OutputCount);
    }

    [Theory]
    [InlineData(100, 100, 0)]
    [InlineData(2, 2, 2)]
    public async Task FanOut_FirstTarget_TakesAllThatFits(int capacity, int first, int second)
    {
        var release = new TaskCompletionSource();
        var source = new BufferBlock<int>();
        ActionBlock<int>[] workers =
        [
            .. Enumerable.Range(0, 2).Select(_ => new ActionBlock<int>(_ => release.Task, new ExecutionDataflowBlockOptions { BoundedCapacity = capacity })),
        ];
        foreach (ActionBlock<int> worker in workers) { source.LinkTo(worker, Propagate); }
        for (int i = 0; i < 100; i++) { await source.SendAsync(i); }
        int expectedLeft = 100 - first - second;
        await UntilAsync(() => source.Count == expectedLeft);

        // One row of each worker that has any is being processed, not in its queue.
        await UntilAsync(() => workers[0].InputCount == Math.Max(0, first - 1) && workers[1].InputCount == Math.Max(0, second - 1));
        Assert.Equal(expectedLeft, source.Count);
        release.SetResult();
    }

    [Fact]
    public async Task NullMessage_IsAMessage()
    {
        var seen = new List<string?>();
        var block = new ActionBlock<string?>(seen.Add);
        Assert.True(await block.SendAsync(null));
        block.Complete();
        await block.Completion.WaitAsync(Patience);

        Assert.Equal([null], seen);
    }

    private static async Task SettleAsync()
    {
        for (int i = 0; i < 5000; i++) { await Task.Yield(); }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
