using System.Text.Json;
using BenchmarkDotNet.Attributes;
using LaionStream.Models.Tokenizers;
using LaionStream.TestWorld;

namespace LaionStream.Benchmarks;

/// <summary>Captions to token ids: OpenAI's vocabulary on the golden texts if they are available, else the small one on its fixture.</summary>
[MemoryDiagnoser]
public class TokenizerBenchmarks
{
    private readonly int[] _ids = new int[77];
    private string[] _texts = [];
    private ITextTokenizer _tokenizer = null!;
    private ClipVocabulary _vocabulary = null!;

    internal IReadOnlyList<string> Texts => _texts;

    [GlobalSetup]
    public void Setup()
    {
        _vocabulary = SharedData.Exists
            ? ClipVocabulary.FromOpenAi(SharedData.PathOf("models", "clip-bpe", "bpe_simple_vocab_16e6.txt.gz"))
            : ((ClipTokenizer)TokenizerFiles.Find([BundledModels.TinyClip], out _)!).Vocabulary;
        _texts = SharedData.Exists ? [.. GoldenTexts()] : ["a red circle on a white background", "strawberry, fruit", "犬の顔"];
        _tokenizer = new ClipTokenizer(_vocabulary);
    }

    /// <summary>As in a run: words seen before come from the cache.</summary>
    /// <returns>Number of tokens.</returns>
    [Benchmark(Baseline = true)]
    public int Warm() => All(_tokenizer);

    /// <summary>With a cache that starts empty.</summary>
    /// <returns>Number of tokens.</returns>
    [Benchmark]
    public int Cold() => All(new ClipTokenizer(_vocabulary));

    private int All(ITextTokenizer tokenizer)
    {
        int tokens = 0;
        foreach (string text in _texts) { tokens += tokenizer.Encode(text, _ids).Total; }

        return tokens;
    }

    private static IEnumerable<string> GoldenTexts()
    {
        foreach (string line in File.ReadLines(SharedData.PathOf("data", "golden", "clip-ids-plain.jsonl")))
        {
            using JsonDocument row = JsonDocument.Parse(line);
            yield return row.RootElement.GetProperty("text").GetString()!;
        }
    }
}
