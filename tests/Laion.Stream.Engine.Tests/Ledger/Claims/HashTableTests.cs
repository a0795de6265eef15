using LaionStream.Engine.Ledger.Claims;
using LaionStream.Engine.Ledger.Format;
using LaionStream.TestWorld;

namespace LaionStream.Engine.Tests.Ledger.Claims;

public sealed class HashTableTests
{
    [Fact]
    public void TryAdd_RandomHashes_AgreesWithASetInLessThanTwelveBytesEach()
    {
        var table = new HashTable();
        var model = new HashSet<long>();
        var random = new Random(5);
        for (int i = 0; i < 400_000; i++)
        {
            long hash = random.NextInt64(500_000) - 250_000; // adjacent values, repeats and zero
            Assert.Equal(model.Add(hash), table.TryAdd(hash, _ => false));
        }

        Assert.Equal(model.Count, table.Count);
        Assert.True(table.Bytes <= 11.8 * model.Count, $"{(double)table.Bytes / model.Count:F2} bytes a hash");
    }

    [Fact]
    public void RemoveAll_HashesOfARun_OnlyTheOthersStay()
    {
        var table = new HashTable();
        for (long hash = 0; hash < 10_000; hash++) { table.TryAdd(hash, _ => false); }
        HashSet<ulong> gone = [.. Enumerable.Range(0, 9_000).Select(hash => HashTable.Mix(hash))];

        table.RemoveAll(gone.Contains);

        Assert.Equal(1_000, table.Count);
        Assert.All(Enumerable.Range(0, 10_000), hash => Assert.False(table.TryAdd(hash, gone.Contains)));
        Assert.True(table.TryAdd(-1, gone.Contains));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100_000)]
    public void HashRun_AnySize_ContainsExactlyWhatWasWritten(int count)
    {
        using var folder = new TempFolder();
        ulong[] hashes = [.. Enumerable.Range(0, count).Select(i => HashTable.Mix(i)).Order()];
        using HashRun run = HashRun.Open(HashRun.Write(new LocalDisk(), folder.Root, 3, 4, count, [hashes.AsMemory(0, count / 2), hashes.AsMemory(count / 2)]));

        Assert.Equal((count, 3, 4), (run.Count, run.First, run.Last));
        Assert.All(hashes, hash => Assert.True(run.Contains(hash)));
        Assert.All(Enumerable.Range(count, 1000), i => Assert.False(run.Contains(HashTable.Mix(i))));
        Assert.Equal(count > 0 && hashes[0] == 0, run.Contains(0));
        Assert.False(run.Contains(ulong.MaxValue));
    }

    [Fact]
    public void HashRun_ClusteredHashes_AreFoundToo()
    {
        using var folder = new TempFolder();
        ulong[] hashes = [.. Enumerable.Range(0, 5000).Select(i => (ulong)i), .. Enumerable.Range(0, 5000).Select(i => ulong.MaxValue - 5000 + (ulong)i)];
        using HashRun run = HashRun.Open(HashRun.Write(new LocalDisk(), folder.Root, 1, 1, hashes.Length, [hashes]));

        Assert.All(hashes, hash => Assert.True(run.Contains(hash)));
        Assert.False(run.Contains(5000));
        Assert.False(run.Contains(ulong.MaxValue));
    }
}
