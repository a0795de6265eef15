using System.Globalization;
using LaionStream.Dataset.Summary;
using LaionStream.Demo;
using LaionStream.Engine;
using LaionStream.Engine.Ledger.Verify;
using LaionStream.Engine.Run;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LaionStream.Host.Tests.Faults;

/// <summary>A whole run in this process, without models, over a few small input files; its services and its web can be made to misbehave.</summary>
internal sealed class SmallRun : IAsyncDisposable
{
    public const int LinksPerFile = 60;

    public const int KeptPerFile = 50; // each sixth link has no alt text

    public const int Hosts = 7;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("laion-fault");
    private readonly LoopbackWorld _server;

    private SmallRun(LoopbackWorld server) => _server = server;

    public string Output { get; set; } = "";

    /// <summary>Address of the web.</summary>
    public string EndPoint => _server.EndPoint.ToString();

    public List<string> Inputs { get; } = [];

    /// <summary>The answer of every address.</summary>
    public byte[] Picture { get; set; } = LoopbackFaults.SoundPicture.ToArray();

    /// <summary>Other answers, by path.</summary>
    public Func<string, byte[]>? PictureOf { get; set; }

    /// <summary>Called before each answer of the web.</summary>
    public Action<string> OnRequest { get; set; } = _ => { };

    /// <summary>Overrides the run's own.</summary>
    public Dictionary<string, string?> Settings { get; } = new(StringComparer.OrdinalIgnoreCase);

    public static async Task<SmallRun> StartAsync(int files = 2)
    {
        SmallRun? run = null;
        run = new SmallRun(await LoopbackWorld.StartAsync(path =>
        {
            run!.OnRequest(path);
            return run.PictureOf?.Invoke(path) ?? run.Picture;
        }));
        run.Output = Path.Combine(run._folder.FullName, "out");
        for (int file = 0; file < files; file++)
        {
            run.Inputs.Add(Path.Combine(run._folder.FullName, $"in-{file}.warc.wat.gz"));
            run.WriteInput(file, LinksPerFile);
        }

        return run;
    }

    /// <summary>Writes an input file, or the same one with more links appended.</summary>
    public void WriteInput(int file, int links)
    {
        using FileStream output = File.Create(Inputs[file]);
        WatWriter.Write(output, Enumerable.Range(0, links / 20).Select(page => new WatPage(
            new Uri(string.Create(CultureInfo.InvariantCulture, $"http://www.fault.example/{file}/{page}")),
            [.. Enumerable.Range(page * 20, 20).Select(i => new WatLink(
                "IMG@/src",
                string.Create(CultureInfo.InvariantCulture, $"http://h{i % Hosts}.fault.example/{file}/{i}.png"),
                i % 6 == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"a picture with number {file} {i}")))])));
    }

    public Dictionary<string, string?> AllSettings()
    {
        var all = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["Laion:Input:Parallel"] = "1",
            ["Laion:Writing:Path"] = Output,
            ["Laion:Writing:MaxRows"] = "10",
            ["Laion:Writing:LedgerFlush"] = "00:00:00.05",
            ["Laion:Filtering:Off"] = "true",
            ["Laion:Download:Resolve:*"] = _server.EndPoint.ToString(),
            ["Laion:Download:AllowPrivate:0"] = "127.0.0.0/8",
            ["Laion:Download:Queue:Parallelism"] = "4",
            ["Laion:Download:Queue:Capacity"] = "8",
            ["Laion:Pipeline:Language:Capacity"] = "8",
            ["Laion:Pipeline:Decode:Capacity"] = "8",
            ["Laion:Inference:BatchSize"] = "4",
        };
        for (int i = 0; i < Inputs.Count; i++) { all[$"Laion:Input:Paths:{i}"] = Inputs[i]; }
        foreach ((string key, string? value) in Settings) { all[key] = value; }
        return all;
    }

    /// <summary>Runs as <c>run</c> does; a run that hangs fails the test.</summary>
    /// <param name="change">Replaces services.</param>
    /// <param name="stop">The first signal.</param>
    public Task<RunReport> ExecuteAsync(Action<IServiceCollection>? change = null, CancellationToken stop = default) =>
        WithAsync(change, run => run.ExecuteAsync("run", stop, CancellationToken.None));

    /// <summary>Runs as <c>retry</c> does.</summary>
    public Task<RunReport> RetryAsync(Retry retry, Action<IServiceCollection>? change = null) =>
        WithAsync(change, run => run.RetryAsync(retry, CancellationToken.None, CancellationToken.None));

    public async Task AssertWholeAsync(long rows, long links)
    {
        VerifyReport report = await new RunVerifier(Output).VerifyAsync(default);
        Assert.True(report.IsWhole, report.Line);
        Assert.Equal((rows, links), (report.Rows, report.Links));
        RunSummary summary = RunSummary.Parse(await File.ReadAllBytesAsync(Path.Combine(Output, "summary.json")));
        Assert.Equal(summary.Links, summary.Kept + summary.Dropped.Values.Sum());
        Assert.True(summary.Complete);
        Assert.Empty(Directory.EnumerateFiles(Output, ".*.laion-tmp", SearchOption.AllDirectories));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task<RunReport> WithAsync(Action<IServiceCollection>? change, Func<DatasetRun, Task<RunReport>> execute)
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(AllSettings()).Build();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddLaionEngine(configuration);
        change?.Invoke(services);
        await using ServiceProvider provider = services.BuildServiceProvider();
        return await execute(provider.GetRequiredService<DatasetRun>()).WaitAsync(Patience);
    }
}
