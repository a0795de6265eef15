using LaionStream.Engine.Ledger.Claims;
using LaionStream.Engine.Ledger.Format;
using LaionStream.TestWorld;

namespace LaionStream.Engine.Tests.Ledger.Claims;

public sealed class ClaimIndexTests : IDisposable
{
    private const int RunHashes = 2_000;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Replace_MergedRun_FreesTheOldFilesAndKeepsTheirHashes()
    {
        using var index = new ClaimIndex();
        HashRun first = Run(1, 0);
        HashRun second = Run(2, RunHashes);
        index.Attach(first);
        index.Attach(second);
        Assert.All([first, second], run => Assert.True(IsMapped(run.Path)));

        new HashRunBuilder(new LocalDisk(), _folder.Root).Compact(index);

        HashRun merged = Assert.Single(index.Runs);
        Assert.Equal(2 * RunHashes, merged.Count);
        Assert.All([first, second], run => Assert.False(IsMapped(run.Path)));
        Assert.All(Enumerable.Range(0, 2 * RunHashes), hash => Assert.False(index.TryAdd(hash)));
        Assert.True(index.TryAdd(2 * RunHashes));
    }

    [Fact]
    public async Task Replace_DuringLookups_GivesNoWrongAnswer()
    {
        using var index = new ClaimIndex();
        using var stop = new CancellationTokenSource();
        var builder = new HashRunBuilder(new LocalDisk(), _folder.Root);
        index.Attach(Run(1, 0));
        Task<long>[] readers = [.. Enumerable.Range(0, 4).Select(seed => Task.Run(() => LookUps(index, seed, stop.Token)))];

        for (int segment = 2; segment < 40; segment++)
        {
            index.Attach(Run(segment, (segment - 1) * RunHashes));
            builder.Compact(index);
        }

        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(readers), wrong => Assert.Equal(0, wrong));
        Assert.Equal(39L * RunHashes, index.Count);
    }

    private static long LookUps(ClaimIndex index, int seed, CancellationToken stop)
    {
        var random = new Random(seed);
        long wrong = 0;
        while (!stop.IsCancellationRequested)
        {
            if (index.TryAdd(random.Next(RunHashes))) { wrong++; }
        }

        return wrong;
    }

    private static bool IsMapped(string path) => File.ReadLines("/proc/self/maps").Any(line => line.Contains(path, StringComparison.Ordinal));

    private HashRun Run(int segment, int from)
    {
        ulong[] hashes = [.. Enumerable.Range(from, RunHashes).Select(hash => HashTable.Mix(hash)).Order()];
        return HashRun.Open(HashRun.Write(new LocalDisk(), _folder.Root, segment, segment, hashes.Length, [hashes]));
    }
}
