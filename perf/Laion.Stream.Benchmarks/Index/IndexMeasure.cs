using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using LaionStream.Dataset.Vectors;
using LaionStream.Search.Index;
using LaionStream.Search.Vectors;

namespace LaionStream.Benchmarks.Index;

/// <summary>
/// <c>index make|truth|build|search|tune FOLDER</c>: vectors and queries, their true neighbours, the index, and what searching it finds and costs. Each step is a
/// process of its own, so that memory is that of the step. <c>perf/faiss-beside.py</c> searches the same files with faiss.
/// </summary>
internal static class IndexMeasure
{
    private const int Seed = 1;
    private const int PartRows = 50_000;
    private const long FirstQuery = 1L << 40;

    /// <summary>Runs one step.</summary>
    /// <param name="args">Step, folder, and for <c>make</c> rows and queries of each kind.</param>
    public static int Run(string[] args)
    {
        switch (args)
        {
            case ["make", { } folder, { } rows, { } queries]:
                Make(folder, int.Parse(rows, CultureInfo.InvariantCulture), int.Parse(queries, CultureInfo.InvariantCulture));
                return 0;
            case ["truth", { } folder]:
                Truth(folder);
                return 0;
            case ["build", { } folder, .. var threads]:
                Build(folder, threads is [{ } count] ? int.Parse(count, CultureInfo.InvariantCulture) : 0);
                return 0;
            case ["tune", { } folder]:
                Tune(folder);
                return 0;
            case ["search", { } folder]:
                Search(folder);
                return 0;
            default:
                Console.Error.WriteLine("index make FOLDER ROWS QUERIES | truth FOLDER | build FOLDER [THREADS] | search FOLDER | tune FOLDER");
                return 2;
        }
    }

    private static void Make(string folder, int rows, int queries)
    {
        var vectors = new ClusteredVectors(Seed);
        for (int part = 0; part * PartRows < rows; part++)
        {
            int first = part * PartRows;
            WriteNpy(Path.Combine(folder, "img_emb", $"img_emb_{part:D4}.npy"), Math.Min(PartRows, rows - first), row => vectors.Make(first + row));
        }

        WriteNpy(Path.Combine(folder, "queries-in.npy"), queries, row => vectors.Make(FirstQuery + row));
        WriteNpy(Path.Combine(folder, "queries-ood.npy"), queries, row => vectors.Make(FirstQuery + queries + row, isText: true));
        Console.WriteLine(Invariant($"{rows} rows, {queries} + {queries} queries; {Cpu():F0} s of CPU"));
    }

    private static void Truth(string folder)
    {
        double before = Cpu();
        using VectorIndex index = VectorIndex.Open(folder);
        if (index.IndexedCount > 0) { throw new InvalidOperationException("Ground truth is computed before the index is built."); }

        int count = 0;
        foreach (string kind in new[] { "in", "ood" })
        {
            float[][] queries = Read(folder, kind);
            Hit[][] hits = [.. queries.Select(query => index.Search(query, 100))];
            count += queries.Length;
            File.WriteAllText(Path.Combine(folder, $"truth-{kind}.json"), JsonSerializer.Serialize(hits.Select(of => of.Select(hit => hit.Row))));
            Console.WriteLine(Invariant($"{kind}: mean cosine of the nearest {hits.Average(of => of[0].Score):F3}, the 10th {hits.Average(of => of[9].Score):F3}, the 100th {hits.Average(of => of[99].Score):F3}; of two queries {Pairs(queries):F3}"));
        }

        Console.WriteLine(Invariant($"exact: {(Cpu() - before) * 1e6 / count / index.Count * 1000:F0} ns of CPU a row"));
    }

    private static void Build(string folder, int threads)
    {
        double before = Cpu();
        var clock = Stopwatch.StartNew();
        IndexReport report = new IndexBuilder(folder, new IndexOptions { Threads = threads }).Build(VectorKind.Image, compacts: false, CancellationToken.None);
        double cpu = Cpu() - before;
        long bytes = Directory.GetFiles(Path.Combine(folder, "index"), "*.usearch").Sum(path => new FileInfo(path).Length);
        Console.WriteLine(Invariant($"{report.Indexed} of {report.Rows} vectors in {report.Segments} segments: {cpu * 1000 / report.Indexed:F3} ms of CPU a vector ({cpu:F0} s of CPU, {clock.Elapsed.TotalSeconds:F0} s), {bytes / report.Indexed} bytes a vector"));
        Console.WriteLine(Memory("peak of the build"));
    }

