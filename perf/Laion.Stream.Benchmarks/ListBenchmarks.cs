using System.Text;
using BenchmarkDotNet.Attributes;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs.Lists;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace LaionStream.Benchmarks;

/// <summary>Reads a URL list of 100,000 rows, with the rules for links and without any.</summary>
[MemoryDiagnoser]
public class ListBenchmarks
{
    private const int Rows = 100_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("list-benchmark").FullName;
    private InputFile _file = new(0, "");
    private ListReader? _reader;

    /// <summary>Kind of list.</summary>
    [Params("csv", "tsv", "jsonl")]
    public string Kind { get; set; } = "csv";

    /// <summary>Whether the rules for links apply; without them only the reading is measured.</summary>
    [Params(false, true)]
    public bool Judged { get; set; }

    [GlobalSetup]
    public async Task Write()
    {
        var text = new StringBuilder(Kind switch { "csv" => "url,caption,width\n", "tsv" => "url\tcaption\twidth\n", _ => "" });
        for (int i = 0; i < Rows; i++)
        {
            string url = $"https://images{i % 97}.example.com/catalogue/{i:x8}/photograph-{i}.jpg?size=large";
            string caption = $"A photograph of object number {i}, seen from the old harbour";
            text.Append(Kind switch
            {
                "csv" => $"{url},\"{caption}\",{i}\n",
                "tsv" => $"{url}\t{caption}\t{i}\n",
                _ => $"{{\"url\":\"{url}\",\"caption\":\"{caption}\",\"width\":{i}}}\n",
            });
        }

        _file = new InputFile(0, Path.Combine(_folder, "list." + Kind));
        await File.WriteAllTextAsync(_file.Location, text.ToString());
        var options = new CandidateOptions();
        var files = new ListFiles(
            new InputOpener(InputOpener.CreateClient(), Options.Create(new WatOptions()), TimeProvider.System,
            NullLogger<InputOpener>.Instance), ListColumnChoice.Usual);
        IReadOnlyList<ExtraColumn> extras = await ListSchema.ReadAsync(files, [_file], captionRequired: true, CancellationToken.None);
        ListRules rules = Judged
            ? ListRules.Of(new CaptionRules(options), new UrlRules(options))
            : new ListRules(RefuseAll, new CaptionRules(options).TryClean, (_, _) => 0);
        _reader = new ListReader(files, rules, extras, captionRequired: true, NullLogger<ListReader>.Instance);
    }

    [GlobalCleanup]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [Benchmark(OperationsPerInvoke = Rows)]
    public async Task<int> Read()
    {
        int links = 0;
        await foreach (PageLinks page in _reader!.ReadAsync(_file, new InputHealth(), CancellationToken.None))
        {
            links += page.Count;
        }

        return links;
    }

    private static DropReason RefuseAll(ReadOnlySpan<char> href, out string? url)
    {
        url = null;
        return DropReason.BadUrl;
    }
}
