using LaionStream.Dataset.Rows;
using LaionStream.Models.Catalog;
using LaionStream.Models.Heads;
using LaionStream.Models.ModelSets;
using LaionStream.Models.Onnx;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Pictures.Resampling;
using LaionStream.Models.Towers;
using LaionStream.TestWorld;
using Microsoft.Extensions.Logging.Abstractions;
using static LaionStream.TestWorld.OnnxWriter;

namespace LaionStream.Models.Tests.Catalog;

/// <summary>
/// Every layout of CLIP that people download, in small: each as the tool that exports it (transformers.js, optimum, Qdrant's, immich's …) arranges it.
/// </summary>
public sealed class LayoutTests
{
    private static readonly Dictionary<string, Action<TempFolder>> Layouts = new(StringComparer.Ordinal)
    {
        ["transformers.js"] = folder =>
        {
            MadeClip.Visual(folder.At("onnx", "vision_model.onnx"), "pixel_values", "image_embeds");
            MadeClip.Text(folder.At("onnx", "text_model.onnx"), "input_ids", "text_embeds", length: -1);
            MadeClip.Vocabulary(folder.Root);
        },
        ["transformers.js with all precisions"] = folder =>
        {
            // The smaller forms are not valid models: opening them fails.
            foreach (string name in (string[])["vision_model_fp16", "vision_model_quantized", "text_model_int8"])
            {
                Directory.CreateDirectory(folder.At("onnx"));
                File.WriteAllText(folder.At("onnx", name + ".onnx"), "x");
            }

            MadeClip.Visual(folder.At("onnx", "vision_model.onnx"), "pixel_values", "image_embeds");
            MadeClip.Text(folder.At("onnx", "text_model.onnx"), "input_ids", "text_embeds", length: -1);
            MadeClip.Vocabulary(folder.Root);
        },
        ["combined"] = folder =>
        {
            MadeClip.Combined(folder.At("onnx", "model.onnx"));
            MadeClip.Vocabulary(folder.Root);
        },
        ["optimum"] = folder =>
        {
            MadeClip.Visual(folder.At("vision_model.onnx"), "pixel_values", "image_embeds");
            MadeClip.Text(folder.At("text_model.onnx"), "input_ids", "text_embeds", length: -1, mask: "attention_mask", states: true);
            MadeClip.Vocabulary(folder.Root);
        },
        ["qdrant"] = folder =>
        {
            MadeClip.Visual(folder.At("clip-ViT-B-32-vision", "model.onnx"), "pixel_values", "image_embeds");
            MadeClip.Text(folder.At("clip-ViT-B-32-text", "model.onnx"), "input_ids", "text_embeds", length: -1, mask: "attention_mask");
            MadeClip.Vocabulary(folder.At("clip-ViT-B-32-text"));
        },
        ["immich"] = folder =>
        {
            MadeClip.Visual(folder.At("visual", "model.onnx"), "image", "embedding", batch: 1, normalised: true);
            MadeClip.Text(folder.At("textual", "model.onnx"), "text", "embedding", batch: 1, ids: Element.Int32, normalised: true);
            MadeClip.Vocabulary(folder.At("textual"));
        },
        ["immich with mask"] = folder =>
        {
            MadeClip.Visual(folder.At("visual", "model.onnx"), "image", "embedding", batch: 1, normalised: true);
            MadeClip.Text(folder.At("textual", "model.onnx"), "input_ids", "embedding", batch: 1, ids: Element.Int32, mask: "attention_mask", normalised: true);
            MadeClip.Vocabulary(folder.At("textual"));
        },
        ["clip-as-service in half precision"] = folder =>
        {
            MadeClip.Visual(folder.At("ViT-B-32", "visual.onnx"), "pixel_values", "output", type: Element.Float16);
            MadeClip.Text(folder.At("ViT-B-32", "textual.onnx"), "input_ids", "output", ids: Element.Int32, mask: "attention_mask");
            MadeClip.Vocabulary(folder.Root);
        },
        ["CLIP-ONNX"] = folder =>
        {
            MadeClip.Visual(folder.At("clip_visual.onnx"), "input", "output");
            MadeClip.Text(folder.At("clip_textual.onnx"), "input", "output", ids: Element.Int32);
            MadeClip.Vocabulary(folder.Root);
        },
        ["openai-clip-js"] = folder =>
        {
            MadeClip.Visual(folder.At("clip-image-vit-32-float32.onnx"), "input", "output", batch: 1);
            MadeClip.Text(folder.At("clip-text-vit-32-float32-int32.onnx"), "input", "output", batch: 1, ids: Element.Int32);
            MadeClip.Vocabulary(folder.Root);
        },
        ["deepsparse"] = folder =>
        {
            MadeClip.Visual(folder.At("visual.onnx"), "onnx::Cast_0", "image_embeddings");
            MadeClip.Text(folder.At("textual.onnx"), "onnx::Gather_0", "text_embeddings", ids: Element.Int32, mask: "onnx::Gather_1", maskDims: [-1]);
            MadeClip.Vocabulary(folder.Root);
        },
    };

