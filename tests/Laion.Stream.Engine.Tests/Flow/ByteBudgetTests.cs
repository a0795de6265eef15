using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Tests.Flow;

public sealed class ByteBudgetTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Reserve_UpToCapacity_IsGrantedAtOnce()
    {
        var budget = new ByteBudget("test", 100);
        using ByteLease a = await budget.ReserveAsync(60, CancellationToken.None);
        using ByteLease b = await budget.ReserveAsync(40, CancellationToken.None);

        Assert.Equal(100, budget.Held);
        Assert.False(budget.ReserveAsync(1, CancellationToken.None).AsTask().IsCompleted);
    }

    [Fact]
    public async Task Reserve_LargerThanTheSlice_WaitsUntilItCanBeExempt()
    {
        var budget = new ByteBudget("test", 100);
        ByteLease small = await budget.ReserveAsync(10, CancellationToken.None);
        Task<ByteLease> large = budget.ReserveAsync(500, CancellationToken.None).AsTask();
        Assert.False(large.IsCompleted);
        small.Dispose();
        ByteLease alone = await large.WaitAsync(Patience);

        Assert.Equal(500, budget.Held);
        Task<ByteLease> next = budget.ReserveAsync(10, CancellationToken.None).AsTask();
        Assert.False(next.IsCompleted);
        alone.Dispose();
        (await next.WaitAsync(Patience)).Dispose();
        Assert.Equal(0, budget.Held);
    }

    [Fact]
    public async Task Resize_AllHoldersWantMore_OneIsExemptAndAllEnd()
    {
        var budget = new ByteBudget("test", 100);
        ByteLease[] leases = [await budget.ReserveAsync(50, default), await budget.ReserveAsync(50, default)];
        Task[] bodies =
        [
            .. leases.Select(async lease =>
            {
                for (int want = 60; want <= 200; want += 10) { await lease.ResizeAsync(want, default); }
                lease.Dispose();
            }),
        ];
        await Task.WhenAll(bodies).WaitAsync(Patience);

        Assert.Equal(0, budget.Held);
        Assert.InRange(budget.Peak, 101, 100 + 200);
    }

    [Fact]
    public async Task Reserve_Cancelled_LeavesNothingBehind()
    {
        var budget = new ByteBudget("test", 10);
        ByteLease held = await budget.ReserveAsync(10, default);
        using var cancel = new CancellationTokenSource();
        Task<ByteLease> waiting = budget.ReserveAsync(5, cancel.Token).AsTask();
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        held.Dispose();

        Assert.Equal(0, budget.Held);
        Assert.Equal(0, budget.Waiting);
    }

    [Fact]
    public async Task Dispose_Twice_ReturnsTheBytesOnce()
    {
        var budget = new ByteBudget("test", 10);
        ByteLease lease = await budget.ReserveAsync(10, default);
        lease.Dispose();
        lease.Dispose();

        Assert.Equal(0, budget.Held);
    }

    [Fact]
    public async Task Resize_Down_WakesTheNext()
    {
        var budget = new ByteBudget("test", 10);
        using ByteLease lease = await budget.ReserveAsync(10, default);
        Task<ByteLease> next = budget.ReserveAsync(6, default).AsTask();
        await lease.ResizeAsync(4, default);

        (await next.WaitAsync(Patience)).Dispose();
    }

    [Fact]
    public async Task Reserve_LargeShareIsFull_SmallOnesOvertakeThoseThatWaitForIt()
    {
        var budget = new ByteBudget("test", 1000, small: 100);
        ByteLease[] large = [.. await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => budget.ReserveAsync(100, default).AsTask()))];
        await large[0].ResizeAsync(500, default);
        await large[1].ResizeAsync(200, default); // runs alone
        Task waiting = large[2].ResizeAsync(101, default).AsTask();
        Assert.False(waiting.IsCompleted);

        using ByteLease small = await budget.ReserveAsync(90, default);
        Assert.True(small.TryResize(90));
        await small.ResizeAsync(100, default);
        large[0].Dispose();
        await waiting.WaitAsync(Patience);
        large[1].Dispose();
        large[2].Dispose();
        Assert.Equal(100, budget.Held);
    }

    [Fact]
    public async Task Reserve_SliceIsFull_WaitersAreServedInOrder()
    {
        var budget = new ByteBudget("test", 1000, small: 100);
        ByteLease[] small = [.. await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => budget.ReserveAsync(100, default).AsTask()))];
        await small[0].ResizeAsync(150, default); // runs alone
        Task grower = small[1].ResizeAsync(300, default).AsTask();
        Task<ByteLease> newcomer = budget.ReserveAsync(10, default).AsTask();
        small[2].Dispose();
        Assert.False(newcomer.IsCompleted);
        small[3].Dispose();
        small[4].Dispose();
        await grower.WaitAsync(Patience);
        foreach (ByteLease lease in small) { lease.Dispose(); }
        (await newcomer.WaitAsync(Patience)).Dispose();
        Assert.Equal(0, budget.Held);
    }

    // All hold some bytes and want more, many times the total; each ends only when it has all.
    [Theory]
    [InlineData(1, 64, 0)]
    [InlineData(1, 64, 8)]
    [InlineData(2, 64, 8)]
    [InlineData(64, 64, 8)]
    [InlineData(256, 1, 1)]
    [InlineData(256, 64, 0)]
    [InlineData(256, 64, 8)]
    [InlineData(256, 64, 64)]
    public async Task Resize_ManyGrowingBodiesInATinySlice_AllEnd(int bodies, long capacity, long small)
    {
        const int Size = 200;
        var budget = new ByteBudget("test", capacity, small);
        await Task.WhenAll(Enumerable.Range(0, bodies).Select(worker => Task.Run(async () =>
        {
            for (int round = 0; round < 5; round++)
            {
                using ByteLease lease = await budget.ReserveAsync(1, default);
                for (long size = 2; size <= Size; size = (size * 3 / 2) + 1)
                {
                    await Task.Yield();
                    await lease.ResizeAsync(size + lease.Bytes, default); // both while it is copied
                    lease.TryResize(size);
                }
            }
        }))).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(0, budget.Held);
        Assert.Equal(0, budget.Waiting);
        Assert.InRange(budget.Peak, 1, capacity + (2 * Size));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 0)]
    [InlineData(4, 60)]
    [InlineData(5, 300)]
    public async Task Random_ManyRows_NeverDeadlocksNorPassesTheCeiling(int seed, long small)
    {
        const int Capacity = 1000;
        const int MaxRow = 700;
        var budget = new ByteBudget("test", Capacity, small);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(worker => Task.Run(async () =>
        {
            var random = new Random((seed * 1000) + worker);
            for (int i = 0; i < 200; i++)
            {
                int size = random.Next(1, MaxRow);
                using ByteLease lease = await budget.ReserveAsync(Math.Min(size, 50), default);
                for (long have = lease.Bytes; have < size;)
                {
                    have = Math.Min(size, have + random.Next(1, 200));
                    if (!lease.TryResize(have)) { await lease.ResizeAsync(have, default); }
                    if (random.Next(4) == 0) { await Task.Yield(); }
                }
            }
        }))).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(0, budget.Held);
        Assert.InRange(budget.Peak, 1, Capacity + MaxRow);
    }
}
