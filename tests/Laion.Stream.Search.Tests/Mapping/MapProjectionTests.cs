using System.Diagnostics;
using System.Runtime.InteropServices;
using LaionStream.Search.Mapping;
using Xunit.Abstractions;

namespace LaionStream.Search.Tests.Mapping;

public sealed class MapProjectionTests(ITestOutputHelper output)
{
    private const int Width = 64;

    [Theory]
    [InlineData(1500, 12)]
    [InlineData(6000, 40)] // above the size from which groups are searched
    public void Run_OfClusters_KeepsNeighboursAndClustersTogether(int count, int clusters)
    {
        float[][] vectors = Clustered(count, clusters, out int[] clusterOf);

        float[] places = Project(vectors, 1, Environment.ProcessorCount);

        (double kept, double trust, double pure) = Quality(vectors, places, clusterOf, asked: 300);
        output.WriteLine($"{count}: of 15 neighbours kept {kept:F3}, trustworthiness {trust:F4}, of the same cluster {pure:F4}");
        Assert.InRange(pure, 0.98, 1);
        Assert.InRange(trust, 0.95, 1);
        Assert.InRange(kept, 0.15, 1); // by chance 15 of 1,500: 0.01
        (_, double worst, _) = Quality(vectors, [.. places.OrderBy(place => place)], clusterOf, asked: 100);
        Assert.True(worst < 0.7, $"{worst}"); // what the figure is of a map that means nothing
    }

