using System.Globalization;
using LaionStream.Dataset;

namespace LaionStream.Benchmarks;

/// <summary>Rows per CPU second of the Parquet writer: ten columns of LAION's, and five of cc2dataset's size, each against writing the same bytes uncompressed to memory.</summary>
internal static class WriterBenchmarks
{
    private const int Rows = 118_093; // as in the peers' measurement of pyarrow
    private const int Rounds = 7;

    /// <summary>Prints the median of several rounds.</summary>
    public static async Task RunAsync()
    {
        SampleRow[] rows = [.. Enumerable.Range(0, Rows).Select(MakeRow)];
        CandidateRow[] candidates = [.. rows.Select(row => new CandidateRow(row.Url, row.Text, row.Language, row.License, row.Hash, row.PageUrl, row.Source, row.Ordinal))];
        var sampleColumns = new SampleColumns();
        var candidateColumns = new CandidateColumns();
        await ReportAsync("samples, 22 columns", async output =>
        {
            SampleFileWriter writer = await SampleFileWriter.CreateAsync(output, sampleColumns, new Dictionary<string, string>());
            foreach (SampleRow row in rows) { await writer.AddAsync(row); }
            await writer.CompleteAsync();
            return writer.Bytes;
        });
        await ReportAsync("candidates, 8 columns", async output =>
        {
            CandidateFileWriter writer = await CandidateFileWriter.CreateAsync(output, candidateColumns, new Dictionary<string, string>());
            foreach (CandidateRow row in candidates) { await writer.AddAsync(row); }
            await writer.CompleteAsync();
            return writer.Bytes;
        });
    }

    private static async Task ReportAsync(string what, Func<Stream, Task<long>> write)
    {
        var seconds = new List<double>();
        long raw = 0;
        long packed = 0;
        long allocated = 0;
        using var output = new MemoryStream();
        for (int round = 0; round < Rounds + 2; round++)
        {
            output.SetLength(0);
            long before = GC.GetTotalAllocatedBytes(precise: true);
            TimeSpan start = Environment.CpuUsage.TotalTime;
            raw = await write(output);
            TimeSpan used = Environment.CpuUsage.TotalTime - start;
            allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
            packed = output.Length;
            if (round >= 2) { seconds.Add(used.TotalSeconds); }
        }

        seconds.Sort();
        double median = seconds[seconds.Count / 2];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what}: {Rows / median:N0} rows per CPU second ({median:F3} s, {seconds[0]:F3}..{seconds[^1]:F3}), {raw / 1e6:F1} MB raw to {packed / 1e6:F1} MB, {allocated / (double)Rows:F0} bytes allocated a row"));
    }

    private static SampleRow MakeRow(int index)
    {
        var random = new Random(index);
        string[] words = ["red", "a", "house", "on", "the", "Straße", "blue", "photo", "of", "two", "birds", "été", "large", "kitchen", "window"];
        string url = $"https://cdn{random.Next(500)}.example.org/wp-content/uploads/{random.Next(2010, 2026)}/{random.Next(1, 13):D2}/{random.NextInt64():x}-{random.Next(1, 999)}x{random.Next(1, 999)}.jpg";
        return new SampleRow
        {
            SampleId = index, Url = url, Text = string.Join(' ', Enumerable.Range(0, random.Next(3, 18)).Select(_ => words[random.Next(words.Length)])),
            Width = random.Next(100, 3000), Height = random.Next(100, 3000), License = "?", Nsfw = "UNLIKELY", Language = "en", Similarity = random.NextDouble(),
            Hash = random.NextInt64(), Watermark = random.NextSingle(), Unsafe = random.NextSingle(), Aesthetic = random.NextSingle(),
            Md5 = Convert.ToHexStringLower(BitConverter.GetBytes(random.NextInt64())) + Convert.ToHexStringLower(BitConverter.GetBytes(random.NextInt64())),
            PHash = random.NextInt64().ToString("x16", CultureInfo.InvariantCulture), PageUrl = $"https://www.site{index / 19}.example/pages/{index / 19}/index.html",
            FinalUrl = url, Source = "CC-MAIN-20240518081229-20240518111229-00000.warc.wat.gz", Ordinal = index, FetchedAt = DateTimeOffset.UnixEpoch.AddSeconds(1.7e9 + index),
        };
    }
}
