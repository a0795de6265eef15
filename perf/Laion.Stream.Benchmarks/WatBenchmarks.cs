using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Candidates.Captions;
using LaionStream.Engine.Candidates.Urls;
using LaionStream.Engine.Wat;
using LaionStream.Engine.Wat.Inputs;
using LaionStream.Engine.Wat.Records;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace LaionStream.Benchmarks;

/// <summary>
/// CPU seconds of reading a WAT, layer by layer, beside a bare GZipStream loop over the same file in the same run. BenchmarkDotNet times
/// the wall, which on a shared machine says little; the process's own CPU clock does.
/// </summary>
public static class WatBenchmarks
{
    private const int Rounds = 7;

    /// <summary>Prints the medians, and each layer's ratio to the bare loop.</summary>
    /// <param name="path">A gzip WAT, such as one of gen_wat.py.</param>
    public static async Task RunAsync(string path)
    {
        (string Name, Func<Task<string>> Run)[] layers =
        [
            ("GZipStream alone", () => Task.FromResult(Inflate(path))),
            ("+ records", () => RecordsAsync(path)),
            ("+ links", () => LinksAsync(path)),
            ("+ verdicts", () => VerdictsAsync(path)),
        ];
        var seconds = new double[layers.Length][];
        var notes = new string[layers.Length];
        for (int i = 0; i < layers.Length; i++)
        {
            seconds[i] = new double[Rounds];
        }

        // Round by round, so that a busy spell of the machine hits all layers alike; the first round only warms up.
        for (int round = -1; round < Rounds; round++)
        {
            for (int i = 0; i < layers.Length; i++)
            {
                TimeSpan before = Environment.CpuUsage.TotalTime;
                long allocated = GC.GetTotalAllocatedBytes();
                string note = await layers[i].Run();
                double spent = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
                notes[i] = string.Create(CultureInfo.InvariantCulture, $"{note}, {(GC.GetTotalAllocatedBytes() - allocated) / 1048576.0:F1} MiB allocated");
                if (round >= 0)
                {
                    seconds[i][round] = spent;
                }
            }
        }

        double floor = Median(seconds[0]);
        for (int i = 0; i < layers.Length; i++)
        {
            double[] ratios = [.. seconds[i].Zip(seconds[0], (layer, bare) => layer / bare)];
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{layers[i].Name,-18} {Median(seconds[i]):F3} s  x{Median(seconds[i]) / floor:F2} (median of ratios x{Median(ratios):F2})  {notes[i]}"));
        }
    }

    private static string Inflate(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        using var gzip = new GZipStream(file, CompressionMode.Decompress);
        byte[] buffer = new byte[81920];
        long total = 0;
        for (int read; (read = gzip.Read(buffer)) > 0;)
        {
            total += read;
        }

        return $"{total} bytes";
    }

    private static async Task<string> RecordsAsync(string path)
    {
        var health = new InputHealth();
        await using RecordReader records = await OpenAsync(path, health);
        long total = 0;
        while (await records.ReadAsync(default))
        {
            total += records.Body.Length;
        }

        return $"{health.Records} records, {total} bytes";
    }

    private static async Task<string> LinksAsync(string path)
    {
        var health = new InputHealth();
        await using RecordReader records = await OpenAsync(path, health);
        var page = new ScannedPage();
        long links = 0;
        long licensed = 0;
        while (await records.ReadAsync(default))
        {
            if (records.Body.IndexOf("IMG@"u8) >= 0 && LinkExtractor.TryScan(records.Body, page, every: false))
            {
                links += page.Links.Count;
                licensed += ScannedLink.Has(LinkExtractor.FindLicense(records.Body, page)) ? 1 : 0;
            }
        }

        return $"{links} image links, {licensed} pages with a licence";
    }

    private static async Task<string> VerdictsAsync(string path)
    {
        var health = new InputHealth();
        using HttpClient http = InputOpener.CreateClient();
        IOptions<WatOptions> options = Options.Create(new WatOptions());
        var rules = new CandidateOptions();
        var reader = new WatReader(
            new InputOpener(http, options, TimeProvider.System, NullLogger<InputOpener>.Instance), new CaptionRules(rules), new UrlRules(rules), Options.Create(rules), options);
        long links = 0;
        long kept = 0;
        await foreach (PageLinks page in reader.ReadAsync(new InputFile(0, path), health, default))
        {
            links += page.Count;
            foreach (LinkVerdict verdict in page.Verdicts)
            {
                kept += verdict.Candidate is null ? 0 : 1;
            }
        }

        Debug.Assert(health.DamagedMembers == 0);
        return $"{links} links, {kept} candidates, {health.BadRecords} bad";
    }

    private static ValueTask<RecordReader> OpenAsync(string path, InputHealth health) =>
        RecordReader.OpenAsync(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1), path, 64 << 20, health, default);

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
