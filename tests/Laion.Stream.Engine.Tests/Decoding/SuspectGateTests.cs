using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Download;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Flow;
using Microsoft.Extensions.Logging.Abstractions;

namespace LaionStream.Engine.Tests.Decoding;

public sealed class SuspectGateTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ByteBudget _bodies = new("bodies", 1 << 20);
    private readonly Lock _gate = new();
    private readonly HashSet<RowKey> _suspects = [.. Enumerable.Range(0, 200).Where(i => i % 10 == 3).Select(i => new RowKey(0, i))];
    private readonly HashSet<RowKey> _poison = [new RowKey(0, 13)];
    private readonly HashSet<RowKey> _inside = [];
    private int _most;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    public async Task RunAsync_ManyRows_ASuspectIsAloneAndTheOthersAreNot(int workers)
    {
        var gate = new SuspectGate(DecodeAsync, _suspects, _poison, NullLogger<SuspectGate>.Instance);
        int next = -1;
        int kept = 0;
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var i && i < 200)
            {
                Step<PreparedImage> step = await gate.RunAsync(await FetchAsync(i), default);
                Assert.Equal(i == 13, step.Drop.Reason == DropReason.Poison);
                if (step.Row is not null) { Interlocked.Increment(ref kept); }
            }
        }))).WaitAsync(Patience);

        Assert.Equal((199, 0L, 0), (kept, _bodies.Held, _inside.Count));
        Assert.InRange(_most, Math.Min(workers, 2), workers);
    }

    [Fact]
    public async Task RunAsync_AbortWhileASuspectIsInside_EndsEveryWaitAndReturnsTheBodies()
    {
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gate = new SuspectGate(HoldAsync, _suspects, _poison, NullLogger<SuspectGate>.Instance);
        using var abort = new CancellationTokenSource();
        Task inside = gate.RunAsync(await FetchAsync(3), default).AsTask();
        await reached.Task.WaitAsync(Patience);
        Task[] waiting = [gate.RunAsync(await FetchAsync(4), abort.Token).AsTask(), gate.RunAsync(await FetchAsync(23), abort.Token).AsTask()];

        await abort.CancelAsync();
        foreach (Task wait in waiting) { await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.WaitAsync(Patience)); }
        hold.SetResult();
        await inside.WaitAsync(Patience);
        Assert.Equal(0, _bodies.Held);
        Assert.NotNull((await gate.RunAsync(await FetchAsync(5), default).AsTask().WaitAsync(Patience)).Row);

        async ValueTask<Step<PreparedImage>> HoldAsync(FetchedImage image, CancellationToken token)
        {
            reached.TrySetResult();
            await hold.Task;
            return await DecodeAsync(image, token);
        }
    }

    [Fact]
    public async Task RunAsync_AbortWhileASuspectWaitsForTheOthers_TheNextRowIsAdmitted()
    {
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gate = new SuspectGate(HoldAsync, _suspects, _poison, NullLogger<SuspectGate>.Instance);
        using var abort = new CancellationTokenSource();
        Task inside = gate.RunAsync(await FetchAsync(4), default).AsTask();
        Task suspect = gate.RunAsync(await FetchAsync(3), abort.Token).AsTask();

        await abort.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => suspect.WaitAsync(Patience));
        Task after = gate.RunAsync(await FetchAsync(5), default).AsTask();
        hold.SetResult();
        await Task.WhenAll(inside, after).WaitAsync(Patience);
        Assert.Equal(0, _bodies.Held);

        async ValueTask<Step<PreparedImage>> HoldAsync(FetchedImage image, CancellationToken token)
        {
            await hold.Task;
            return await DecodeAsync(image, token);
        }
    }

    private async ValueTask<Step<PreparedImage>> DecodeAsync(FetchedImage image, CancellationToken abort)
    {
        using (image)
        {
            lock (_gate)
            {
                _inside.Add(image.Key);
                _most = Math.Max(_most, _inside.Count);
                Assert.True(_inside.Count == 1 || !_inside.Overlaps(_suspects), $"{string.Join(' ', _inside)} at once");
            }

            await Task.Delay(1, abort); // long enough for others to enter
            lock (_gate) { _inside.Remove(image.Key); }
            return new PreparedImage(image.Candidate, image.Fetch, new PictureFacts(1, 1, "", ""), []);
        }
    }

    private async Task<FetchedImage> FetchAsync(int ordinal)
    {
        var candidate = new Candidate(new RowKey(0, ordinal), "http://pictures.test/a", "a picture", "?", null, "list", ordinal);
        return new FetchedImage(candidate, new FetchFacts(candidate.Url, DateTimeOffset.UnixEpoch),
            new PooledBody(new byte[16], 16, await _bodies.ReserveAsync(16, default)));
    }
}
