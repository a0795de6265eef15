using System.Globalization;
using System.Text.Json;
using LaionStream.Dataset.Rows;
using LaionStream.Models.Catalog;
using LaionStream.Models.Heads;
using LaionStream.Models.ModelSets;
using LaionStream.Models.Onnx;
using LaionStream.Models.Pictures.Resampling;
using LaionStream.Models.Towers;
using LaionStream.TestWorld;
using Microsoft.Extensions.Logging.Abstractions;
using static LaionStream.TestWorld.OnnxWriter;

namespace LaionStream.Models.Tests.Catalog;

/// <summary>Score models as <c>models.json</c> names them, beside a generated CLIP.</summary>
public sealed class ManifestTests
{
    private const string Clip = """ "clip": { "backbone": "ViT-B/32", "visual": "visual.onnx", "text": "text.onnx" } """;

    [Theory]
    [InlineData("ViT-B/32", "openai/clip-vit-base-patch32", true)]
    [InlineData("vit_b_32", "ViT-B-32", true)]
    [InlineData("ViT-L/14", "ViT-B/32", false)]
    [InlineData("ViT-B/16", "ViT-B/32", false)]
    [InlineData("tinyclip-emoji", "ViT-B/32", false)]
    [InlineData("ViT-B/32", null, false)]
    public void IsSameBackbone_Names_AreComparedByWhatTheyMean(string a, string? b, bool same) => Assert.Equal(same, ModelPlanner.IsSameBackbone(a, b));

    [Fact]
    public void Load_HeadsFromNpyAndSafetensors_GiveTheirScores()
    {
        using var folder = new TempFolder();
        MakeClip(folder, Clip, """
            { "kind": "aesthetic", "file": "aesthetic.npy", "backbone": "vit-b-32", "width": 4, "bias": 5 },
            { "kind": "q16", "file": "q16.npy", "backbone": "ViT-B/32" },
            { "kind": "nsfw", "file": "nsfw.safetensors", "backbone": "ViT-B/32", "relu": true, "activation": "sigmoid" }
            """);
        float[] prompts = [1, 0, 0, 0, 0, 1, 0, 0];
        WriteNpy(folder.At("aesthetic.npy"), [1, 2, 3, 4], "(1, 4)");
        WriteNpy(folder.At("q16.npy"), prompts, "(2, 4)");
        WriteSafetensors(folder.At("nsfw.safetensors"), ("10.bias", [0.5f], "[1]"), ("10.weight", [2, -1], "[1,2]"),
            ("2.weight", [1, 0, 0, 0, 0, 0, 0, -1], "[2,4]"));
        using ModelSet models = Load(folder);
        float[] x = models.Devices[0].EmbedPictures(TestPictures.Plain(90, null, [PixelSpec.Clip224]).Pictures);

        Scores scores = Score(models, 90, null);

        Assert.Equal(x[0] + (2 * x[1]) + (3 * x[2]) + (4 * x[3]) + 5, scores[ScoreSchema.Standard.IndexOf("aesthetic")]!.Value, 1e-5f);
        Assert.Equal(1 / (1 + Math.Exp(100 * (x[0] - x[1]))), scores[ScoreSchema.Standard.IndexOf("q16")]!.Value, 1e-5);
        Assert.Equal(1 / (1 + Math.Exp(-((2 * Math.Max(x[0], 0)) - Math.Max(-x[3], 0) + 0.5))), scores[ScoreSchema.Standard.IndexOf("punsafe")]!.Value, 1e-5);
        Assert.Null(scores[ScoreSchema.Standard.IndexOf("pwatermark")]);
        Assert.Equal("nsfw.safetensors", models.Columns["punsafe"]);
    }