    [Fact]
    public void Run_ByAnyNumberOfThreads_HasTheSameBytes()
    {
        float[][] vectors = Clustered(4000, 10, out _);
        byte[] one = Bytes(Project(vectors, 7, 1));

        Assert.Equal(one, Bytes(Project(vectors, 7, 2)));
        Assert.Equal(one, Bytes(Project(vectors, 7, 13)));
        Assert.NotEqual(one, Bytes(Project(vectors, 8, 2)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(30)]
    public void Run_OfFewVectors_GivesEachAPlaceOfItsOwn(int count)
    {
        float[] places = Project(Clustered(count, 2, out _), 1, 2);

        Assert.Equal(count * 2, places.Length);
        Assert.All(places, place => Assert.True(float.IsFinite(place)));
        Assert.Equal(count, Enumerable.Range(0, count).Select(at => (places[at * 2], places[(at * 2) + 1])).Distinct().Count());
    }

    [Fact]
    public void Run_OfEqualVectors_IsFinite()
    {
        float[] one = Unit([.. Enumerable.Range(0, Width).Select(at => (float)at)]);

        Assert.All(Project([.. Enumerable.Repeat(one, 200)], 1, 2), place => Assert.True(float.IsFinite(place)));
    }

    [Fact]
    public void Run_Abandoned_Ends()
    {
        float[][] vectors = Clustered(3000, 5, out _);
        using var abort = new CancellationTokenSource();
        int told = 0;

        Assert.ThrowsAny<OperationCanceledException>(() => MapProjection.Run(vectors.Length, Width, (at, to) => vectors[at].CopyTo(to), 1, new MapWork(2, _ =>
        {
            if (++told == 20) { abort.Cancel(); }
        }, abort.Token)));
        Assert.Equal(20, told);
    }

    /// <summary>LAION_MAP_ROWS=200000 measures what a map of so many vectors of 512 numbers takes.</summary>
    [SkippableFact]
    public void Run_OfManyVectors_IsMeasured()
    {
        Skip.IfNot(int.TryParse(Environment.GetEnvironmentVariable("LAION_MAP_ROWS"), out int count), "LAION_MAP_ROWS says how many vectors");
        Half[][] vectors = [.. Clustered(count, 400, out int[] clusterOf, 512).Select(vector => Array.ConvertAll(vector, number => (Half)number))];
        GC.Collect();
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        long held = GC.GetTotalMemory(true);
        long most = 0;
        var watch = Stopwatch.StartNew();

        float[] places = MapProjection.Run(count, 512, (at, to) =>
        {
            for (int i = 0; i < 512; i++) { to[i] = (float)vectors[at][i]; }
        }, 1, new MapWork(Environment.ProcessorCount, _ => most = Math.Max(most, GC.GetTotalMemory(false) - held), default));

        double seconds = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
        (double kept, double trust, double pure) = Quality([.. vectors.Select(vector => Array.ConvertAll(vector, number => (float)number))], places, clusterOf, asked: 50);
        output.WriteLine($"{count}: {seconds:F1} CPU s, {watch.Elapsed.TotalSeconds:F1} s, {most >> 20} MiB; kept {kept:F3}, trustworthiness {trust:F4}, of the same cluster {pure:F4}");
    }

    private static float[] Project(float[][] vectors, long seed, int threads) =>
        MapProjection.Run(vectors.Length, vectors.Length == 0 ? Width : vectors[0].Length, (at, to) => vectors[at].CopyTo(to), seed, new MapWork(threads, _ => { }, default));

    private static byte[] Bytes(float[] places) => MemoryMarshal.AsBytes(places.AsSpan()).ToArray();

    /// <summary>Unit vectors around centres, spread as widely within a cluster in some directions as in others.</summary>
    private static float[][] Clustered(int count, int clusters, out int[] clusterOf, int width = Width)
    {
        var random = new Random(5);
        float Normal() => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        float[][] centres = [.. Enumerable.Range(0, clusters).Select(_ => Unit([.. Enumerable.Range(0, width).Select(_ => Normal())]))];
        float[] spread = [.. Enumerable.Range(0, width).Select(at => 0.8f / MathF.Sqrt(1 + at) / MathF.Log(width))];
        int[] of = [.. Enumerable.Range(0, count).Select(_ => random.Next(clusters))];
        clusterOf = of;
        return [.. of.Select(cluster => Unit([.. centres[cluster].Select((number, at) => number + (spread[(at + cluster) % width] * Normal()))]))];
    }

    private static float[] Unit(float[] vector)
    {
        float length = MathF.Sqrt(vector.Sum(number => number * number));
        return [.. vector.Select(number => number / length)];
    }

    /// <summary>Of the 15 nearest on the map: how many are among the 15 nearest vectors, trustworthiness (Venna and Kaski), and how many are of the same cluster.</summary>
    private static (double Kept, double Trust, double Pure) Quality(float[][] vectors, float[] places, int[] clusterOf, int asked)
    {
        const int Near = 15;
        int count = vectors.Length;
        (double kept, double penalty, double pure) = (0, 0, 0);
        for (int i = 0; i < asked; i++)
        {
            int point = (int)((long)i * count / asked);
            int[] bySpace = Ranked(count, point, other => Lanes.Distance(vectors[point], vectors[other]));
            int[] byMap = Ranked(count, point, other => Square(places[point * 2] - places[other * 2]) + Square(places[(point * 2) + 1] - places[(other * 2) + 1]));
            var rank = new int[count];
            for (int at = 0; at < bySpace.Length; at++) { rank[bySpace[at]] = at + 1; }
            foreach (int other in byMap[..Near])
            {
                if (rank[other] <= Near) { kept++; } else { penalty += rank[other] - Near; }
                if (clusterOf[other] == clusterOf[point]) { pure++; }
            }
        }

        return (kept / asked / Near, 1 - (penalty * 2 / ((double)asked * Near * ((2.0 * count) - (3 * Near) - 1))), pure / asked / Near);
    }

    private static int[] Ranked(int count, int point, Func<int, float> distance)
    {
        int[] others = [.. Enumerable.Range(0, count).Where(other => other != point)];
        float[] distances = Array.ConvertAll(others, other => distance(other));
        Array.Sort(distances, others);
        return others;
    }

    private static float Square(float number) => number * number;
}
