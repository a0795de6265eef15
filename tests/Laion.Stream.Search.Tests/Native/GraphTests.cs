using LaionStream.Search.Native;
using LaionStream.Search.Tests.Index;

namespace LaionStream.Search.Tests.Native;

/// <summary>What we rely on in USearch, and each of its traps that was seen.</summary>
public sealed class GraphTests : IDisposable
{
    private const int Width = 64;
    private const int Rows = 600;

    private readonly string _folder = Directory.CreateTempSubdirectory("laion-graph-").FullName;
    private readonly sbyte[][] _vectors = [.. MadeVectors.Clustered(Rows, Width, seed: 3).Select(Quantised)];

    public GraphTests() => Skip.IfNot(Graph.Lack is null, Graph.Lack);

    private string File => Path.Combine(_folder, "graph.usearch");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public void Search_EveryVector_FindsItselfFirst()
    {
        Save();
        using Graph graph = Graph.View(File, threads: 4);

        ulong[] keys = new ulong[64];
        Assert.Equal((Rows, Width), (graph.Size, graph.Dimensions));
        Assert.All(Enumerable.Range(0, Rows), row =>
        {
            Assert.Equal(64, graph.Search(_vectors[row], keys));
            Assert.Equal((ulong)row, keys[0]);
        });
    }

    [SkippableFact]
    public void Search_WithACondition_ReturnsOnlyKeysThatMeetIt()
    {
        Save();
        using Graph graph = Graph.View(File, threads: 1);

        ulong[] keys = new ulong[64];
        int found = graph.Search(_vectors[9], keys, key => key % 3 == 1);

        Assert.Equal(64, found);
        Assert.All(keys, key => Assert.Equal(1UL, key % 3));
    }

    [SkippableFact]
    public void Add_BeyondTheCapacity_IsRefused()
    {
        using Graph graph = Graph.Create(Width, 1, threads: 1);
        for (ulong key = 0; key < 64; key++) // the library rounds a capacity up
        {
            if (Record.Exception(() => graph.Add(key, _vectors[key])) is { } refused)
            {
                Assert.Contains("Reserve capacity", Assert.IsType<GraphException>(refused).Message, StringComparison.Ordinal);
                return;
            }
        }

        Assert.Fail("64 vectors were added to a graph for one.");
    }

    [SkippableFact]
    public void Add_ByMoreThreadsThanCores_AllSucceed()
    {
        int threads = Environment.ProcessorCount + 6;
        using Graph graph = Graph.Create(Width, Rows, threads);
        Together(threads, thread =>
        {
            for (int row = thread; row < Rows; row += threads) { graph.Add((ulong)row, _vectors[row]); }
        });

        Assert.Equal(Rows, graph.Size);
    }

    [SkippableFact]
    public void Search_ByMoreThreadsThanCores_AllSucceed()
    {
        Save();
        int threads = Environment.ProcessorCount + 14;
        using Graph graph = Graph.View(File, threads);
        Together(threads, thread =>
        {
            ulong[] keys = new ulong[10];
            for (int row = thread; row < Rows; row += threads)
            {
                graph.Search(_vectors[row], keys);
                Assert.Equal((ulong)row, keys[0]);
            }
        });
    }

    [SkippableFact]
    public void Call_AfterAFailedOne_DoesNotReportItsError()
    {
        using Graph graph = Graph.Create(Width, 64, threads: 1);
        graph.Add(1, _vectors[1]);
        Assert.Contains("Duplicate", Assert.Throws<GraphException>(() => graph.Add(1, _vectors[1])).Message, StringComparison.OrdinalIgnoreCase);

        graph.Add(2, _vectors[2]);

        Assert.Equal(2, graph.Size);
    }

    [SkippableFact]
    public void Add_ToAMappedGraph_IsRefused()
    {
        Save();
        using Graph graph = Graph.View(File, threads: 1);

        Assert.Contains("immutable", Assert.Throws<GraphException>(() => graph.Add(9999, _vectors[0])).Message, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData(0.5)]
    [InlineData(0.99)]
    [InlineData(0)]
    public void View_ACutFile_IsRefusedByTheLibraryAndByOurCheck(double part)
    {
        Save();
        byte[] whole = System.IO.File.ReadAllBytes(File);
        System.IO.File.WriteAllBytes(File, whole[..(int)(whole.Length * part)]);

        Assert.Throws<GraphException>(() => Graph.View(File, threads: 1));
        Assert.Throws<InvalidDataException>(() => GraphFile.Check(File, Rows));
    }

    /// <summary>The library's own way to map a file closes handle 0 of the process when it fails, which was another file by then.</summary>
    [SkippableFact]
    public void View_NoFileOrAnEmptyOne_IsRefusedAndClosesNoHandleOfOthers()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "looks at /proc");
        string? first = System.IO.File.ResolveLinkTarget("/proc/self/fd/0", returnFinalTarget: false)?.FullName;

