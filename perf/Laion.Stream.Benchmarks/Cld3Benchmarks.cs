using System.Text.Json;
using BenchmarkDotNet.Attributes;
using LaionStream.TestWorld;
using LaionStream.Text.Languages;

namespace LaionStream.Benchmarks;

/// <summary>Language identification of alt texts; the floor is 50,000 texts per CPU second, 20 µs each. Needs the reference data.</summary>
[MemoryDiagnoser]
public class Cld3Benchmarks
{
    private readonly Cld3LanguageModel _model = new();
    private string[] _texts = [];

    /// <summary>Alt texts of the web, or texts of 75 languages and every kind.</summary>
    [Params("web", "all")]
    public string Texts { get; set; } = "web";

    [GlobalSetup]
    public void Load()
    {
        var texts = new List<string>();
        foreach (string line in File.ReadLines(SharedData.PathOf("data", "golden", "cld3-5-2000.jsonl")))
        {
            using JsonDocument json = JsonDocument.Parse(line);
            if (Texts == "all" || json.RootElement.GetProperty("origin").GetString() == Texts)
            {
                texts.Add(json.RootElement.GetProperty("text").GetString()!);
            }
        }

        // A fixed number, so that OperationsPerInvoke gives the time of one text.
        _texts = [.. Enumerable.Range(0, 1000).Select(i => texts[i * texts.Count / 1000])];
    }

    [Benchmark(OperationsPerInvoke = 1000)]
    public int Identify()
    {
        int reliable = 0;
        foreach (string text in _texts)
        {
            LanguageAnswer answer = _model.Identify(text);
            reliable += answer.IsReliable ? 1 : 0;
        }

        return reliable;
    }
}