    public static TheoryData<string, PixelTransfer> NamesAndPixels
    {
        get
        {
            var cases = new TheoryData<string, PixelTransfer>();
            foreach (string name in Layouts.Keys)
            {
                foreach (PixelTransfer pixels in Enum.GetValues<PixelTransfer>()) { cases.Add(name, pixels); }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(NamesAndPixels))]
    public void Load_Layout_IsRecognisedAndScoresRight(string layout, PixelTransfer pixels)
    {
        using var folder = new TempFolder();
        Layouts[layout](folder);
        using ModelSet models =
            ModelSet.Load(folder.Root, new ModelOptions { Fallback = "" }, new InferenceOptions { Pixels = pixels }, NullLoggerFactory.Instance);
        Assert.Equal(pixels == PixelTransfer.Bytes, models.Devices[0].Models.Visual.TakesBytes);
        string[] captions = ["a red circle on a white background", "a pizza", new('x', 300)];
        ScoreRequest[] batch = [.. captions.Select((text, i) => TestPictures.Plain((byte)(40 + (60 * i)), text, models.PixelSpecs))];

        IReadOnlyList<Scores?> scores = models.Devices[0].Score(batch, CancellationToken.None);

        Assert.Equal(MadeClip.Width, models.EmbeddingWidth);
        for (int i = 0; i < captions.Length; i++)
        {
            // Half precision rounds the pixels; everything else is float32.
            Assert.Equal(Expected((byte)(40 + (60 * i)), captions[i], models), scores[i]!.Similarity!.Value, layout.Contains("half", StringComparison.Ordinal)
                ? 2e-3
                : 1e-5);
        }
    }

    public static TheoryData<string> Names => [.. Layouts.Keys];

    /// <summary>Bytes and floats give the same: within 1e-5, in half precision within 1e-3.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Load_LayoutWithBytes_GivesTheAnswersOfFloats(string layout)
    {
        using var folder = new TempFolder();
        Layouts[layout](folder);
        double tolerance = layout.Contains("half", StringComparison.Ordinal) ? 1e-3 : 1e-5;
        float[][] answers = [.. new[] { PixelTransfer.Floats, PixelTransfer.Bytes }.Select(pixels =>
        {
            using ModelSet models =
                ModelSet.Load(folder.Root, new ModelOptions { Fallback = "" }, new InferenceOptions { Pixels = pixels }, NullLoggerFactory.Instance);
            Assert.Equal(pixels == PixelTransfer.Bytes, models.Devices[0].Models.Visual.TakesBytes);
            PixelInput[] pictures = [.. Enumerable.Range(0, 5).Select(seed => Noise(models.PixelSpecs[0], seed))];
            return models.Devices[0].EmbedPictures(pictures);
        })];

        Assert.All(answers[0].Zip(answers[1]), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }

    private static PixelInput Noise(PixelSpec spec, int seed)
    {
        var picture = new PixelInput(spec.Width, spec.Height);
        new Random(seed).NextBytes(picture.Rgb);
        return picture;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Load_LayoutInHalfPrecision_ScoresRight(string layout)
    {
        using var folder = new TempFolder();
        Layouts[layout](folder);
        var log = new ModelSets.Lines();
        using ModelSet models = ModelSet.Load(
            folder.Root, new ModelOptions { Fallback = "" }, new InferenceOptions { Pixels = PixelTransfer.Bytes, Precision = "FP16" }, log);
        Assert.True(log.Warnings.Count == 0, string.Join("; ", log.Warnings));
        Assert.NotEmpty(models.Halved);
        Assert.True(models.Devices[0].Models.Visual.TakesBytes);
        string[] captions = ["a red circle on a white background", "a pizza", new('x', 300)];
        ScoreRequest[] batch = [.. captions.Select((text, i) => TestPictures.Plain((byte)(40 + (60 * i)), text, models.PixelSpecs))];

        IReadOnlyList<Scores?> scores = models.Devices[0].Score(batch, CancellationToken.None);

        for (int i = 0; i < captions.Length; i++)
        {
            Assert.Equal(Expected((byte)(40 + (60 * i)), captions[i], models), scores[i]!.Similarity!.Value, 2e-3);
        }
    }

    [Fact]
    public void Load_TowersOfDifferentWidth_AreRefused()
    {
        using var folder = new TempFolder();
        MadeClip.Visual(folder.At("visual.onnx"), "input", "output");
        File.Copy(Path.Combine(BundledModels.TinyClip, "text.onnx"), folder.At("text.onnx"));
        MadeClip.Vocabulary(folder.Root);

        Assert.Contains("do not belong together", Refusal(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NoTokenizer_SaysWhatIsMissing()
    {
        using var folder = new TempFolder();
        MadeClip.Visual(folder.At("visual.onnx"), "input", "output");
        MadeClip.Text(folder.At("text.onnx"), "input", "output");

        Assert.Contains("vocab.json and merges.txt, tokenizer.json", Refusal(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NoTextTower_SaysWhatIsMissing()
    {
        using var folder = new TempFolder();
        MadeClip.Visual(folder.At("visual.onnx"), "input", "output");

        Assert.Contains("takes token ids", Refusal(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FileThatIsNotAModel_IsNamed()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.At("visual.onnx"), "x");

        Assert.Contains("visual.onnx does not load", Refusal(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_MissingFolder_IsRefused()
    {
        using var folder = new TempFolder();

        Assert.Contains("does not exist", Assert.Throws<ModelException>(() => Load(folder.At("nowhere"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FreeTextLength_IsCutInBuckets()
    {
        using var folder = new TempFolder();
        Layouts["transformers.js"](folder);
        using ModelSet models = Load(folder.Root);

        Assert.Equal([16, 24, 32, 48, 77], models.Devices[0].Models.Text.Lengths.Lengths);
    }

    private static string Refusal(TempFolder folder) => Assert.Throws<ModelException>(() => Load(folder.Root)).Message;

    private static ModelSet Load(string folder) =>
        ModelSet.Load(folder, new ModelOptions { Fallback = "" }, new InferenceOptions(), NullLoggerFactory.Instance);

    private static double Expected(byte level, string caption, ModelSet models)
    {
        var ids = new int[77];
        models.Plan.Tokenizer.Encode(caption, ids);
        float sum = ids.Sum() * 1e-4f;
        float[] text = [.. MadeClip.TextWeights.Zip(MadeClip.TextBias, (w, b) => (w * sum) + b)];
        var picture = new float[MadeClip.Width];
        for (int channel = 0; channel < 3; channel++)
        {
            float value = ((level / 255f) - PixelPacking.ClipMean[channel]) / PixelPacking.ClipStd[channel];
            for (int i = 0; i < picture.Length; i++) { picture[i] += value * MadeClip.PictureWeights[(channel * MadeClip.Width) + i]; }
        }

        return Embeddings.Cosine(picture, text);
    }
}
