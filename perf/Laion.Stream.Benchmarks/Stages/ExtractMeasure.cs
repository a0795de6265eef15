using System.IO.Compression;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Records;
using LaionStream.Engine.Inputs.Wat;
using LaionStream.Engine.Run;
using LaionStream.Host.Hosting;
using LaionStream.Soak.Results;
using Microsoft.Extensions.DependencyInjection;

namespace LaionStream.Benchmarks.Stages;

/// <summary>Reading a WAT, and the whole of <c>extract</c>, compared with a bare <see cref="GZipStream"/> over the same file.</summary>
internal static class ExtractMeasure
{
    /// <summary>Measures both, and the cost per candidate.</summary>
    /// <param name="rounds">Number of rounds.</param>
    /// <param name="wat">A gzip WAT.</param>
    /// <param name="kind">Its contents, for the note.</param>
    public static async Task<IReadOnlyList<Figure>> RunAsync(Rounds rounds, string wat, string kind)
    {
        double megabytes = Inflate(wat) / 1e6;
        string note = FormattableString.Invariant($"{kind}, {megabytes:F0} MB raw, {new FileInfo(wat).Length / 1e6:F1} MB gz");
        Figure links = await rounds.MeasureAsync(
            "extract: read + links", "MB raw", () =>
                LinksAsync(wat, megabytes), "GZipStream", () => Task.FromResult(Inflate(wat) / 1e6), note + "; target ≤ 1.25");
        long candidates = 0;
        Figure whole = await rounds.MeasureAsync(
            "extract: to Parquet", "MB raw", async () =>
            {
                candidates = await ExtractAsync(wat);
                return megabytes;
            },
            "GZipStream",
            () => Task.FromResult(Inflate(wat) / 1e6),
            $"the whole verb: captions, URLs, languages, dedupe, ledger, zstd");
        return [links, whole,
            Figure.Alone(Names.Candidate, "candidate",
            [.. new[] { whole.Micros.Min, whole.Micros.Median,
            whole.Micros.Max }.Select(micros => micros * megabytes / candidates)], $"the line above by its {candidates} candidates")];
    }

    private static long Inflate(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        using var gzip = new GZipStream(file, CompressionMode.Decompress);
        byte[] buffer = new byte[81920];
        long total = 0;
        for (int read; (read = gzip.Read(buffer)) > 0;) { total += read; }
        return total;
    }

    private static async Task<double> LinksAsync(string path, double megabytes)
    {
        var health = new InputHealth();
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        await using RecordReader records = await RecordReader.OpenAsync(file, path, new WatOptions().MaxRecordBytes, health, default);
        var page = new ScannedPage();
        long links = 0;
        while (await records.ReadAsync(default))
        {
            if (records.Body.IndexOf("IMG@"u8) >= 0 && LinkExtractor.TryScan(records.Body, page, every: false)) { links += page.Links.Count; }
        }

        return links > 0 && health.DamagedMembers == 0
            ? megabytes
            : throw new InvalidOperationException($"{links} links, {health.DamagedMembers} damaged members.");
    }

    private static async Task<long> ExtractAsync(string wat)
    {
        DirectoryInfo output = Directory.CreateTempSubdirectory("laion-stages");
        try
        {
            var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
            {
                ["Laion:Input:Paths:0"] = wat,
                ["Laion:Writing:Path"] = output.FullName,
                ["Laion:Log:Level"] = "warning",
            };
            await using EngineHost host = EngineHost.Start(null, settings, logsBesideOutput: true);
            RunReport report = await host.Services.GetRequiredService<ExtractRun>().ExecuteAsync(default, default);
            return report.End == RunEnd.Done ? report.Summary.Kept : throw new InvalidOperationException($"The extract ended as {report.End}.");
        }
        finally
        {
            output.Delete(recursive: true);
        }
    }
}
