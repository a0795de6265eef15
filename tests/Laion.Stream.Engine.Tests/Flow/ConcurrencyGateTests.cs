using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Tests.Flow;

public sealed class ConcurrencyGateTests
{
    [Fact]
    public async Task Enter_UpToTheLimit_ThenWaits()
    {
        var gate = new ConcurrencyGate(() => 2);
        await gate.EnterAsync(default);
        await gate.EnterAsync(default);
        Task third = gate.EnterAsync(default).AsTask();

        Assert.False(third.IsCompleted);
        gate.Exit();
        await third;
        Assert.Equal(2, gate.Inside);
    }

    [Fact]
    public async Task Limit_Raised_AdmitsMoreAtTheNextEntryOrExit()
    {
        int limit = 1;
        var gate = new ConcurrencyGate(() => limit);
        await gate.EnterAsync(default);
        Task second = gate.EnterAsync(default).AsTask();
        limit = 3;
        await gate.EnterAsync(default).AsTask();
        await second;

        Assert.Equal(3, gate.Inside);
    }

    [Fact]
    public async Task Limit_Lowered_HoldsUntilEnoughHaveLeft()
    {
        int limit = 2;
        var gate = new ConcurrencyGate(() => limit);
        await gate.EnterAsync(default);
        await gate.EnterAsync(default);
        limit = 1;
        gate.Exit();
        Task next = gate.EnterAsync(default).AsTask();

        Assert.False(next.IsCompleted);
        gate.Exit();
        await next;
    }

    [Fact]
    public async Task Enter_Cancelled_TakesNoSlot()
    {
        var gate = new ConcurrencyGate(() => 1);
        await gate.EnterAsync(default);
        using var cancel = new CancellationTokenSource();
        Task waiting = gate.EnterAsync(cancel.Token).AsTask();
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        gate.Exit();

        Assert.Equal(0, gate.Inside);
        await gate.EnterAsync(default);
    }
}