    [Fact]
    public void Load_HeadWithItsOwnColumn_FillsItAndTheStandardOnesStayNull()
    {
        using var folder = new TempFolder();
        MakeClip(folder, Clip, """{ "kind": "head", "column": "violence", "file": "violence.npy", "backbone": "ViT-B/32", "bias": 5 }""");
        WriteNpy(folder.At("violence.npy"), [1, 2, 3, 4], "(1, 4)");
        using ModelSet models = Load(folder);
        float[] x = models.Devices[0].EmbedPictures(TestPictures.Plain(90, null, [PixelSpec.Clip224]).Pictures);

        Scores scores = Score(models, 90, null);

        Assert.Equal(["pwatermark", "punsafe", "aesthetic", "q16", "toxicity", "violence"], models.Scores.Columns.Select(column => column.Name));
        Assert.Equal(new ScoreColumn("violence", "head", "violence.npy"), models.Scores.Columns[5]);
        Assert.Equal(x[0] + (2 * x[1]) + (3 * x[2]) + (4 * x[3]) + 5, scores[5]!.Value, 1e-5f);
        Assert.All(scores.Values.Take(5), value => Assert.Null(value));
        Assert.Contains(ModelCheck.Run(models, CancellationToken.None), report => report.File.Role == "violence" && report.Passed);
    }

