using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using LaionStream.Engine.Download;
using LaionStream.Engine.Run;
using LaionStream.Host.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace LaionStream.Soak.Day;

/// <summary>
/// The rows of a whole day through the real run (lists, rules, dedupe, ledger, language, download with robots.txt, decode, writers), with the web in memory
/// and a clock that runs fast. Reports after every twentieth the live heap and the number of entries in the caches: only the dedupe table may grow with the
/// rows.
/// </summary>
internal static class DayRun
{
    private const int RowsPerFile = 100_000;
    private const int Samples = 20;
    private const int Hosts = 3_000_000;
    private const int LargeHosts = 20_000;
    private static readonly string[] Gauges = ["laion.download.hosts", "laion.download.dns.cached", "laion.download.robots.cached"];

    /// <summary>Runs it and prints the table.</summary>
    /// <param name="rows">Total number of rows.</param>
    /// <param name="factor">Seconds of the run's clock in one real second.</param>
    /// <param name="output">Folder to write; it is emptied first.</param>
    /// <param name="settings">Keys from the command line.</param>
    /// <param name="abort">Ends the run.</param>
    /// <returns>The exit code: failed when the run failed, or when its accounting does not balance.</returns>
    public static async Task<int> ExecuteAsync(int rows, double factor, string output, IReadOnlyDictionary<string, string?> settings, CancellationToken abort)
    {
        if (Directory.Exists(output)) { Directory.Delete(output, recursive: true); }
        Directory.CreateDirectory(output);
        Dictionary<string, string?> merged = Settings(output);
        int files = (rows + RowsPerFile - 1) / RowsPerFile;
        for (int i = 0; i < files; i++)
        {
            string file = Path.Combine(output, string.Create(CultureInfo.InvariantCulture, $"day-{i:D4}.tsv"));
            await WriteAsync(file, i * RowsPerFile, Math.Min(rows, (i + 1) * RowsPerFile), abort);
            merged[string.Create(CultureInfo.InvariantCulture, $"Laion:Input:Paths:{i}")] = file;
        }

        foreach ((string key, string? value) in settings) { merged[key] = value; }
        await using EngineHost host = EngineHost.Start(null, merged, logsBesideOutput: true, services =>
        {
            services.AddSingleton<TimeProvider>(new AcceleratedClock(factor));
            services.AddSingleton(new DownloadTestHooks { Dns = DayWeb.ResolveAsync, Http = new DayWeb() });
        });

        using var sampled = CancellationTokenSource.CreateLinkedTokenSource(abort);
        Task sampling = SampleAsync(rows, sampled.Token);
        var clock = Stopwatch.StartNew();
        TimeSpan before = Environment.CpuUsage.TotalTime;
        RunReport report = await host.Services.GetRequiredService<DatasetRun>().ExecuteAsync("run", host.Signals.Stop, abort);
        TimeSpan cpu = Environment.CpuUsage.TotalTime - before;
        await sampled.CancelAsync();
        await sampling;

        long dropped = report.Summary.Dropped.Values.Sum();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            links {report.Summary.Links}, kept {report.Summary.Kept}, dropped {dropped}, end {report.End}
            {string.Join(", ", report.Summary.Dropped.Where(pair => pair.Value > 0).OrderByDescending(pair => pair.Value).Select(pair => $"{pair.Key} {pair.Value}"))}
            wall {clock.Elapsed.TotalSeconds:F0} s = {clock.Elapsed.TotalHours * factor:F1} h of the run's clock, cpu {cpu.TotalSeconds:F0} s, {cpu.TotalMicroseconds / rows:F1} µs a row
            """));
        return report.End == RunEnd.Done && report.Summary.Links == report.Summary.Kept + dropped ? ExitCode.Done : ExitCode.Failed;
    }

    private static Dictionary<string, string?> Settings(string output) => new(StringComparer.OrdinalIgnoreCase)
    {
        ["Laion:Writing:Path"] = output,
        ["Laion:Filtering:Off"] = "true",
        ["Laion:Download:Robots"] = "true",
        ["Laion:Download:Dns:Servers:0"] = "192.0.2.53",
        ["Laion:Download:UserAgent"] = "soak/1.0 (+https://example.org/)",
        ["Laion:Writing:LedgerFlush"] = "00:05:00",
        ["Laion:Pipeline:SummaryInterval"] = "00:30:00",
        ["Laion:Pipeline:StallAfter"] = "12:00:00",
    };

    private static async Task WriteAsync(string path, int first, int end, CancellationToken abort)
    {
        await using var file = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 20);
        await file.WriteAsync("url\tcaption\n".AsMemory(), abort);
        for (int i = first; i < end; i++)
        {
            long host = (long)i * 7919 % (i % 5 < 3 ? LargeHosts : Hosts); // three in five pictures are on the large hosts
            string line = string.Create(CultureInfo.InvariantCulture, $"http://host-{host}.day.example/{i}.jpg\tpicture {i} of the day\n");
            await file.WriteAsync(line.AsMemory(), abort);
        }
    }

    private static async Task SampleAsync(int rows, CancellationToken ended)
    {
        var now = new Dictionary<string, long>();
        using var listener = new MeterListener { InstrumentPublished = static (instrument, own) => own.EnableMeasurementEvents(instrument) };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => now[instrument.Name] = value);
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => now[instrument.Name] = value);
        listener.Start();
        Console.WriteLine($"| requests | live heap, MB | RSS, MB | {string.Join(" | ", Gauges)} |");
        Console.WriteLine($"| ---: | ---: | ---: |{string.Concat(Gauges.Select(static _ => " ---: |"))}");
        long due = 0;
        while (!ended.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            listener.RecordObservableInstruments();
            long requests = now.GetValueOrDefault("laion.download.requests");
            if (requests < due) { continue; }
            due = requests + (rows / Samples);
            long heap = GC.GetTotalMemory(forceFullCollection: true);
            string gauges = string.Concat(Gauges.Select(gauge => string.Create(CultureInfo.InvariantCulture, $" {now.GetValueOrDefault(gauge)} |")));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {requests} | {heap / 1e6:F0} | {Environment.WorkingSet / 1e6:F0} |{gauges}"));
        }
    }
}
