using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using LaionStream.Engine.Download.BlockLists;
using LaionStream.TestWorld;
using Xunit.Abstractions;

namespace LaionStream.Engine.Tests.Download;

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
    public void Contains_DigestsThatAreAlmostAlike_AreToldApart()
    {
        UInt128[] digests = [0, 1, 2, UInt128.MaxValue, UInt128.MaxValue - 2, (UInt128)7 << 64, ((UInt128)7 << 64) + 5, UInt128.One << 127];
        var set = new DigestSet(digests);

        Assert.All(digests, digest => Assert.True(set.Contains(Bytes(digest))));
        Assert.All(new UInt128[] { 3, UInt128.MaxValue - 1, ((UInt128)7 << 64) + 4, (UInt128)6 << 64 }, digest => Assert.False(set.Contains(Bytes(digest))));
    }

    [SkippableTheory]
    [Trait("Category", "Soak")]
    [InlineData(1_000_000)]
    [InlineData(5_000_000)]
    public void Parse_MillionsOfDigests_IsSmallAndQuick(int count)
    {
        Skip.IfNot(Soak.IsOn, Soak.OffReason);
        string file = Path.Combine(Directory.CreateTempSubdirectory("digests").FullName, "list");
        File.WriteAllLines(file, Digests(count).Select(digest => Convert.ToHexStringLower(SHA256.HashData(Bytes(digest)))));

        long before = GC.GetTotalMemory(forceFullCollection: true);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        DigestLists lists = DigestLists.Parse(File.ReadLines(file));
        cpu = Environment.CpuUsage.TotalTime - cpu;
        double perDigest = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / count;

        byte[][] asked = [.. Digests(200_000).Select(digest => SHA256.HashData(Bytes(digest + 1)))];
        var set = new DigestSet(File.ReadLines(file).Select(line => DigestSet.Prefix(Convert.FromHexString(line))));
        int found = 0;
        long start = Stopwatch.GetTimestamp();
        foreach (byte[] digest in asked) { found += set.Contains(digest) ? 1 : 0; }
        double lookup = Stopwatch.GetElapsedTime(start).TotalNanoseconds / asked.Length;

        output.WriteLine($"{count} digests: {perDigest:F1} B each, loaded in {cpu.TotalSeconds:F2} s of CPU, {lookup:F0} ns a look-up, {found} found");
        Assert.Equal(count, lists.Count);
        Assert.InRange(perDigest, 1, 17);
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