    [Theory]
    [InlineData("""{ "kind": "head", "file": "a.npy", "backbone": "ViT-B/32" }""", "needs column")]
    [InlineData("""{ "kind": "head", "column": "URL", "file": "a.npy", "backbone": "ViT-B/32" }""", "names the column URL")]
    [InlineData("""{ "kind": "head", "column": "md5", "file": "a.npy", "backbone": "ViT-B/32" }""", "names the column md5")]
    [InlineData("""{ "kind": "head", "column": "clip", "file": "a.npy", "backbone": "ViT-B/32" }""", "names the column clip")]
    [InlineData("""{ "kind": "zero-shot", "column": "tag" }""", "fills NSFW")]
    [InlineData("""{ "kind": "aesthetic", "file": "a.npy", "backbone": "ViT-B/32" }, { "kind": "head", "column": "aesthetic", "file": "a.npy", "backbone": "ViT-B/32" }""", "two models")]
    public void Load_ColumnThatCannotBe_IsRefusedWithTheReason(string models, string reason)
    {
        using var folder = new TempFolder();
        MakeClip(folder, Clip, models);
        WriteNpy(folder.At("a.npy"), [1, 2, 3, 4], "(1, 4)");

        ModelException refused = Assert.Throws<ModelException>(() => Load(folder).Dispose());

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_Watermark_TakesClassZeroOfA256Squash()
    {
        using var folder = new TempFolder();
        MakeClip(folder, Clip, """{ "kind": "watermark", "file": "watermark.onnx" }""");
        var graph = new OnnxWriter().Input("input", Element.Float, -1, 3, -1, -1).Output("output", Element.Float, -1, 2)
            .Weights("w", [1, 0, 0, 1, 0.5f, 0.5f], 3, 2);
        graph.Node("GlobalAveragePool", ["input"], ["mean"]).Node("Flatten", ["mean"], ["flat"]).Node("MatMul", ["flat", "w"], ["output"])
            .Save(folder.At("watermark.onnx"));
        using ModelSet models = Load(folder);
        Assert.Equal(new PixelSpec(256, 256, PixelFit.SquashBilinear), models.PixelSpecs[1]);

        float answer = (Score(models, 200, null))[ScoreSchema.Standard.IndexOf("pwatermark")]!.Value;

        double red = ((200 / 255.0) - 0.485) / 0.229;
        double green = ((200 / 255.0) - 0.456) / 0.224;
        Assert.Equal(1 / (1 + Math.Exp(green - red)), answer, 1e-5);
    }

    [Fact]
    public void Load_Toxicity_TakesTheLargestOfItsNamedClasses()
    {
        using var folder = new TempFolder();
        MakeClip(folder, Clip, """{ "kind": "toxicity", "file": "tox/model.onnx", "classes": ["toxicity", "insult"], "maxLength": 12 }""");
        Directory.CreateDirectory(folder.At("tox"));
        File.WriteAllText(folder.At("tox", "tokenizer.json"), MadeTokenizers.WordPiece);

        // Logits: sum of ids / 10, minus that, and a third class that must not be counted.
        var graph = new OnnxWriter().Input("input_ids", Element.Int64, -1, -1).Input("attention_mask", Element.Int64, -1, -1)
            .Output("logits", Element.Float, -1, 3);
        graph.Weights("w", [0.1f, -0.1f, 9], 1, 3).Integers("axis1", 1).Node("Mul", ["input_ids", "attention_mask"], ["kept"])
            .Node("Cast", ["kept"], ["ids"], ("to", 1L));
        graph.Node("ReduceSum", ["ids", "axis1"], ["sum"]).Node("MatMul", ["sum", "w"], ["logits"]).Save(folder.At("tox", "model.onnx"));
        using ModelSet models = Load(folder);

        Assert.Equal(1 / (1 + Math.Exp(-1.5)), (Score(models, 100, "Ein Kreis"))[ScoreSchema.Standard.IndexOf("toxicity")]!.Value, 1e-5); // 2 + 4 + 6 + 3 = 15
        Assert.Null((Score(models, 100, null))[ScoreSchema.Standard.IndexOf("toxicity")]);
    }

    [Fact]
    public void Load_MultilingualTower_PoolsByMaskAndMapsToThePictureSpace()
    {
        using var folder = new TempFolder();
        MakeClip(folder, Clip
            + """, "multilingual": { "text": "multi/model.onnx", "tokenizer": "multi", "dense": "multi/dense.npy", "backbone": "ViT-B/32", "maxLength": 20 } """, "");
        Directory.CreateDirectory(folder.At("multi"));
        File.WriteAllText(folder.At("multi", "tokenizer.json"), MadeTokenizers.WordPiece);
        WriteNpy(folder.At("multi", "dense.npy"), [1, 0, 0, 1, 1, 1, 2, -1], "(4, 2)");

        // Token state: (id, id of padding counted as 50), so that averaging over padding would show.
        var graph = new OnnxWriter().Input("input_ids", Element.Int64, -1, -1).Input("attention_mask", Element.Int64, -1, -1)
            .Output("last_hidden_state", Element.Float, -1, -1, 2);
        graph.Integers("axis2", 2).Weights("w", [1, 0], 1, 2).Weights("pad", [0, 50], 1, 2).Weights("one", [1], 1);
        graph.Node("Cast", ["input_ids"], ["ids"], ("to", 1L)).Node("Cast", ["attention_mask"], ["mask"], ("to", 1L)).Node("Sub", ["one", "mask"], ["rest"]);
        graph.Node("Unsqueeze", ["ids", "axis2"], ["ids3"]).Node("Unsqueeze", ["rest", "axis2"], ["rest3"]).Node("MatMul", ["ids3", "w"], ["a"])
            .Node("MatMul", ["rest3", "pad"], ["b"]);
        graph.Node("Add", ["a", "b"], ["last_hidden_state"]).Save(folder.At("multi", "model.onnx"));
        using ModelSet models = Load(folder);
        float[] x = models.Devices[0].EmbedPictures(TestPictures.Plain(90, null, [PixelSpec.Clip224]).Pictures);

        double similarity = models.Devices[0].Score([TestPictures.Plain(90, "Ein Kreis", models.PixelSpecs) with { IsEnglish = false }],
            CancellationToken.None)[0]!.Similarity!.Value;

        Assert.True(models.HasMultilingual);
        Assert.Equal(
            ["clip text", "clip visual", "manifest", "multilingual dense", "multilingual text", "multilingual tokenizer", "tokenizer",
                "tokenizer"], models.Files.Select(f => f.Role).Order());
        Assert.Equal(Embeddings.Cosine(x, [15 / 4f, 0, 15 / 4f, 15 / 2f]), similarity, 1e-6);
    }

    [Theory]
    [InlineData("""{ "kind": "aesthetic", "file": "a.npy", "backbone": "ViT-L/14" }""", "belongs to backbone ViT-L/14, and CLIP here is ViT-B/32")]
    [InlineData("""{ "kind": "aesthetic", "file": "a.npy" }""", "names no backbone")]
    [InlineData("""{ "kind": "aesthetic", "file": "a.npy", "backbone": "ViT-B/32", "width": 512 }""", "takes embeddings of 512 numbers")]
    [InlineData("""{ "kind": "aesthetic", "file": "gone.npy", "backbone": "ViT-B/32" }""", "names gone.npy, which is not in")]
    [InlineData("""{ "kind": "aesthetic", "backbone": "ViT-B/32" }""", "names no file")]
    [InlineData("""{ "kind": "q16", "file": "a.npy", "backbone": "ViT-B/32" }""", "2×4 are expected")]
    [InlineData("""{ "kind": "beauty", "file": "a.npy" }""", "is not valid")]
    [InlineData("""{ "kind": "aesthetic", "fiel": "a.npy" }""", "is not valid")]
    [InlineData("""{ "kind": "nsfw-image", "file": "visual.onnx", "classes": ["a"], "positive": ["b"] }""", "counts class b")]
    [InlineData("""{ "kind": "nsfw-image", "file": "visual.onnx", "columns": [7] }""", "reads number 7")]
    public void Load_EntryThatDoesNotFit_IsRefused(string entry, string message)
    {
        using var folder = new TempFolder();
        MakeClip(folder, Clip, entry);
        WriteNpy(folder.At("a.npy"), [1, 2, 3, 4], "(1, 4)");

        Assert.Contains(message, Assert.Throws<ModelException>(() => Load(folder)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ViT-B/32", true)]
    [InlineData("ViT-L/14", false)]
    [InlineData(null, false)]
    public void Load_BackboneFromTheOptions_AppliesWhenTheFolderNamesNone(string? backbone, bool loads)
    {
        using var folder = new TempFolder();
        MakeClip(folder, "", """{ "kind": "aesthetic", "file": "a.npy", "backbone": "ViT-B/32" }""");
        WriteNpy(folder.At("a.npy"), [1, 2, 3, 4], "(1, 4)");
        var options = new ModelOptions { Fallback = "", Backbone = backbone };

        Assert.Equal(loads, Record.Exception(() => ModelSet.Load(folder.Root, options, new InferenceOptions(), NullLoggerFactory.Instance).Dispose()) is null);
    }

    [Fact]
    public void Load_ZeroShotAskedFor_TagsEveryRow()
    {
        using var folder = new TempFolder();
        MakeClip(folder, Clip, """{ "kind": "zero-shot", "prompts": "intended" }""");
        using ModelSet models = Load(folder);

        Assert.Contains((Score(models, 90, "a circle")).Nsfw, (string[])["UNLIKELY", "UNSURE", "NSFW"]);
    }

    [Theory]
    [InlineData(0, 18, "UNLIKELY")]
    [InlineData(18, 19, "UNSURE")]
    [InlineData(35, 3, "UNSURE")]
    [InlineData(19, 35, "NSFW")]
    public void Tag_TwoNearest_DecideTogether(int first, int second, string tag) => Assert.Equal(tag, ZeroShotTag.Tag(first, second));

    [Fact]
    public void LaionPrompts_Originals_AreOneFewerAndShiftTheCut()
    {
        Assert.Equal(36, LaionPrompts.Categories.Count);
        Assert.Equal(35, LaionPrompts.Laion5bCategories.Count);
        Assert.Equal("animal, bird, mammal, insectfashion, clothes", LaionPrompts.Laion5bCategories[5]);
        Assert.Equal(LaionPrompts.Categories[19], LaionPrompts.Laion5bCategories[18]);
        Assert.Equal(8, LaionPrompts.Ages.Count);
    }

    [Theory]
    [InlineData("a kid on a bicycle", true)]
    [InlineData("goatskin and kidney beans", true)]
    [InlineData("A Kid On A Bicycle", false)]
    [InlineData(null, false)]
    public void NamesMinor_Caption_IsReadAsTheOriginalDoes(string? text, bool names) => Assert.Equal(names, ZeroShotTag.NamesMinor(text));

    [Fact]
    public void Schema_Properties_AreThoseThatAreRead()
    {
        string path = Path.Combine(BundledModels.TinyClip, "..", "..", "..", "Laion.Stream.Models", "Catalog", "models.schema.json");
        using JsonDocument schema = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement top = schema.RootElement.GetProperty("properties");
        JsonElement entry = top.GetProperty("models").GetProperty("items").GetProperty("properties");

        Assert.Equal(Written<ModelManifest.ClipEntry>(), Names(top.GetProperty("clip").GetProperty("properties")));
        Assert.Equal(Written<ModelManifest.MultilingualEntry>(), Names(top.GetProperty("multilingual").GetProperty("properties")));
        Assert.Equal(Written<ModelEntry>(), Names(entry));
        Assert.Equal(Enum.GetNames<ModelKind>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName).Order(), entry.GetProperty("kind").GetProperty("enum")
            .EnumerateArray().Select(k => k.GetString()!).Order());
        Assert.Equal(Enum.GetNames<ImageFit>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName).Order(), entry.GetProperty("fit").GetProperty("enum")
            .EnumerateArray().Select(k => k.GetString()!).Order());
    }

    private static IEnumerable<string> Written<T>() =>
        typeof(T).GetProperties().Where(p => p.CanWrite).Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name)).Order();

