using System.Collections.Concurrent;
using LaionStream.Engine.Inputs;
using LaionStream.Engine.Inputs.Queue;
using Microsoft.Extensions.Logging.Abstractions;

namespace LaionStream.Engine.Tests.Inputs;

public sealed class InputQueueTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    public async Task Take_ManyCallers_EachFileOnceAndInOrder(int callers)
    {
        var queue = new StaticInputQueue(Files(1000));
        List<int>[] taken = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            var mine = new List<int>();
            while (await queue.TakeAsync(default) is { } file) { mine.Add(file.Number); }
            return mine;
        }))).WaitAsync(Patience);

        Assert.Equal(Enumerable.Range(0, 1000), taken.SelectMany(mine => mine).Order());
        Assert.All(taken, mine => Assert.Equal(mine.Order(), mine));
        Assert.False(queue.HasMore);
    }

    [Fact]
    public async Task Take_AfterStop_LeavesTheRest()
    {
        var queue = new StaticInputQueue(Files(3));
        Assert.NotNull(await queue.TakeAsync(default));

        Assert.Null(await queue.TakeAsync(new CancellationToken(canceled: true)));
        Assert.True(queue.HasMore);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    public async Task Pumps_ReadEveryFile_AndFinishItOnlyOnceItsDoneLineIsThere(int pumps)
    {
        var queue = new FakeQueue(Files(40));
        var done = new ConcurrentDictionary<int, bool>();
        var held = new HeldInputs(queue, done.ContainsKey, TimeProvider.System);
        var all = new InputPumps(held, async (_, _, _) => { await Task.Yield(); return true; }, NullLogger<InputPumps>.Instance);
        await all.RunAsync(pumps, default, default).WaitAsync(Patience);

        Assert.True(all.ReadAllTaken);
        Assert.Empty(queue.Finished); // read to the end, but their rows are in the graph
        foreach (InputFile file in queue.Taken.Where(file => file.Number != 7)) { done[file.Number] = true; }
        await held.ReleaseAsync();

        Assert.Equal(Enumerable.Range(0, 40).Where(number => number != 7), queue.Finished.Order());
        Assert.Equal([7], queue.GivenBack); // a row of it has no durable outcome
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public async Task Pumps_Stopped_ReleaseWhatTheyHoldAndTakeNoMore(int pumps)
    {
        var queue = new FakeQueue(Files(40));
        var held = new HeldInputs(queue, _ => false, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        using var reading = new CountdownEvent(pumps);
        var all = new InputPumps(held, ReadUntilStoppedAsync, NullLogger<InputPumps>.Instance);
        Task running = all.RunAsync(pumps, stop.Token, default);
        Assert.True(reading.Wait(Patience));
        await stop.CancelAsync();
        await running.WaitAsync(Patience);

        Assert.False(all.ReadAllTaken);
        Assert.Equal(Enumerable.Range(0, pumps), queue.GivenBack.Order());
        Assert.Equal(pumps, queue.Taken.Count);
        Assert.Empty(queue.Finished);

        async Task<bool> ReadUntilStoppedAsync(InputFile file, CancellationToken stopped, CancellationToken abort)
        {
            reading.Signal();
            await Task.Delay(Timeout.Infinite, stopped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return false;
        }
    }

    [Fact]
    public async Task Pumps_AFileThatCannotBeRead_IsGivenBackAndTheOthersAreRead()
    {
        var queue = new FakeQueue(Files(5));
        var held = new HeldInputs(queue, _ => true, TimeProvider.System);
        var all = new InputPumps(held, (file, _, _) => file.Number == 2
            ? throw new IOException("gone")
            : Task.FromResult(true), NullLogger<InputPumps>.Instance);
        await all.RunAsync(2, default, default).WaitAsync(Patience);
        await held.ReleaseAsync();

        Assert.Equal([2], queue.GivenBack);
        Assert.Equal([0, 1, 3, 4], queue.Finished.Order());
        Assert.Contains("gone", Assert.Single(all.Unreadable), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keep_WhileTheRunLasts_RenewsWhatIsHeldAndFinishesWhatIsDone()
    {
        var queue = new FakeQueue(Files(2)) { RenewEvery = TimeSpan.FromMilliseconds(5) };
        var done = new ConcurrentDictionary<int, bool> { [1] = true }; // from an earlier run: a retry reads the file again
        var held = new HeldInputs(queue, done.ContainsKey, TimeProvider.System);
        using var ended = new CancellationTokenSource();
        Task keeping = held.KeepAsync(ended.Token);
        InputFile first = (await held.TakeAsync(default))!;
        Assert.NotNull(await held.TakeAsync(default));
        await Until(() => queue.Renewed.Contains(0) && queue.Renewed.Contains(1));
        held.NoteRead(first);
        Assert.Empty(queue.Finished); // read, but not done; the other is done, but not read
        done[0] = true;
        await Until(() => !queue.Finished.IsEmpty);
        await ended.CancelAsync();
        await keeping.WaitAsync(Patience);

        Assert.Equal([0], queue.Finished);
    }

    [Fact]
    public async Task Keep_AFileThatAnotherProcessHasTaken_EndsTheRun()
    {
        var queue = new FakeQueue(Files(1)) { RenewEvery = TimeSpan.FromMilliseconds(5), IsLost = true };
        var held = new HeldInputs(queue, _ => false, TimeProvider.System);
        await held.TakeAsync(default);

        InputLostException lost = await Assert.ThrowsAsync<InputLostException>(() => held.KeepAsync(default).WaitAsync(Patience));
        Assert.Contains("0.wat", lost.Message, StringComparison.Ordinal);
    }

    private static async Task Until(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!holds()) { await Task.Delay(2, patience.Token); }
    }

    private static InputFile[] Files(int count) => [.. Enumerable.Range(0, count).Select(number => new InputFile(number, $"/in/{number}.wat"))];

    private sealed class FakeQueue(InputFile[] files) : IInputQueue
    {
        private readonly StaticInputQueue _files = new(files);

        public TimeSpan RenewEvery { get; init; } = Timeout.InfiniteTimeSpan;

        public bool HasMore => _files.HasMore;

        public bool IsLost { get; init; }

        public ConcurrentQueue<InputFile> Taken { get; } = [];

        public ConcurrentQueue<int> Renewed { get; } = [];

        public ConcurrentQueue<int> Finished { get; } = [];

        public ConcurrentQueue<int> GivenBack { get; } = [];

        public async ValueTask<InputFile?> TakeAsync(CancellationToken stop)
        {
            InputFile? file = await _files.TakeAsync(stop);
            if (file is not null) { Taken.Enqueue(file); }
            return file;
        }

        public ValueTask RenewAsync(InputFile file)
        {
            if (IsLost) { throw new InputLostException(file); }
            Renewed.Enqueue(file.Number);
            return ValueTask.CompletedTask;
        }

        public ValueTask FinishAsync(InputFile file)
        {
            Finished.Enqueue(file.Number);
            return ValueTask.CompletedTask;
        }

        public ValueTask GiveBackAsync(InputFile file)
        {
            GivenBack.Enqueue(file.Number);
            return ValueTask.CompletedTask;
        }
    }
}
