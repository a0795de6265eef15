using System.Text.Json;
using BenchmarkDotNet.Attributes;
using LaionStream.Engine.Candidates;
using LaionStream.TestWorld;
using Parquet;
using Parquet.Schema;

namespace LaionStream.Benchmarks;

/// <summary>
/// The caption rules per alt text; the floor is 1,000,000 clean ASCII captions per CPU second, 1 µs each. Needs the reference data.
/// </summary>
[MemoryDiagnoser]
public class CaptionBenchmarks
{
    private readonly CaptionRules _rules = new(new CandidateOptions());
    private string[] _texts = [];

    /// <summary>
    /// <c>web</c>: real alt texts of img2dataset's test set; <c>ascii</c>: the clean ASCII ones of them; <c>golden</c>: ftfy.jsonl, nearly all damaged;
    /// <c>lang</c>: lines of the CLD3 goldens.
    /// </summary>
    [Params("ascii", "web", "golden", "lang")]
    public string Texts { get; set; } = "web";

    [GlobalSetup]
    public async Task Load()
    {
        string[] texts = Texts switch
        {
            "golden" => Lines("ftfy.jsonl", "input"),
            "lang" => Lines("cld3-5-2000.jsonl", "text"),
            "ascii" => [.. (await WebTexts()).Where(text => text.Length > 5 && text.All(unit => unit is >= ' ' and < '\u007F' and not '&'))],
            _ => await WebTexts(),
        };

        // A fixed number, so that OperationsPerInvoke gives the time of one text.
        _texts = [.. Enumerable.Range(0, 1000).Select(i => texts[(int)((long)i * texts.Length / 1000)])];
    }

    [Benchmark(OperationsPerInvoke = 1000)]
    public int Clean()
    {
        int kept = 0;
        foreach (string text in _texts)
        {
            kept += _rules.TryClean(text, out _, out _) ? 1 : 0;
        }

        return kept;
    }

    private static string[] Lines(string golden, string field)
    {
        var texts = new List<string>();
        foreach (string line in File.ReadLines(SharedData.PathOf("data", "golden", golden)))
        {
            using JsonDocument json = JsonDocument.Parse(line);
            if (json.RootElement.TryGetProperty(field, out JsonElement text))
            {
                texts.Add(text.GetString()!);
            }
        }

        return [.. texts];
    }

    private static async Task<string[]> WebTexts()
    {
        await using ParquetReader reader = await ParquetReader.CreateAsync(SharedData.PathOf("data", "captions", "img2dataset", "test_1000.parquet"));
        DataField column = reader.Schema.GetDataFields().Single(field => field.Name is "TEXT" or "caption");
        var texts = new List<string>();
        for (int i = 0; i < reader.RowGroupCount; i++)
        {
            using ParquetRowGroupReader group = reader.OpenRowGroupReader(i);
            var rows = new string?[group.RowCount];
            await group.ReadAsync(column, rows.AsMemory());
            texts.AddRange(rows.Select(row => row ?? string.Empty));
        }

        return [.. texts];
    }
}
