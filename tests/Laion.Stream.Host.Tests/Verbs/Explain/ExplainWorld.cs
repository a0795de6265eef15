using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using LaionStream.Engine;
using LaionStream.Host.Verbs.Explain;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LaionStream.Host.Tests.Verbs.Explain;

/// <summary>The verb without its process: lines in, lines out.</summary>
internal sealed class ExplainWorld : IDisposable
{
    private readonly ServiceProvider _services;

    /// <summary>An explainer with its own settings; without a fallback model, so that answers depend on nothing beside the test's executable.</summary>
    public ExplainWorld(string? crops = null, params (string Key, string Value)[] settings)
    {
        var values = settings.ToDictionary(pair => "Laion:" + pair.Key, pair => (string?)pair.Value);
        values.TryAdd("Laion:Models:Fallback", "");
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        _services = new ServiceCollection().AddLogging().AddLaionEngine(configuration).BuildServiceProvider();
        Explainer = Explainer.Create(_services, crops);
    }

    /// <summary>The object under test.</summary>
    public Explainer Explainer { get; }

    /// <summary>Lines of a golden file that is committed beside the tests of another project.</summary>
    public static string[] Golden(params string[] path) => File.ReadAllLines(Path.Combine([Path.GetDirectoryName(ThisFile())!, "..", "..", "..", .. path]));

    /// <summary>The answer to one object.</summary>
    public async Task<JsonElement> AskAsync(object question) => Assert.Single(await AskAllAsync([JsonSerializer.Serialize(question)]));

    /// <summary>One answer per line, through the verb's loop.</summary>
    public async Task<JsonElement[]> AskAllAsync(IEnumerable<string> lines)
    {
        string[] answers = (await RunAsync(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))))).Split('\n');
        Assert.Equal("", answers[^1]);
        return [.. answers[..^1].Select(answer => JsonSerializer.Deserialize<JsonElement>(answer))];
    }

    /// <summary>All that the loop writes.</summary>
    public async Task<string> RunAsync(byte[] input)
    {
        await using var output = new StringWriter { NewLine = "\n" };
        await ExplainLoop.RunAsync(new MemoryStream(input), output, Explainer.AnswerAsync, CancellationToken.None);
        return output.ToString();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Explainer.Dispose();
        _services.Dispose();
    }

    private static string ThisFile([CallerFilePath] string thisFile = "") => thisFile;
}
