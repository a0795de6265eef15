using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using LaionStream.Dataset.Parquet;
using LaionStream.Demo;
using LaionStream.Engine;
using LaionStream.Engine.Ledger.Verify;
using LaionStream.Engine.Run;
using LaionStream.Host.Verbs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LaionStream.Host.Tests.Compatibility;

/// <summary>
/// A copy of an output of an earlier version (<c>Fixtures/outputs-0.1.0</c>, made by its <c>make.py</c>), with a web where every host is up again.
/// </summary>
internal sealed class EarlierOutput : IAsyncDisposable
{
    /// <summary>The folder in which the fixtures were made: their state files have inputs there.</summary>
    private const string MadeIn = "/tmp/laion-0.1.0";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly string Fixtures = Path.Combine(AppContext.BaseDirectory, "Fixtures", "outputs-0.1.0");
    private static readonly JsonElement Scenarios = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Fixtures, "scenarios.json"))).RootElement;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("laion-earlier");
    private readonly LoopbackWorld _server;
    private readonly JsonElement _kind;
    private readonly string _kindName;

    private EarlierOutput(LoopbackWorld server, string name)
    {
        _server = server;
        Made = Scenarios.GetProperty("outputs").GetProperty(name);
        _kindName = Made.GetProperty("kind").GetString()!;
        _kind = Scenarios.GetProperty("kinds").GetProperty(_kindName);
        Folder = Path.Combine(_folder.FullName, name);
    }

    public static IEnumerable<string> Names => Scenarios.GetProperty("outputs").EnumerateObject().Select(output => output.Name);

    /// <summary>How it was made.</summary>
    public JsonElement Made { get; }

    public string Folder { get; }

    public bool IsExtract => _kind.GetProperty("verb").GetString() == "extract";

    /// <summary>Unpacks the output and its inputs and starts the web.</summary>
    public static async Task<EarlierOutput> OpenAsync(string name)
    {
        Dictionary<string, byte[]> pictures = DemoAssets.Pictures().ToDictionary(picture => picture.Name, picture => picture.Bytes, StringComparer.Ordinal);
        var output = new EarlierOutput(await LoopbackWorld.StartAsync(path => pictures.GetValueOrDefault(path[(path.LastIndexOf('/') + 1)..])), name);
        await ZipFile.ExtractToDirectoryAsync(Path.Combine(Fixtures, "inputs.zip"), output._folder.FullName);
        await ZipFile.ExtractToDirectoryAsync(Path.Combine(Fixtures, $"{name}.zip"), output.Folder);

        // The user's paths are unchanged; only the test's own folder differs from the one in which the fixture was made.
        string inputs = Path.Combine(output.Folder, "state", "inputs.txt");
        await File.WriteAllTextAsync(inputs, (await File.ReadAllTextAsync(inputs)).Replace(MadeIn, output._folder.FullName, StringComparison.Ordinal));
        return output;
    }

    /// <summary>Runs the same command again.</summary>
    public Task<RunReport> ResumeAsync() => IsExtract
        ? WithAsync(withInputs: true, services => services.GetRequiredService<ExtractRun>().ExecuteAsync(CancellationToken.None, CancellationToken.None))
        : WithAsync(withInputs: true, services => services.GetRequiredService<DatasetRun>()
            .ExecuteAsync("run", CancellationToken.None, CancellationToken.None));

    /// <summary><c>retry</c> for every reason.</summary>
    public Task<RunReport> RetryAsync() =>
        WithAsync(withInputs: false, services => services.GetRequiredService<DatasetRun>()
            .RetryAsync(new Retry(new HashSet<LaionStream.Dataset.Rows.DropReason>(), TimeSpan.Zero), CancellationToken.None, CancellationToken.None));

    public Task<VerifyReport> VerifyAsync() => new RunVerifier(Folder).VerifyAsync(default);

    /// <summary>Every row by its key, without the time of its fetch; throws for a row that occurs twice.</summary>
    public async Task<Dictionary<string, Dictionary<string, JsonElement>>> RowsAsync()
    {
        var lines = new List<string>();
        foreach (string part in Directory.EnumerateFiles(Folder, "part-*.parquet", SearchOption.AllDirectories))
        {
            await using SampleFileReader reader = await SampleFileReader.OpenAsync(part);
            await foreach (IReadOnlyList<KeyValuePair<string, object?>> row in reader.ReadRowsAsync()) { lines.Add(RowJson.Of(row)); }
        }

        return ByKey(lines);
    }

    /// <summary>The rows of an undisturbed run of the earlier version.</summary>
    public Dictionary<string, Dictionary<string, JsonElement>> Expected() => ByKey(File.ReadLines(Path.Combine(Fixtures, $"expected-{_kindName}.jsonl")));

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static Dictionary<string, Dictionary<string, JsonElement>> ByKey(IEnumerable<string> lines) => lines
        .Select(line => JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(line)!)
        .ToDictionary(row => string.Create(CultureInfo.InvariantCulture, $"{row["source"]} {row["ordinal"]}"),
            row => row.Where(cell => cell.Key != "fetched_at").ToDictionary(), StringComparer.Ordinal);

    private async Task<RunReport> WithAsync(bool withInputs, Func<IServiceProvider, Task<RunReport>> execute)
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(Settings(withInputs)).Build();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddLaionEngine(configuration);
        await using ServiceProvider provider = services.BuildServiceProvider();
        return await execute(provider).WaitAsync(Patience);
    }

    private Dictionary<string, string?> Settings(bool withInputs)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["Laion:Writing:Path"] = Folder,
            ["Laion:Download:Resolve:*"] = _server.EndPoint.ToString(),
        };
        foreach (JsonProperty setting in Scenarios.GetProperty("settings").EnumerateObject().Concat(_kind.GetProperty("settings").EnumerateObject()))
        {
            settings[setting.Name] = setting.Value.GetString();
        }
        if (_kind.TryGetProperty("models", out _)) { settings["Laion:Models:Path"] = DemoAssets.ClipFolder; }
        int number = 0;
        if (!withInputs) { return settings; }
        foreach (JsonElement input in _kind.GetProperty("inputs").EnumerateArray())
        {
            settings[$"Laion:Input:Paths:{number++}"] = Path.Combine(_folder.FullName, input.GetString()!);
        }
        return settings;
    }
}
