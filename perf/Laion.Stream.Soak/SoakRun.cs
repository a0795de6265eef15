using System.Diagnostics;
using System.Globalization;
using LaionStream.Demo;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Run;
using LaionStream.Engine.Scoring;
using LaionStream.Host.Hosting;
using LaionStream.Models.Catalog;
using LaionStream.Models.Onnx;
using LaionStream.Soak.Results;
using LaionStream.TestWorld.Wats;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LaionStream.Soak;

/// <summary>One run of the whole graph, measured from outside it.</summary>
internal static class SoakRun
{
    private const int LinksPerPage = 40;
    private const int LinksPerFile = 20_000; // about the links of a real WAT
    private const int Hosts = 400;

    /// <summary>Runs the plan and prints the cost.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> ExecuteAsync(SoakPlan plan, IReadOnlyDictionary<string, string?> settings, CancellationToken abort)
    {
        var micros = new List<double>();
        var lines = new List<string>();
        int exit = ExitCode.Done;
        for (int round = 0; round < plan.Rounds && exit == ExitCode.Done; round++)
        {
            (exit, double cost, string line) = await OnceAsync(plan, settings, abort);
            micros.Add(cost);
            lines.Add(line);
            Console.WriteLine(line);
        }

        if (plan.Write && exit == ExitCode.Done)
        {
            string rows = string.Create(CultureInfo.InvariantCulture, $"{plan.Rows} rows");
            ResultFile.Write(
                plan.FakeModel is null ? $"soak-{plan.Scoring}" : string.Create(CultureInfo.InvariantCulture, $"soak-{plan.Scoring}-{plan.Rows}"),
                $"Whole graph against a loopback server, {plan.Scoring.Replace('-', ' ')}",
                [Figure.Alone($"soak: {plan.Scoring}", "fetched picture", micros, $"{(plan.RealPages ? "real pages" : rows)}, {plan.Rounds} rounds")],
                string.Concat(lines.Select((line, i) => $"Round {i + 1}:\n\n    {line.ReplaceLineEndings("\n    ")}\n\n")));
        }

        return exit;
    }

    private static async Task<(int Exit, double Micros, string Line)> OnceAsync(SoakPlan plan, IReadOnlyDictionary<string, string?> settings,
        CancellationToken abort)
    {
        if (Directory.Exists(plan.Output)) { Directory.Delete(plan.Output, recursive: true); }
        Directory.CreateDirectory(plan.Output);
        string[] wats = [.. (plan.RealPages ? RealPages() : MadePages(plan.Rows)).Chunk(LinksPerFile / LinksPerPage)
            .Select((pages, i) => Write(plan, i, pages))];

        using PictureServer server = await PictureServer.StartAsync(plan.Pictures, plan.Delay);
        Dictionary<string, string?> merged = Settings(plan, wats, server);
        foreach ((string key, string? value) in settings) { merged[key] = value; }
        WaitingSession? fake = plan.FakeModel is { } wait ? new WaitingSession(wait) : null;
        await using EngineHost host = EngineHost.Start(null, merged, logsBesideOutput: true, services =>
        {
            if (fake is not null) { services.AddSingleton(RunModels.Of([fake])); }
            else if (plan.Models is not null) { services.AddSingleton(Load); }
        });
        IReadOnlyList<SessionMeter> meters = fake is not null
            ? [fake.Meter]
            : plan.Models is not null
            ? host.Services.GetRequiredService<RunModels>().Meters
            : [];
        TimeSpan before = Environment.CpuUsage.TotalTime;
        TimeSpan serverBefore = server.Cpu;
        HeapReport heap = HeapReport.Now();
        using var watch = new MemoryWatch();
        var clock = Stopwatch.StartNew();
        RunReport report = await host.Services.GetRequiredService<DatasetRun>().ExecuteAsync("run", host.Signals.Stop, abort);
        TimeSpan cpu = Environment.CpuUsage.TotalTime - before;
        long fetched = report.Summary.Stages.FirstOrDefault(stage => stage.Name == "download")?.Kept ?? 0;
        bool whole = report.Summary.Links == report.Summary.Kept + report.Summary.Dropped.Values.Sum() && report.End == RunEnd.Done && fetched > 0;
        string line = Report(report, fetched, clock.Elapsed, cpu, server.Cpu - serverBefore);
        line += Environment.NewLine + HeapReport.Now().Since(heap, fetched);
        if (meters.Count > 0) { line += Environment.NewLine + SessionReport.Of(meters, fake is null ? plan.Models : null); }
        return (whole ? ExitCode.Done : ExitCode.Failed, fetched == 0 ? 0 : cpu.TotalMicroseconds / fetched, line);
    }

