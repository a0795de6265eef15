using LaionStream.Dataset.Rows;
using LaionStream.Models.Catalog;
using LaionStream.Models.Heads;
using LaionStream.Models.Heads.Weights;
using LaionStream.Models.Onnx;
using LaionStream.Models.Pictures.Resampling;
using LaionStream.Models.Tokenizers;
using LaionStream.Models.Towers;

namespace LaionStream.Models.ModelSets;

/// <summary>Loads the models of a plan on one device.</summary>
internal sealed class ModelLoader(ModelPlan plan, string folder, InferenceOptions options, InferenceProvider provider, ScoreSchema schema,
    List<PixelSpec> pixels, SessionMeters meters, ModelTuning tuning, BatchLimit limit)
{
    private const int DetoxifyContext = 512; // its tokenizers' limit (unitaryai/detoxify)

    /// <summary>
    /// Rows that a CPU runs at a time: more are not faster, because they do not fit in the cache, and their activations stay in the runtime's arena
    /// (MobileNetV2 at 32 rows: 154 MB for one tensor).
    /// </summary>
    private const int MostCpuRows = 8;

    private readonly BatchShape _batch = provider == InferenceProvider.Cpu
        ? BatchShape.Following(limit, MostCpuRows, 4)
        : BatchShape.Following(limit, int.MaxValue, 1);

    /// <summary>Loads everything.</summary>
    /// <param name="pool">Opens the files; it owns what was taken from it until everything has loaded.</param>
    /// <exception cref="ModelException">A model does not load, fails on a probe, or does not match another.</exception>
    public DeviceModels Load(RunnerPool pool)
    {
        ImageModel visual = tuning.Pictures(pool, pool.Take(plan.Visual), plan.Visual, plan.Scale, Likeness.OfHalfEmbedding,
            runner => Visual(runner, plan.VisualOutput, plan.Pixels, plan.Scale, meters.Clip));
        Input(plan.Pixels);
        TextModel text = tuning.Texts(pool, pool.Take(plan.Text), plan.Text, Likeness.OfHalfEmbedding,
            runner => Captions(runner, plan.TextOutput, plan.Tokenizer, dense: null, plan.Context, meters.Clip));
        if (visual.Width != text.Width) { throw Unfit(plan.Text, text.Width, visual.Width); }

        TextModel? multilingual = plan.Multilingual is { } other ? Multilingual(other, visual.Width, pool) : null;
        var heads = new List<IEmbeddingHead>();
        var images = new List<ImageClassifier>();
        var captions = new List<TextClassifier>();
        foreach ((ModelEntry entry, string from) in plan.Scores)
        {
            string? path = entry.File is null ? null : Path.GetFullPath(Path.Combine(from, entry.File));
            if (entry.IsHead)
            {
                heads.Add(Head(entry, path, visual.Width, text, pool));
            }
            else if (entry.IsCaption)
            {
                captions.Add(Caption(entry, path!, from, pool));
            }
            else
            {
                images.Add(Image(entry, path!, pool));
            }
        }

        pool.HandOver();
        return new DeviceModels(visual, text, multilingual, heads, images, captions, pool.Taken);
    }

    /// <summary>A model that reads pictures, on a runner that may have been changed: its output keeps the name.</summary>
    private ImageModel Visual(IModelRunner runner, TensorSpec output, PixelSpec pixels, PixelScale scale, SessionMeter meter) =>
        new(new MeteredRunner(runner, meter), runner.Signature.Outputs.First(o => o.Name == output.Name), pixels, scale, _batch);

    /// <summary>A model that reads captions, likewise.</summary>
    private TextModel Captions(IModelRunner runner, TensorSpec output, ITextTokenizer tokenizer, DenseLayer? dense, int context, SessionMeter meter) =>
        new(new MeteredRunner(runner, meter), runner.Signature.Outputs.First(o => o.Name == output.Name), tokenizer.Clone(), dense, context, Shapes);

    private MeteredRunner Clip(RunnerPool pool, string path) => new(pool.Take(path), meters.Clip);

    private TextModelShapes Shapes => new(
        _batch, options.TextLengths ?? TextShape.DefaultLengths, provider == InferenceProvider.Cpu);

    private TextModel Multilingual(ModelManifest.MultilingualEntry entry, int width, RunnerPool pool)
    {
        if (entry.Backbone is { } backbone && !ModelPlanner.IsSameBackbone(backbone, plan.Backbone))
        {
            throw new ModelException("Laion:Models:Path",
                $"The multilingual tower of models.json belongs to backbone {backbone}, and CLIP here is {plan.Backbone ?? "of no known name"}.");
        }

        DenseLayer? dense = entry.Dense is null ? null : ReadWeights(entry.Dense, path => WeightFiles.Layers(path, bias: null) is [var layer]
            ? layer
            : throw new InvalidDataException($"{path} holds several layers; one is expected."));
        string path = At(entry.Text);
        IModelRunner asIs = pool.Take(path);
        (TensorSpec output, ITextTokenizer tokenizer) = (TextOutput(asIs), Tokenizer(At(entry.Tokenizer)));
        TextModel model = tuning.Texts(pool, asIs, path, Likeness.OfHalfEmbedding,
            runner => Captions(runner, output, tokenizer, dense, entry.MaxLength, meters.Clip));
        return model.Width == width ? model : throw Unfit(path, model.Width, width);
    }

    private IEmbeddingHead Head(ModelEntry entry, string? path, int width, TextModel text, RunnerPool pool)
    {
        if (entry.Width is { } wanted && wanted != width) { throw entry.Wrong($"takes embeddings of {wanted} numbers, and CLIP here gives {width}"); }

        if (entry.Kind == ModelKind.ZeroShot)
        {
            IReadOnlyList<string> categories = entry.Prompts == PromptList.Laion5b ? LaionPrompts.Laion5bCategories : LaionPrompts.Categories;
            return new ZeroShotTag(Embed(text, categories), Embed(text, LaionPrompts.Ages));
        }

        if (path!.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)) { return new OnnxHead(Clip(pool, path), width, Place(entry), entry.Rules(), _batch); }

        if (entry.Kind == ModelKind.Q16)
        {
            WeightTensor prompts = ReadWeights(path, WeightFiles.Matrix);
            if (prompts.Width != width || prompts.Values.Length != 2 * width)
            {
                throw entry.Wrong($"holds {string.Join('×', prompts.Shape)} numbers; 2×{width} are expected");
            }

            return new PromptHead(new PromptMatrix(prompts.Values, width), Place(entry), answer: 1);
        }

        IReadOnlyList<DenseLayer> layers = ReadWeights(path, p => WeightFiles.Layers(p, entry.Bias));
        int given = width;
        foreach (DenseLayer layer in layers)
        {
            if (layer.Inputs != given) { throw entry.Wrong($"has a layer that takes {layer.Inputs} numbers where {given} are given"); }

            given = layer.Outputs;
        }

        return new LayersHead(layers, entry.Relu, Place(entry), entry.Rules().CheckedFor(entry.Title, given));
    }

    private ImageClassifier Image(ModelEntry entry, string path, RunnerPool pool)
    {
        IModelRunner runner = pool.Take(path);
        TensorSpec input = SignatureRules.Pixels(runner.Signature) ?? throw entry.Wrong($"takes no pictures: {string.Join("; ", runner.Signature.Inputs)}");
        TensorSpec output = SignatureRules.ScoreOutput(runner.Signature) ?? throw entry.Wrong("gives no floats");
        (PixelSpec spec, PixelScale scale) = entry.Pixels(input);
        ImageModel model = tuning.Pictures(pool, runner, path, scale, Likeness.OfHalfScores, changed => Visual(changed, output, spec, scale, meters.Scores));
        return new ImageClassifier(model, Input(spec), Place(entry), entry.Rules());
    }

    private TextClassifier Caption(ModelEntry entry, string path, string from, RunnerPool pool)
    {
        IModelRunner asIs = pool.Take(path);
        TensorSpec output = SignatureRules.ScoreOutput(asIs.Signature) ?? throw entry.Wrong("gives no floats");
        ITextTokenizer tokenizer = Tokenizer(Path.Combine(from, entry.TokenizerFolder));
        TextModel model = tuning.Texts(pool, asIs, path, Likeness.OfHalfScores,
            runner => Captions(runner, output, tokenizer, dense: null, entry.MaxLength ?? DetoxifyContext, meters.Scores));
        return new TextClassifier(model, Place(entry), entry.Rules());
    }

    private int Place(ModelEntry entry) => schema.IndexOf(entry.FilledColumn);

    private static PromptMatrix Embed(TextModel text, IReadOnlyList<string> prompts)
    {
        var vectors = new float[prompts.Count * text.Width];
        text.Run([.. Enumerable.Range(0, prompts.Count)], prompts, vectors, CancellationToken.None);
        return new PromptMatrix(vectors, text.Width);
    }

    /// <summary>Index of a picture form among those that every row is prepared in; a new one is added.</summary>
    private int Input(PixelSpec spec)
    {
        if (!pixels.Contains(spec)) { pixels.Add(spec); }

        return pixels.IndexOf(spec);
    }

    private TensorSpec TextOutput(IModelRunner runner) => SignatureRules.TextOutput(runner.Signature)
        ?? throw new ModelException("Laion:Models:Path", $"{runner.Name} gives no text embeddings: {string.Join("; ", runner.Signature.Outputs)}.");

    private static ITextTokenizer Tokenizer(string where) => TokenizerFiles.Find([where], out _)
        ?? throw new ModelException("Laion:Models:Path", $"{where} holds no tokenizer (tokenizer.json, or vocab.json and merges.txt).");

    private T ReadWeights<T>(string path, Func<string, T> read)
    {
        try
        {
            return read(At(path));
        }
        catch (Exception e) when (e is IOException or InvalidDataException or System.Text.Json.JsonException or FormatException or KeyNotFoundException)
        {
            throw new ModelException("Laion:Models:Path", $"{path} does not load: {e.Message}", e);
        }
    }

    private string At(string relative) => Path.GetFullPath(Path.Combine(folder, relative));

    private static ModelException Unfit(string path, int width, int wanted) =>
        new("Laion:Models:Path", $"{path} gives {width} numbers a text, and the image tower {wanted} a picture; they do not belong together.");
}