    private static void Search(string folder)
    {
        double before = Cpu();
        var clock = Stopwatch.StartNew();
        VectorIndex index = VectorIndex.Open(folder);
        Console.WriteLine(Invariant($"open: {clock.Elapsed.TotalMilliseconds:F0} ms, {(Cpu() - before) * 1000:F0} ms of CPU; {index.Count} rows, {index.IndexedCount} of them indexed"));
        Console.WriteLine(Memory("opened"));
        foreach (string kind in new[] { "in", "ood" })
        {
            float[][] queries = Read(folder, kind);
            long[][] truth = JsonSerializer.Deserialize<long[][]>(File.ReadAllText(Path.Combine(folder, $"truth-{kind}.json")))!;
            foreach (int k in new[] { 10, 100 })
            {
                foreach (float[] query in queries) { index.Search(query, k); } // warm
                before = Cpu();
                clock.Restart();
                Hit[][] hits = [.. queries.Select(query => index.Search(query, k))];
                double cpu = (Cpu() - before) * 1000 / queries.Length;
                double recall = hits.Zip(truth, (found, wanted) => found.Count(hit => wanted.AsSpan(0, k).Contains(hit.Row)) / (double)k).Average();
                Console.WriteLine(Invariant($"{kind}: recall@{k} {recall:F4}, {cpu:F2} ms of CPU a query ({clock.Elapsed.TotalMilliseconds / queries.Length:F2} ms)"));
            }
        }

        Filtered(index, Read(folder, "in"));
        Console.WriteLine(Memory("after the queries"));
        index.Dispose();
    }

    // What the constants of SearchRules are chosen by.
    private static void Tune(string folder)
    {
        (FolderIndex index, Segment[] segments) = FolderIndex.OpenAll(folder, VectorKind.Image, 0, threads: 1);
        foreach (string kind in new[] { "in", "ood" })
        {
            SearchQuery[] queries = [.. Read(folder, kind).Select(query => SearchQuery.Of(query))];
            long[][] truth = JsonSerializer.Deserialize<long[][]>(File.ReadAllText(Path.Combine(folder, $"truth-{kind}.json")))!;
            foreach ((int k, int kept, int compared) in new[] { (10, 128, 30), (10, 128, 128), (10, 192, 192), (10, 256, 30), (10, 256, 64), (10, 256, 256), (10, 384, 384), (100, 256, 250), (100, 384, 384), (100, 512, 512) })
            {
                double before = Cpu();
                double recall = 0;
                for (int i = 0; i < queries.Length; i++)
                {
                    var best = new NearestRows(k);
                    foreach (Segment segment in segments) { SegmentSearch.TryGraph(segment, queries[i], k, (kept, compared), null, best); }
                    recall += best.Sorted().Count(hit => truth[i].AsSpan(0, k).Contains(hit.Row)) / (double)k / queries.Length;
                }

                Console.WriteLine(Invariant($"{kind}: {kept} kept, {compared} compared: recall@{k} {recall:F4}, {(Cpu() - before) * 1000 / queries.Length:F2} ms of CPU a query"));
            }
        }

        foreach (Segment segment in segments) { segment.Graph.Dispose(); }
        index.Dispose();
    }

    private static void Filtered(VectorIndex index, float[][] queries)
    {
        foreach (double share in new[] { 0.5, 0.2, 0.1, 0.05, 0.01 })
        {
            var random = new Random(Seed);
            var within = new RowSet(index.RowLimit);
            for (long row = 0; row < index.RowLimit; row++)
            {
                if (random.NextDouble() < share) { within.Add(row); }
            }

            double before = Cpu();
            foreach (float[] query in queries.Take(50)) { index.Search(query, 10, within); }
            Console.WriteLine(Invariant($"within {share:P0} of the rows: {(Cpu() - before) * 1000 / Math.Min(50, queries.Length):F2} ms of CPU a query"));
        }
    }

    private static float[][] Read(string folder, string kind)
    {
        using MappedVectors vectors = MappedVectors.Open(Path.Combine(folder, $"queries-{kind}.npy"));
        float[][] rows = [.. Enumerable.Range(0, (int)vectors.Shape.Rows).Select(_ => new float[vectors.Shape.Width])];
        for (int i = 0; i < rows.Length; i++) { vectors.Copy(i, rows[i]); }
        return rows;
    }

    private static void WriteNpy(string path, int rows, Func<int, float[]> make)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using FileStream file = File.Create(path);
        file.Write(NpyHeader.Make(rows, ClusteredVectors.Width));
        var halves = new Half[rows * ClusteredVectors.Width];
        Parallel.For(0, rows, row => System.Numerics.Tensors.TensorPrimitives.ConvertToHalf(make(row), halves.AsSpan(row * ClusteredVectors.Width)));
        file.Write(MemoryMarshal.AsBytes(halves.AsSpan()));
    }

    private static double Pairs(float[][] queries)
    {
        double sum = 0;
        for (int i = 1; i < queries.Length; i++) { sum += System.Numerics.Tensors.TensorPrimitives.CosineSimilarity<float>(queries[i - 1], queries[i]); }
        return sum / (queries.Length - 1);
    }

    private static double Cpu()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime.TotalSeconds;
    }

    private static string Memory(string when)
    {
        string[] status = File.ReadAllLines("/proc/self/status");
        string Of(string name) => Invariant($"{long.Parse(Array.Find(status, line => line.StartsWith(name, StringComparison.Ordinal))!.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024} MiB");
        return $"memory {when}: anonymous {Of("RssAnon")}, mapped files {Of("RssFile")}, peak {Of("VmHWM")}";
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