    private static IEnumerable<string> Names(JsonElement properties) => properties.EnumerateObject().Select(p => p.Name).Order();

    private static void MakeClip(TempFolder folder, string clip, string models)
    {
        MadeClip.Visual(folder.At("visual.onnx"), "input", "output");
        MadeClip.Text(folder.At("text.onnx"), "input", "output");
        MadeClip.Vocabulary(folder.Root);
        File.WriteAllText(folder.At("models.json"), $"{{ {clip} {(clip.Length > 0 ? "," : "")} \"models\": [{models}] }}");
    }

    private static ModelSet Load(TempFolder folder) =>
        ModelSet.Load(folder.Root, new ModelOptions { Fallback = "" }, new InferenceOptions(), NullLoggerFactory.Instance);

    private static Scores Score(ModelSet models, byte level, string? text) =>
        models.Devices[0].Score([TestPictures.Plain(level, text, models.PixelSpecs)], CancellationToken.None)[0]!;

    private static void WriteNpy(string path, float[] values, string shape)
    {
        string header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}".PadRight(117) + "\n";
        using var file = new BinaryWriter(File.Create(path));
        file.Write([0x93, .. "NUMPY"u8, 1, 0]);
        file.Write((ushort)header.Length);
        file.Write(System.Text.Encoding.ASCII.GetBytes(header));
        foreach (float value in values) { file.Write(value); }
    }

    private static void WriteSafetensors(string path, params (string Name, float[] Values, string Shape)[] tensors)
    {
        int at = 0;
        var entries = new List<string>();
        foreach ((string name, float[] values, string shape) in tensors)
        {
            entries.Add(string.Create(CultureInfo.InvariantCulture,
                $"\"{name}\":{{\"dtype\":\"F32\",\"shape\":{shape},\"data_offsets\":[{at},{at + (values.Length * 4)}]}}"));
            at += values.Length * 4;
        }

        byte[] header = System.Text.Encoding.UTF8.GetBytes("{\"__metadata__\":{\"format\":\"pt\"}," + string.Join(',', entries) + "}");
        using var file = new BinaryWriter(File.Create(path));
        file.Write((ulong)header.Length);
        file.Write(header);
        foreach (float value in tensors.SelectMany(t => t.Values)) { file.Write(value); }
    }
}