        Assert.Throws<GraphException>(() => Graph.View(File, threads: 1));
        System.IO.File.WriteAllBytes(File, []);
        Assert.Throws<GraphException>(() => Graph.View(File, threads: 1));

        Assert.Equal(first, System.IO.File.ResolveLinkTarget("/proc/self/fd/0", returnFinalTarget: false)?.FullName);
    }

    [SkippableFact]
    public void View_AGraphOfOtherDimensions_TakesThemFromTheFile()
    {
        Save();
        using Graph graph = Graph.View(File, threads: 1);

        Assert.Equal(Width, graph.Dimensions);
        Assert.Equal((Rows, Width), GraphFile.Check(File, Rows));
    }

    [SkippableFact]
    public void Quantise_AnyLengthOfAVector_GivesTheSameNumbers()
    {
        float[] vector = MadeVectors.Clustered(1, Width, seed: 5)[0];

        Assert.Equal(Quantised(vector), Quantised([.. vector.Select(number => number * 1000)]));
        Assert.Equal(127, Quantised(vector).Max(number => Math.Abs((int)number)));
    }

    [SkippableTheory]
    [InlineData(0f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Quantise_AVectorWithoutDirection_IsRefused(float number)
    {
        float[] vector = new float[Width];
        vector[7] = number;

        Assert.False(Int8.TryQuantise(vector, new sbyte[Width]));
    }

    [SkippableFact]
    public void Check_KeysBeyondTheRows_AreRefused()
    {
        Save();

        Assert.Contains("damaged", Assert.Throws<InvalidDataException>(() => GraphFile.Check(File, Rows - 1)).Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Search_FilesWithAFlippedByte_AreRefusedOrSearched()
    {
        Save();
        byte[] whole = System.IO.File.ReadAllBytes(File);
        var random = new Random(1);
        int refused = 0;
        for (int round = 0; round < 400; round++)
        {
            byte[] flipped = [.. whole];
            // Mostly in the graph: flips in vectors only change what is found.
            int at = round % 4 == 0 ? random.Next(whole.Length) : random.Next(Rows * Width, whole.Length);
            flipped[at] ^= (byte)(1 << random.Next(8));
            string path = Path.Combine(_folder, $"{round}.usearch");
            System.IO.File.WriteAllBytes(path, flipped);
            try
            {
                GraphFile.Check(path, Rows);
                using Graph graph = Graph.View(path, threads: 1);
                ulong[] keys = new ulong[100];
                for (int row = 0; row < Rows; row += 60) { graph.Search(_vectors[row], keys); }
            }
            catch (Exception e) when (e is InvalidDataException or GraphException)
            {
                refused++;
            }

            System.IO.File.Delete(path);
        }

        Assert.InRange(refused, 100, 399);
    }

    private static sbyte[] Quantised(float[] vector)
    {
        sbyte[] numbers = new sbyte[vector.Length];
        Assert.True(Int8.TryQuantise(vector, numbers));
        return numbers;
    }

    private static void Together(int count, Action<int> work)
    {
        using var start = new Barrier(count);
        var failures = new System.Collections.Concurrent.ConcurrentQueue<Exception>();
        Thread[] threads =
        [
            .. Enumerable.Range(0, count).Select(thread => new Thread(() =>
            {
                start.SignalAndWait();
                if (Record.Exception(() => work(thread)) is { } failure) { failures.Enqueue(failure); }
            })),
        ];
        foreach (Thread thread in threads) { thread.Start(); }
        foreach (Thread thread in threads) { Assert.True(thread.Join(TimeSpan.FromMinutes(2))); }
        Assert.Empty(failures);
    }

    private void Save()
    {
        using Graph graph = Graph.Create(Width, Rows, threads: 1);
        for (int row = 0; row < Rows; row++) { graph.Add((ulong)row, _vectors[row]); }
        graph.Save(File);
    }
}
