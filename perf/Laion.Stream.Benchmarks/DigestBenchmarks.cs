using System.Security.Cryptography;
using LaionStream.Engine.Download.BlockLists;

namespace LaionStream.Benchmarks;

/// <summary>CPU time of a block list of a million digests per picture of 100 KB, compared with the platform's digest alone, in alternating rounds.</summary>
internal static class DigestBenchmarks
{
    private const int Rounds = 15;
    private const int Pictures = 1000;
    private const int Digests = 1_000_000;

    private delegate int Hash(ReadOnlySpan<byte> bytes, Span<byte> digest);

    /// <summary>Runs the rounds and prints microseconds of CPU per picture.</summary>
    public static void Run()
    {
        Measure("md5", MD5.HashSizeInBytes, MD5.HashData);
        Measure("sha1", SHA1.HashSizeInBytes, SHA1.HashData);
        Measure("sha256", SHA256.HashSizeInBytes, SHA256.HashData);
    }

    private static void Measure(string name, int size, Hash hash)
    {
        var random = new Random(1);
        var picture = new byte[100_000];
        random.NextBytes(picture);
        var digest = new byte[size];
        DigestLists lists = DigestLists.Parse(Enumerable.Range(0, Digests).Select(_ =>
        {
            random.NextBytes(digest);
            return Convert.ToHexStringLower(digest);
        }));

        var floor = new List<double>();
        var ours = new List<double>();
        for (int round = 0; round <= Rounds; round++)
        {
            double bare = Cpu(() => hash(picture, digest));
            double listed = Cpu(() =>
            {
                if (lists.Contains(new BodyDigests(picture))) { throw new InvalidOperationException("A picture of noise is on a list of noise."); }
            });
            if (round == 0) { continue; } // warm-up
            floor.Add(bare);
            ours.Add(listed);
        }

        floor.Sort();
        ours.Sort();
        Console.WriteLine($"{name}: platform {floor[Rounds / 2]:F1} us, listed {ours[Rounds / 2]:F1} us, ratio {ours[Rounds / 2] / floor[Rounds / 2]:F3}");
    }

    private static double Cpu(Action work)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < Pictures; i++) { work(); }
        return (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / Pictures;
    }
}
