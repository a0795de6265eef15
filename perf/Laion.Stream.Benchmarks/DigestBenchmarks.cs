using System.Globalization;
using System.Security.Cryptography;
using LaionStream.Engine.Digests;
using LaionStream.Engine.Download.BlockLists;

namespace LaionStream.Benchmarks;

/// <summary>CPU time of a block list of a million digests per picture of 100 KB, compared with the platform's digest alone, in alternating rounds.</summary>
internal static class DigestBenchmarks
{
    private const int Rounds = 15;
    private const int Pictures = 200;
    private const int Digests = 1_000_000;

    private delegate int Hash(ReadOnlySpan<byte> bytes, Span<byte> digest);

    /// <summary>Runs the rounds and prints microseconds of CPU per picture.</summary>
    public static void Run()
    {
        MeasureLanes();
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

    /// <summary>MD5 of pictures of different sizes, one after the other by the platform and several at once.</summary>
    private static void MeasureLanes()
    {
        var random = new Random(1);
        foreach (int messages in (int[])[2, 3, 4, Md5Lanes.Lanes, WaitingDigests.Most])
        {
            ReadOnlyMemory<byte>[] pictures = [.. Enumerable.Range(0, messages).Select(_ => new ReadOnlyMemory<byte>(new byte[random.Next(30_000, 250_000)]))];
            var alone = new List<double>();
            var together = new List<double>();
            for (int round = 0; round <= Rounds; round++)
            {
                alone.Add(Cpu(() =>
                {
                    foreach (ReadOnlyMemory<byte> picture in pictures) { MD5.HashData(picture.Span); }
                }) / messages);
                together.Add(Cpu(() => Md5Lanes.Hash(pictures)) / messages);
            }

            alone.Sort();
            together.Sort();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"md5 of {messages} pictures of {pictures.Average(picture => picture.Length) / 1024:F0} KB: "
                + $"platform {alone[Rounds / 2]:F1} us a picture, at once {together[Rounds / 2]:F1} us, ratio {together[Rounds / 2] / alone[Rounds / 2]:F2}"));
        }
    }

    private static double Cpu(Action work)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < Pictures; i++) { work(); }
        return (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / Pictures;
    }
}
