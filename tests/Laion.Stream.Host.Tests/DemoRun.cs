using LaionStream.Dataset.Parquet;
using LaionStream.Demo;
using LaionStream.Engine.Run;
using LaionStream.Host.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace LaionStream.Host.Tests;

/// <summary>A run of the whole pipeline on the demo's web, in this process.</summary>
internal sealed class DemoRun : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("laion-demo");
    private readonly Dictionary<string, string?> _settings = new(StringComparer.OrdinalIgnoreCase);

    private DemoRun()
    {
    }

    public string Output => Path.Combine(_folder.FullName, "out");

    public DemoWorld World { get; private set; } = null!;

    public static async Task<DemoRun> StartAsync(params (string Key, string Value)[] settings)
    {
        var run = new DemoRun();
        run.World = await DemoWorld.StartAsync(run.Output);
        foreach ((string key, string? value) in run.World.Settings()) { run._settings[key] = value; }
        foreach ((string key, string value) in settings) { run._settings[key] = value; }
        return run;
    }

    public Task<RunReport> ExecuteAsync() => ExecuteAsync(CancellationToken.None, CancellationToken.None);

    public async Task<RunReport> ExecuteAsync(CancellationToken stop, CancellationToken abort = default)
    {
        await using EngineHost host = EngineHost.Start(null, _settings, logsBesideOutput: true);
        return await host.Services.GetRequiredService<DatasetRun>().ExecuteAsync("demo", stop, abort);
    }

    /// <summary>Runs with changed settings.</summary>
    public Task<RunReport> ExecuteAsync(params (string Key, string Value)[] settings)
    {
        foreach ((string key, string value) in settings) { _settings[key] = value; }
        return ExecuteAsync();
    }

    public async Task<List<Dictionary<string, object?>>> RowsAsync()
    {
        var rows = new List<Dictionary<string, object?>>();
        foreach (string file in Directory.EnumerateFiles(Output, "part-*.parquet", SearchOption.AllDirectories))
        {
            await using SampleFileReader reader = await SampleFileReader.OpenAsync(file);
            await foreach (IReadOnlyList<KeyValuePair<string, object?>> row in reader.ReadRowsAsync()) { rows.Add(new Dictionary<string, object?>(row)); }
        }

        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
