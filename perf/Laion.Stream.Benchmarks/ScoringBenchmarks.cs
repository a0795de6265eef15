using BenchmarkDotNet.Attributes;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Scoring;
using LaionStream.Models.Catalog;
using LaionStream.Models.ModelSets;
using LaionStream.Models.Onnx;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.TestWorld;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.ML.OnnxRuntime;

namespace LaionStream.Benchmarks;

/// <summary>A batch of pictures with captions through a session, compared with the bare runtime on the same batch shapes.</summary>
[MemoryDiagnoser]
public class ScoringBenchmarks
{
    private readonly RunOptions _options = new();
    private ModelSet _models = null!;
    private InferenceSession _visual = null!;
    private InferenceSession _text = null!;
    private OrtValue _pixels = null!;
    private OrtValue _ids = null!;

    /// <summary>Rows of a batch.</summary>
    [Params(8, 32)]
    public int Rows { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var inference = new InferenceOptions
        {
            Provider = InferenceProvider.Cpu,
            BatchSize = Rows.ToString(System.Globalization.CultureInfo.InvariantCulture),
            Threads = 1
        };
        _models = ModelSet.Load(BundledModels.TinyClip, new ModelOptions { Fallback = "" }, inference, NullLoggerFactory.Instance);
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        _visual = new InferenceSession(Path.Combine(BundledModels.TinyClip, "visual.onnx"), options);
        _text = new InferenceSession(Path.Combine(BundledModels.TinyClip, "text.onnx"), options);
        _pixels = OrtValue.CreateTensorValueFromMemory(new float[Rows * 3 * 224 * 224], [Rows, 3, 224, 224]);
        var ids = new long[Rows * 77];
        for (int row = 0; row < Rows; row++) { (ids[row * 77], ids[(row * 77) + 1], ids[(row * 77) + 2]) = (6142, 320, 6143); }

        _ids = OrtValue.CreateTensorValueFromMemory(ids, [Rows, 77]);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _models.Dispose();
        _visual.Dispose();
        _text.Dispose();
        _pixels.Dispose();
        _ids.Dispose();
        _options.Dispose();
    }

    /// <summary>Both towers, nothing else.</summary>
    [Benchmark(Baseline = true)]
    public void BareRuntime()
    {
        using IDisposableReadOnlyCollection<OrtValue> pictures = _visual.Run(_options, ["pixel_values"], [_pixels], ["image_embeds"]);
        using IDisposableReadOnlyCollection<OrtValue> captions = _text.Run(_options, ["input_ids"], [_ids], ["text_embeds"]);
    }

    /// <summary>Packing, tokens, both towers, cosines.</summary>
    /// <returns>Rows kept.</returns>
    [Benchmark]
    public async Task<int> Session()
    {
        IReadOnlyList<Step<ComparedImage>> steps = await new ModelSession(_models.Devices[0])
            .CompareAsync([.. Enumerable.Range(0, Rows).Select(Row)], CancellationToken.None);
        return steps.Count(step => step.Row is not null);
    }

    private static PreparedImage Row(int i)
    {
        var input = new PixelInput(224, 224);
        input.Rgb.Fill((byte)i);
        var candidate = new Candidate(new RowKey(0, i), "http://example.com/a.png", "a red circle on a white background", "?", null, "benchmark", i);
        return new PreparedImage(candidate, new FetchFacts(candidate.Url, DateTimeOffset.UnixEpoch), new PictureFacts(224, 224, "", ""), [input]);
    }
}
