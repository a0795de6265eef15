using System.Globalization;
using BenchmarkDotNet.Attributes;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Rows;

namespace LaionStream.Benchmarks;

/// <summary>The Parquet writers, with zstd, into memory: as many rows as in the peers' measurement of pyarrow (118,093).</summary>
[MemoryDiagnoser]
public class WriterBenchmarks
{
    /// <summary>Rows written per operation.</summary>
    public const int Rows = 118_093;

    private static readonly Dictionary<string, string> Metadata = [];

    private readonly SampleColumns _sampleColumns = new(ScoreSchema.Standard);
    private readonly CandidateColumns _candidateColumns = new();
    private readonly ValueColumn<long> _id = new("SAMPLE_ID", isNullable: false);
    private readonly TextColumn _url = new("URL", isNullable: false);
    private readonly TextColumn _text = new("TEXT", isNullable: true);
    private readonly ValueColumn<int> _width = new("WIDTH", isNullable: false);
    private readonly ValueColumn<int> _height = new("HEIGHT", isNullable: false);
    private readonly TextColumn _license = new("LICENSE", isNullable: false);
    private readonly TextColumn _nsfw = new("NSFW", isNullable: true);
    private readonly TextColumn _language = new("LANGUAGE", isNullable: false);
    private readonly ValueColumn<double> _similarity = new("similarity", isNullable: true);
    private readonly ValueColumn<long> _hash = new("hash", isNullable: false);
    private readonly MemoryStream _output = new();
    private SampleRow[] _samples = [];
    private CandidateRow[] _candidates = [];

    internal IReadOnlyList<SampleRow> Made => _samples;

    /// <summary>Creates the rows.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _samples = [.. Enumerable.Range(0, Rows).Select(MakeRow)];
        _candidates = [.. _samples.Select(
            row => new CandidateRow(row.Url, row.Text, row.Language, row.License, row.Hash, row.PageUrl, row.Source, row.Ordinal))];
    }

    /// <summary>All 22 columns of <c>run</c>.</summary>
    /// <returns>Bytes of the file.</returns>
    [Benchmark(OperationsPerInvoke = Rows)]
    public async Task<long> Samples()
    {
        _output.SetLength(0);
        PartFileWriter<SampleRow> writer = await PartFileWriter<SampleRow>.CreateAsync(_output, _sampleColumns, Metadata);
        foreach (SampleRow row in _samples) { await writer.AddAsync(row); }
        await writer.CompleteAsync();
        return _output.Length;
    }

    /// <summary>The ten columns that LAION-5B's files have.</summary>
    /// <returns>Bytes of the file.</returns>
    [Benchmark(OperationsPerInvoke = Rows)]
    public async Task<long> LaionColumns()
    {
        _output.SetLength(0);
        ColumnFileWriter writer = await ColumnFileWriter.CreateAsync(
            _output, [_id, _url, _text, _width, _height, _license, _nsfw, _language, _similarity, _hash], Metadata, 64 << 20);
        foreach (SampleRow row in _samples)
        {
            _id.Add(row.SampleId);
            _url.Add(row.Url);
            _text.Add(row.Text);
            _width.Add(row.Picture.Width);
            _height.Add(row.Picture.Height);
            _license.Add(row.License);
            _nsfw.Add(row.Scores.Nsfw);
            _language.Add(row.Language);
            _similarity.Add(row.Scores.Similarity);
            _hash.Add(row.Hash);
            await writer.RowAddedAsync(CancellationToken.None);
        }

        await writer.CompleteAsync(CancellationToken.None);
        return _output.Length;
    }

    /// <summary>The eight columns of <c>extract</c>.</summary>
    /// <returns>Bytes of the file.</returns>
    [Benchmark(OperationsPerInvoke = Rows)]
    public async Task<long> Candidates()
    {
        _output.SetLength(0);
        PartFileWriter<CandidateRow> writer = await PartFileWriter<CandidateRow>.CreateAsync(_output, _candidateColumns, Metadata);
        foreach (CandidateRow row in _candidates) { await writer.AddAsync(row); }
        await writer.CompleteAsync();
        return _output.Length;
    }

    internal static SampleRow MakeRow(int index)
    {
        var random = new Random(index);
        string[] words = ["red", "a", "house", "on", "the", "Straße", "blue", "photo", "of", "two", "birds", "été", "large", "kitchen", "window"];
        string url = $"https://cdn{random.Next(500)}.example.org/wp-content/uploads/{random.Next(2010, 2026)}/{random.Next(1, 13):D2}/{random.NextInt64():x}-{random.Next(1, 999)}x{random.Next(1, 999)}.jpg";
        return new SampleRow
        {
            SampleId = index,
            Url = url,
            Text = string.Join(' ', Enumerable.Range(0, random.Next(3, 18)).Select(_ => words[random.Next(words.Length)])),
            License = "?",
            Language = "en",
            Hash = random.NextInt64(),
            PageUrl = $"https://www.site{index / 19}.example/pages/{index / 19}/index.html",
            Source = "CC-MAIN-20240518081229-20240518111229-00000.warc.wat.gz",
            Ordinal = index,
            Fetch = new FetchFacts(url, DateTimeOffset.UnixEpoch.AddSeconds(1.7e9 + index)),
            Picture = new PictureFacts(random.Next(100, 3000), random.Next(100, 3000), Hex(random) + Hex(random), Hex(random)),
            Scores = new Scores(random.NextDouble(), "UNLIKELY", Underage: false, [random.NextSingle(), random.NextSingle(), random.NextSingle(), null, null]),
        };
    }

    private static string Hex(Random random) => random.NextInt64().ToString("x16", CultureInfo.InvariantCulture);
}