    private static RunModels Load(IServiceProvider services) => RunModels.Load(
        services.GetRequiredService<IOptions<ModelOptions>>().Value,
        services.GetRequiredService<IOptions<InferenceOptions>>().Value,
        filterOff: false,
        services.GetRequiredService<IOptions<CandidateOptions>>().Value.Rules,
        services.GetRequiredService<ILoggerFactory>());

    private static Dictionary<string, string?> Settings(SoakPlan plan, string[] wats, PictureServer server) => new(
        wats.Select((wat, i) =>
            KeyValuePair.Create<string, string?>(string.Create(CultureInfo.InvariantCulture, $"Laion:Input:Paths:{i}"), wat)), StringComparer.OrdinalIgnoreCase)
    {
        ["Laion:Writing:Path"] = plan.Output,
        ["Laion:Models:Path"] = plan.FakeModel is null ? plan.Models : null,
        ["Laion:Filtering:Off"] = plan.FakeModel is null && plan.Models is not null ? "false" : "true",
        ["Laion:Download:Resolve:*"] = server.EndPoint.ToString(),
        ["Laion:Download:AllowPrivate:0"] = "127.0.0.0/8",
    };

    private static string Write(SoakPlan plan, int number, IEnumerable<WatPage> pages)
    {
        string path = Path.Combine(plan.Output, string.Create(CultureInfo.InvariantCulture, $"soak-{number:D5}.warc.wat.gz"));
        using FileStream file = File.Create(path);
        WatWriter.Write(file, pages);
        return path;
    }

    // One plain port answers for every host, so links to https are requested over http.
    private static IEnumerable<WatPage> RealPages() =>
        new[] { "trafilatura", "readability" }.SelectMany(HtmlBundle.Read).Select(page => HtmlToWat.Read(page.Address, page.Html)).Select(page => page with
        {
            Address = new UriBuilder(page.Address) { Scheme = "http", Port = 80 }.Uri,
            Base = page.Base?.Replace("https://", "http://", StringComparison.OrdinalIgnoreCase),
            Links = [.. page.Links.Select(link => link with { Url = link.Url?.Replace("https://", "http://", StringComparison.OrdinalIgnoreCase) })],
        });

    private static IEnumerable<WatPage> MadePages(int rows)
    {
        DemoPicture[] pictures = [.. DemoAssets.Pictures().Where(picture => picture.IsLargeEnough)];
        for (int first = 0; first < rows; first += LinksPerPage)
        {
            WatLink[] links =
            [
                .. Enumerable.Range(first, Math.Min(LinksPerPage, rows - first)).Select(i => new WatLink(
                    "IMG@/src",
                    string.Create(CultureInfo.InvariantCulture, $"http://host-{i * 31 % Hosts}.soak.example/{i}.jpg"),
                    i % 2 == 0 ? pictures[i % pictures.Length].Shows : pictures[i % pictures.Length].DoesNotShow)),
            ];
            yield return new WatPage(new Uri($"http://pages.soak.example/{first}.html"), links);
        }
    }

    private static string Report(RunReport report, long fetched, TimeSpan wall, TimeSpan cpu, TimeSpan serverCpu)
    {
        double perImage = fetched == 0 ? 0 : cpu.TotalMilliseconds / fetched;
        long peak = Process.GetCurrentProcess().PeakWorkingSet64 >> 20;
        return string.Create(CultureInfo.InvariantCulture, $"""
            links {report.Summary.Links}, candidates {report.Summary.Candidates}, fetched {fetched}, kept {report.Summary.Kept}, dropped {report.Summary.Dropped.Values.Sum()}, end {report.End}
            {string.Join(", ", report.Summary.Dropped.Where(pair => pair.Value > 0).OrderByDescending(pair => pair.Value).Select(pair => $"{pair.Key} {pair.Value}"))}
            wall {wall.TotalSeconds:F1} s, cpu {cpu.TotalSeconds:F1} s, server cpu {serverCpu.TotalSeconds:F1} s, peak RSS {peak} MB
            cpu per fetched image {perImage:F2} ms, images per second {fetched / wall.TotalSeconds:F0}
            """);
    }
}
