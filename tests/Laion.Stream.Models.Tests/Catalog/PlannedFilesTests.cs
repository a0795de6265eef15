using LaionStream.Dataset.Rows;
using LaionStream.Models.Catalog;
using LaionStream.Models.ModelSets;
using LaionStream.Models.Onnx;
using LaionStream.Models.Pictures.Resampling;
using LaionStream.TestWorld;
using static LaionStream.TestWorld.OnnxWriter;

namespace LaionStream.Models.Tests.Catalog;

/// <summary>The model files in a run's fingerprint, and that nothing stays open when loading fails.</summary>
public sealed class PlannedFilesTests
{
    [Fact]
    public void Of_WeightsBesideTheModel_AreListedOnceByWhateverName()
    {
        using var folder = new TempFolder();
        var graph = new OnnxWriter().Input("x", Element.Float, 1).Output("y", Element.Float, 1).Weights("w", [1], 1);
        graph.External("a", Element.Float, "model.onnx_data", 1).External("b", Element.Float, "model.onnx_data", 1)
            .External("c", Element.Float, "sub/rest.bin", 1);
        graph.Node("Identity", ["x"], ["y"]).Save(folder.At("model.onnx"));

        Assert.Equal([folder.At("model.onnx_data"), folder.At("sub", "rest.bin")], OnnxExternalData.Of(folder.At("model.onnx")));
        Assert.Empty(OnnxExternalData.Of(Path.Combine(BundledModels.TinyClip, "visual.onnx")));
    }

    [Fact]
    public void Of_CutModel_IsRefused()
    {
        using var folder = new TempFolder();
        byte[] whole = File.ReadAllBytes(Path.Combine(BundledModels.TinyClip, "visual.onnx"));
        File.WriteAllBytes(folder.At("cut.onnx"), whole[..(whole.Length / 2)]);

        Assert.Throws<InvalidDataException>(() => OnnxExternalData.Of(folder.At("cut.onnx")));
    }

    [Fact]
    public void Of_ToxicityModel_IncludesItsTokenizer()
    {
        using var folder = new TempFolder();
        MakeClip(folder, """{ "kind": "toxicity", "file": "toxic/model.onnx" }""");
        MadeClip.Text(folder.At("toxic", "model.onnx"), "input_ids", "logits");
        File.WriteAllText(folder.At("toxic", "tokenizer.json"), MadeTokenizers.WordPiece);
        using var pool = new RunnerPool(SessionFactory.Create(new InferenceOptions(), Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance).Open, 0);
        ModelPlan plan = new ModelPlanner(folder.Root, new ModelOptions { Fallback = "" }, PromptList.Intended, pool).Make();

        Assert.Contains(PlannedFiles.Of(plan, folder.Root), file => file.Role == "toxicity tokenizer" && file.Path == folder.At("toxic", "tokenizer.json"));
    }

    [Fact]
    public void Load_LastModelDoesNotFit_ClosesAllThatWereOpened()
    {
        using var folder = new TempFolder();
        MakeClip(folder, """{ "kind": "nsfw-image", "file": "visual.onnx", "columns": [7] }""");
        var opened = new List<Counting>();
        SessionFactory factory = SessionFactory.Create(new InferenceOptions(), Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        using (var pool = new RunnerPool((path, device) => Track(opened, factory.Open(path, device)), 0))
        {
            ModelPlan plan = new ModelPlanner(folder.Root, new ModelOptions { Fallback = "" }, PromptList.Intended, pool).Make();
            var tuning = new ModelTuning(factory, new InferenceOptions(), Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
            var loader = new ModelLoader(
                plan, folder.Root, new InferenceOptions(), InferenceProvider.Cpu, ScoreSchema.Standard, new List<PixelSpec>(), SessionMeters.Of("cpu 0",
                    threads: 1), tuning, new BatchLimit(32));

            Assert.Throws<ModelException>(() => loader.Load(pool));
        }

        Assert.NotEmpty(opened);
        Assert.All(opened, runner => Assert.Equal(1, runner.Disposals));
    }

    private static Counting Track(List<Counting> opened, IModelRunner runner)
    {
        opened.Add(new Counting(runner));
        return opened[^1];
    }

    private static void MakeClip(TempFolder folder, string model)
    {
        MadeClip.Visual(folder.At("visual.onnx"), "input", "output");
        MadeClip.Text(folder.At("text.onnx"), "input", "output");
        MadeClip.Vocabulary(folder.Root);
        File.WriteAllText(folder.At("models.json"),
            $$"""{ "clip": { "backbone": "ViT-B/32", "visual": "visual.onnx", "text": "text.onnx" }, "models": [{{model}}] }""");
    }

    private sealed class Counting(IModelRunner inner) : IModelRunner
    {
        public int Disposals { get; private set; }

        public string Name => inner.Name;

        public ModelSignature Signature => inner.Signature;

        public void Run(IReadOnlyList<TensorBuffer> inputs, TensorBuffer output, CancellationToken abort) => inner.Run(inputs, output, abort);

        public long[] Probe(IReadOnlyList<TensorBuffer> inputs, string output) => inner.Probe(inputs, output);

        public void Dispose()
        {
            Disposals++;
            inner.Dispose();
        }
    }
}
