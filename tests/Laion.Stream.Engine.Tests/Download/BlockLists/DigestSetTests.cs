using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using LaionStream.Engine.Digests;
using LaionStream.Engine.Download.BlockLists;
using LaionStream.Engine.Download.Settings;
using LaionStream.TestWorld;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit.Abstractions;

namespace LaionStream.Engine.Tests.Download.BlockLists;

public sealed class DigestSetTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    [InlineData(50_000)]
    public void Contains_SomeDigests_FindsThoseAndNoOthers(int count)
    {
        UInt128[] digests = Digests(count);
        var set = new DigestSet(digests);

        Assert.Equal(count, set.Count);
        Assert.All(digests, digest => Assert.True(set.Contains(Bytes(digest))));
        Assert.All(Digests(count + 100).Skip(count), digest => Assert.False(set.Contains(Bytes(digest))));
    }

    [Fact]
    public void Contains_NearlyEqualDigests_AreDistinguished()
    {
        UInt128[] digests = [0, 1, 2, UInt128.MaxValue, UInt128.MaxValue - 2, (UInt128)7 << 64, ((UInt128)7 << 64) + 5, UInt128.One << 127];
        var set = new DigestSet(digests);

        Assert.All(digests, digest => Assert.True(set.Contains(Bytes(digest))));
        Assert.All(new UInt128[] { 3, UInt128.MaxValue - 1, ((UInt128)7 << 64) + 4, (UInt128)6 << 64 }, digest => Assert.False(set.Contains(Bytes(digest))));
    }

    [SkippableTheory]
    [Trait("Category", "Soak")]
    [InlineData(1_000_000, 64)]
    [InlineData(5_000_000, 32)]
    [InlineData(5_000_000, 40)]
    [InlineData(5_000_000, 64)]
    public void Parse_MillionsOfDigests_IsSmallAndQuick(int count, int digits)
    {
        Skip.IfNot(Soak.IsOn, Soak.OffReason);
        string file = Path.Combine(Directory.CreateTempSubdirectory("digests").FullName, "list");
        File.WriteAllLines(file, Digests(count).Select(digest => Convert.ToHexStringLower(SHA256.HashData(Bytes(digest)))[..digits]));

        long before = GC.GetTotalMemory(forceFullCollection: true);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        DigestLists lists = DigestLists.Parse(File.ReadLines(file), new FileInfo(file).Length);
        cpu = Environment.CpuUsage.TotalTime - cpu;
        double perDigest = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / count;

        byte[][] asked = [.. Digests(200_000).Select(digest => SHA256.HashData(Bytes(digest + 1)))];
        var set = new DigestSet(File.ReadLines(file).Select(line => DigestSet.Prefix(Convert.FromHexString(line))));
        int found = 0;
        long start = Stopwatch.GetTimestamp();
        foreach (byte[] digest in asked) { found += set.Contains(digest) ? 1 : 0; }
        double lookup = Stopwatch.GetElapsedTime(start).TotalNanoseconds / asked.Length;

        // Read again during look-ups: the longest of these is what a row would notice.
        var clock = new FakeTimeProvider();
        using var list = new HashBlockList(new BlockListOptions { Bytes = [file], Reload = TimeSpan.FromSeconds(1) }, clock, NullLogger.Instance);
        long heap = GC.GetTotalMemory(forceFullCollection: true);
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        Task reload = Task.Run(() => clock.Advance(TimeSpan.FromSeconds(1)));
        (TimeSpan longest, long peak, int asks) = (TimeSpan.Zero, 0, 0);
        while (!reload.IsCompleted)
        {
            start = Stopwatch.GetTimestamp();
            list.BlocksBytes(new BodyDigests(asked[asks++ % asked.Length]));
            longest = TimeSpan.FromTicks(Math.Max(longest.Ticks, Stopwatch.GetElapsedTime(start).Ticks));
            if (asks % 100_000 == 0) { peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: false)); }
        }

        output.WriteLine($"{count} digests of {digits} digits: {perDigest:F1} B each, loaded in {cpu.TotalSeconds:F2} s of CPU, {lookup:F0} ns a look-up, {found} found; "
            + $"reload beside {asks} look-ups, the longest {longest.TotalMilliseconds:F1} ms, heap {heap >> 20} -> at most {peak >> 20} MiB");
        Assert.Equal(count, lists.Count);
        Assert.InRange(perDigest, 1, 17);
        File.Delete(file);
    }

    [Fact]
    public async Task BlocksBytes_WhileTheFileIsReadAgain_NeverLetsThroughWhatBothListsHold()
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("digests").FullName, "list");
        byte[] picture = [1, 2, 3];
        byte[] added = [4, 5, 6];
        string[] lines = [.. Digests(100_000).Select(digest => $"{digest:x32}"), Convert.ToHexStringLower(SHA1.HashData(picture))];
        File.WriteAllLines(file, lines);
        var clock = new FakeTimeProvider();
        using var list = new HashBlockList(new BlockListOptions { Bytes = [file], Reload = TimeSpan.FromSeconds(1) }, clock, NullLogger.Instance);
        Assert.False(list.BlocksBytes(new BodyDigests(added)));

        File.WriteAllLines(file, [.. lines, Convert.ToHexStringLower(SHA256.HashData(added))]);
        Task reload = Task.Run(() => clock.Advance(TimeSpan.FromSeconds(1)));
        do
        {
            Assert.True(list.BlocksBytes(new BodyDigests(picture)));
        }
        while (!reload.IsCompleted);

        await reload;
        Assert.True(list.BlocksBytes(new BodyDigests(added)));
        File.Delete(file);
    }

    private static UInt128[] Digests(int count)
    {
        var random = new Random(42);
        var bytes = new byte[16];
        var digests = new UInt128[count];
        for (int i = 0; i < count; i++)
        {
            random.NextBytes(bytes);
            digests[i] = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        }

        return digests;
    }

    private static byte[] Bytes(UInt128 digest)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, digest);
        return bytes;
    }
}
