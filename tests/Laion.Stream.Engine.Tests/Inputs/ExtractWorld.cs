using LaionStream.Dataset.Parquet;
using LaionStream.Engine.Inputs;
using LaionStream.Engine.Ledger.Verify;
using LaionStream.Engine.Run;
using LaionStream.TestWorld;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LaionStream.Engine.Tests.Inputs;

/// <summary>Runs of <c>extract</c> over inputs of a folder or a server, into one output.</summary>
internal sealed class ExtractWorld : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Where inputs may lie.</summary>
    public TempFolder Folder { get; } = new();

    /// <summary>The output.</summary>
    public string Output => Folder.At("out");

    /// <summary>Over the defaults.</summary>
    public Dictionary<string, string?> Settings { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What is piped in.</summary>
    public byte[] Piped { get; set; } = [];

    /// <summary>Writes an input file.</summary>
    /// <returns>Its path.</returns>
    public string Write(string name, byte[] content)
    {
        File.WriteAllBytes(Folder.At(name), content);
        return Folder.At(name);
    }

    /// <summary>Writes an input file of text.</summary>
    /// <returns>Its path.</returns>
    public string Write(string name, string content)
    {
        File.WriteAllText(Folder.At(name), content);
        return Folder.At(name);
    }

    /// <summary>One run.</summary>
    public async Task<RunReport> RunAsync(params string[] inputs)
    {
        var settings = new Dictionary<string, string?>(Settings) { ["Laion:Writing:Path"] = Output };
        for (int i = 0; i < inputs.Length; i++) { settings[$"Laion:Input:Paths:{i}"] = inputs[i]; }

        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        IServiceCollection engine = new ServiceCollection().AddLogging().AddLaionEngine(configuration);
        engine.AddSingleton(new StandardInput(() => new MemoryStream(Piped), Folder.At("out", "state")));
        await using ServiceProvider services = engine.BuildServiceProvider();
        return await services.GetRequiredService<ExtractRun>().ExecuteAsync(CancellationToken.None, CancellationToken.None).WaitAsync(Patience);
    }

    /// <summary>The addresses in the output, in order of their text.</summary>
    public async Task<IReadOnlyList<string>> UrlsAsync()
    {
        var urls = new List<string>();
        foreach (string file in Directory.Exists(Folder.At("out", "candidates")) ? Directory.EnumerateFiles(Folder.At("out", "candidates"), "*.parquet") : [])
        {
            await using SampleFileReader reader = await SampleFileReader.OpenAsync(file);
            await foreach (string? url in reader.ReadTextsAsync("URL")) { urls.Add(url!); }
        }

        return [.. urls.Order(StringComparer.Ordinal)];
    }

    /// <summary>The output recounts.</summary>
    public async Task AssertWholeAsync()
    {
        VerifyReport report = await new RunVerifier(Output).VerifyAsync(CancellationToken.None);
        Assert.True(report.IsWhole, report.Line);
    }

    /// <inheritdoc/>
    public void Dispose() => Folder.Dispose();
}
