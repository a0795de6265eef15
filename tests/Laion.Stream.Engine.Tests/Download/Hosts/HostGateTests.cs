using LaionStream.Dataset.Rows;
using LaionStream.Engine.Download.Hosts;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Flow;
using Microsoft.Extensions.Time.Testing;

namespace LaionStream.Engine.Tests.Download.Hosts;

public sealed class HostGateTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly DownloadOptions _options = new() { PerHost = { Concurrency = 1 }, Breaker = { Failures = 0 } };

    [Fact]
    public async Task EnterAsync_HostAtItsLimit_WaitsForAnExit()
    {
        using HostGate gate = CreateGate();
        HostPass first = await gate.EnterAsync("a", default);
        Task<HostPass> second = gate.EnterAsync("a", default).AsTask();
        Assert.False(second.IsCompleted);

        gate.Exit(first.Slot!, HostOutcome.Answered);

        Assert.Equal(DropReason.None, (await second).Refused);
    }

    [Fact]
    public async Task EnterAsync_ManyRowsOfOneHost_DoNotHoldAnotherBack()
    {
        using HostGate gate = CreateGate(limit: 2);
        await gate.EnterAsync("slow", default);
        Task<HostPass>[] waiting = [.. Enumerable.Range(0, 1000).Select(_ => gate.EnterAsync("slow", default).AsTask())];

        for (int i = 0; i < 100; i++)
        {
            ValueTask<HostPass> fast = gate.EnterAsync("fast", default);
            Assert.True(fast.IsCompleted);
            gate.Exit((await fast).Slot!, HostOutcome.Answered);
        }

        Assert.DoesNotContain(waiting, task => task.IsCompleted);
    }

    [Fact]
    public async Task Exit_SeveralHostsWait_TakesTurns()
    {
        _options.PerHost.Concurrency = 100;
        using HostGate gate = CreateGate(limit: 1);
        HostPass current = await gate.EnterAsync("x", default);
        var turns = new List<string>();
        var waits = new List<(string Host, Task<HostPass> Pass)>();
        foreach (string host in Enumerable.Repeat("a", 50).Append("b").Append("c")) { waits.Add((host, gate.EnterAsync(host, default).AsTask())); }

        for (int i = 0; i < 4; i++)
        {
            gate.Exit(current.Slot!, HostOutcome.Answered);
            (string Host, Task<HostPass> Pass) next = await Task.WhenAny(waits.Select(wait => wait.Pass))
                .ContinueWith(done => waits.First(wait => wait.Pass.IsCompleted), TaskScheduler.Default);
            waits.Remove(next);
            turns.Add(next.Host);
            current = await next.Pass;
        }

        Assert.Equal(["a", "b", "c", "a"], turns);
    }

    [Fact]
    public async Task EnterAsync_Rate_SpacesRequests()
    {
        _options.PerHost.Concurrency = 100;
        _options.PerHost.RequestsPerSecond = 10;
        _options.PerHost.Burst = 2;
        using HostGate gate = CreateGate();
        Task<HostPass>[] passes = [.. Enumerable.Range(0, 12).Select(_ => gate.EnterAsync("a", default).AsTask())];
        Assert.Equal(2, passes.Count(pass => pass.IsCompleted));

        for (int i = 0; i < 52; i++) { _clock.Advance(TimeSpan.FromMilliseconds(10)); }
        await Settled(passes, 7);

        for (int i = 0; i < 58; i++) { _clock.Advance(TimeSpan.FromMilliseconds(10)); }
        await Settled(passes, 12);
    }

    [Fact]
    public async Task BackOff_RetryAfter_DelaysThatHostOnly()
    {
        using HostGate gate = CreateGate();
        HostPass pass = await gate.EnterAsync("a", default);
        gate.BackOff(pass.Slot!, TimeSpan.FromSeconds(5));
        gate.Exit(pass.Slot!, HostOutcome.Answered);

        Task<HostPass> waiting = gate.EnterAsync("a", default).AsTask();
        Assert.Equal(DropReason.None, (await gate.EnterAsync("b", default)).Refused);
        _clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(waiting.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.2));

        Assert.Equal(DropReason.None, (await waiting).Refused);
    }

    [Fact]
    public async Task BackOff_LongerThanMaxHostWait_RefusesAtOnce()
    {
        using HostGate gate = CreateGate();
        HostPass pass = await gate.EnterAsync("a", default);
        gate.BackOff(pass.Slot!, TimeSpan.FromMinutes(10));
        gate.Exit(pass.Slot!, HostOutcome.Answered);

        Assert.Equal(DropReason.HostBusy, (await gate.EnterAsync("a", default)).Refused);
    }

    [Fact]
    public async Task Exit_FailuresInARow_OpenTheBreakerAndOneTriesAgain()
    {
        _options.Breaker = new BreakerOptions { Failures = 3, Pause = TimeSpan.FromSeconds(30) };
        _options.PerHost.Concurrency = 4;
        using HostGate gate = CreateGate();
        for (int i = 0; i < 3; i++) { gate.Exit((await gate.EnterAsync("a", default)).Slot!, HostOutcome.Failed); }

        Assert.Equal(DropReason.HostDown, (await gate.EnterAsync("a", default)).Refused);
        Assert.Equal(DropReason.None, (await gate.EnterAsync("b", default)).Refused);

        _clock.Advance(TimeSpan.FromSeconds(31));
        HostPass trial = await gate.EnterAsync("a", default);
        Task<HostPass> next = gate.EnterAsync("a", default).AsTask();
        Assert.Equal(DropReason.None, trial.Refused);
        Assert.False(next.IsCompleted); // the trial's outcome decides
        gate.Exit(trial.Slot!, HostOutcome.Answered);
        Assert.Equal(DropReason.None, (await next).Refused);
    }

    [Fact]
    public async Task Exit_ProbeFails_RefusesTheWaitingRows()
    {
        _options.Breaker = new BreakerOptions { Failures = 1, Pause = TimeSpan.FromSeconds(30) };
        using HostGate gate = CreateGate();
        gate.Exit((await gate.EnterAsync("a", default)).Slot!, HostOutcome.Failed);
        _clock.Advance(TimeSpan.FromSeconds(31));
        HostPass trial = await gate.EnterAsync("a", default);
        Task<HostPass> next = gate.EnterAsync("a", default).AsTask();

        gate.Exit(trial.Slot!, HostOutcome.Failed);

        Assert.Equal(DropReason.HostDown, (await next).Refused);
    }

    [Fact]
    public async Task EnterAsync_WaitTooLong_IsHostBusy()
    {
        _options.MaxHostWait = TimeSpan.FromSeconds(10);
        using HostGate gate = CreateGate();
        await gate.EnterAsync("a", default);
        Task<HostPass> waiting = gate.EnterAsync("a", default).AsTask();

        _clock.Advance(TimeSpan.FromSeconds(9));
        Assert.False(waiting.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(DropReason.HostBusy, (await waiting).Refused);
    }

    [Fact]
    public async Task EnterAsync_WaitForOwnSlotOrMemory_DoesNotCount()
    {
        _options.MaxStalled = 0;
        _options.MaxHostWait = TimeSpan.FromSeconds(10);
        using HostGate gate = CreateGate(limit: 1);
        HostPass other = await gate.EnterAsync("other", default);
        Task<HostPass> waiting = gate.EnterAsync("a", default).AsTask();
        _clock.Advance(TimeSpan.FromMinutes(5)); // waits for our slots
        Assert.False(waiting.IsCompleted);
        gate.Exit(other.Slot!, HostOutcome.Answered);
        HostPass first = await waiting;

        waiting = gate.EnterAsync("a", default).AsTask();
        gate.Pause(first.Slot!);
        _clock.Advance(TimeSpan.FromMinutes(5)); // waits for our memory
        Assert.False(waiting.IsCompleted);
        gate.Resume(first.Slot!);
        _clock.Advance(TimeSpan.FromSeconds(11)); // waits for the host's own limit

        Assert.Equal(DropReason.HostBusy, (await waiting).Refused);
    }

    [Fact]
    public async Task EnterAsync_Aborted_LeavesNoSlotBehind()
    {
        using HostGate gate = CreateGate(limit: 1);
        using var abort = new CancellationTokenSource();
        HostPass first = await gate.EnterAsync("a", default);
        Task<HostPass> gone = gate.EnterAsync("a", abort.Token).AsTask();
        Task<HostPass> stays = gate.EnterAsync("a", default).AsTask();

        await abort.CancelAsync();
        gate.Exit(first.Slot!, HostOutcome.Answered);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        gate.Exit((await stays).Slot!, HostOutcome.Answered);
        Assert.Equal(0, gate.Counters.Active);
    }

    [Fact]
    public async Task Sweep_SlowHostFillsTheQueue_ReleasesItToOthers()
    {
        _options.Queue = new QueueOptions { Parallelism = 100, Capacity = 200 };
        _options.MaxPendingPerHost = 10;
        _options.MaxHostWait = TimeSpan.FromMinutes(10);
        using HostGate gate = CreateGate();
        await gate.EnterAsync("slow", default);
        await gate.EnterAsync("also", default);
        Task<HostPass>[] slow = [.. Enumerable.Range(0, 90).Select(_ => gate.EnterAsync("slow", default).AsTask())];
        Task<HostPass> also = gate.EnterAsync("also", default).AsTask();
        Assert.DoesNotContain(slow, task => task.IsCompleted); // its pace is not known yet

        _clock.Advance(TimeSpan.FromSeconds(3));
        await Settled(slow, 42); // down to half of the queue, when no other host is blocked any more

        Assert.All(slow.Where(task => task.IsCompleted), task => Assert.Equal(DropReason.HostBusy, task.GetAwaiter().GetResult().Refused));
        Assert.True(slow[0..48].All(task => !task.IsCompleted)); // those who came first stay
        Assert.False(also.IsCompleted);
    }

    [Fact]
    public async Task EnterAsync_RequestStalls_ReleasesItsSlotAndReacquiresIt()
    {
        using HostGate gate = CreateGate(limit: 1);
        HostPass hung = await gate.EnterAsync("hung", default);
        Task<HostPass> good = gate.EnterAsync("good", default).AsTask();
        _clock.Advance(TimeSpan.FromSeconds(0.9));
        Assert.False(good.IsCompleted);

        _clock.Advance(TimeSpan.FromSeconds(0.3));
        Assert.Equal(DropReason.None, (await good).Refused);
        Assert.Equal((1, 1), (gate.Counters.Active, gate.Counters.Stalled));

        gate.Progressed(hung.Slot!); // it makes progress again: for a moment two requests hold slots
        Assert.Equal((2, 0), (gate.Counters.Active, gate.Counters.Stalled));
        gate.Exit((await good).Slot!, HostOutcome.Answered);
        Task<HostPass> next = gate.EnterAsync("good", default).AsTask();
        Assert.False(next.IsCompleted);
        gate.Exit(hung.Slot!, HostOutcome.Answered);
        gate.Exit((await next).Slot!, HostOutcome.Answered);
        Assert.Equal((0, 0), (gate.Counters.Active, gate.Counters.Stalled));
    }

    [Fact]
    public async Task EnterAsync_MoreStallThanMaxStalled_TheRestKeepTheirSlots()
    {
        _options.MaxStalled = 2;
        using HostGate gate = CreateGate(limit: 3);
        Task<HostPass>[] hung = [.. Enumerable.Range(0, 20).Select(i => gate.EnterAsync("hung" + i, default).AsTask())];
        _clock.Advance(TimeSpan.FromSeconds(30));
        await Settled(hung, 5);

        Assert.Equal((3, 2), (gate.Counters.Active, gate.Counters.Stalled));
        foreach (Task<HostPass> pass in hung) { gate.Exit((await pass).Slot!, HostOutcome.Failed); } // each exit admits the next one
        Assert.Equal((0, 0, 0), (gate.Counters.Active, gate.Counters.Stalled, gate.Counters.Waiting));
    }

    [Fact]
    public async Task EnterAsync_RequestStalls_StillCountsForItsHost()
    {
        using HostGate gate = CreateGate(limit: 10);
        await gate.EnterAsync("hung", default);
        Task<HostPass> second = gate.EnterAsync("hung", default).AsTask();

        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(1, gate.Counters.Stalled);
        Assert.False(second.IsCompleted);
    }

    [Fact]
    public async Task Pause_RequestWaitsForBufferMemory_KeepsItsSlot()
    {
        using HostGate gate = CreateGate(limit: 1);
        HostPass first = await gate.EnterAsync("a", default);
        gate.Pause(first.Slot!);
        Task<HostPass> second = gate.EnterAsync("b", default).AsTask();

        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.False(second.IsCompleted);

        gate.Resume(first.Slot!);
        _clock.Advance(TimeSpan.FromSeconds(1.3));
        Assert.Equal(DropReason.None, (await second).Refused);
    }

    [Fact]
    public async Task Answered_AllHostsSlow_NoRequestCountsAsStalled()
    {
        using HostGate gate = CreateGate(limit: 1);
        for (int i = 0; i < 100; i++)
        {
            HostPass slow = await gate.EnterAsync("slow" + i, default);
            gate.Sent(slow.Slot!);
            _clock.Advance(TimeSpan.FromSeconds(4)); // our own connection is the bottleneck: more requests would make it worse
            gate.Answered(slow.Slot!);
            gate.Exit(slow.Slot!, HostOutcome.Answered);
        }

        await gate.EnterAsync("one more", default);
        Task<HostPass> next = gate.EnterAsync("next", default).AsTask();
        _clock.Advance(TimeSpan.FromSeconds(6));
        Assert.False(next.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(DropReason.None, (await next).Refused);
    }

    [Fact]
    public async Task SetLimit_Raised_AdmitsWaitingRows()
    {
        using HostGate gate = CreateGate(limit: 1);
        await gate.EnterAsync("a", default);
        Task<HostPass> waiting = gate.EnterAsync("b", default).AsTask();
        Assert.False(waiting.IsCompleted);

        gate.SetLimit(2);

        Assert.Equal(DropReason.None, (await waiting).Refused);
    }

    [Fact]
    public async Task EnterAsync_ManyHosts_AreForgotten()
    {
        using HostGate gate = CreateGate();
        for (int i = 0; i < 50_000; i++) { gate.Exit((await gate.EnterAsync("host" + i, default)).Slot!, HostOutcome.Answered); }

        Assert.InRange(gate.Counters.Hosts, 1, 10_000);
    }

    private static async Task Settled(Task<HostPass>[] passes, int completed)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (passes.Count(pass => pass.IsCompleted) < completed) { await Task.Delay(1, limit.Token); }
        Assert.Equal(completed, passes.Count(pass => pass.IsCompleted));
    }

    private HostGate CreateGate(int limit = 100) => new(() => _options, limit, _clock);
}
