using LaionStream.Models.Catalog;
using LaionStream.Models.ModelSets;
using LaionStream.Models.Onnx;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Towers;
using LaionStream.TestWorld;
using static LaionStream.TestWorld.OnnxWriter;

namespace LaionStream.Models.Tests.ModelSets;

/// <summary><c>Inference:Precision=fp16</c>: embeddings keep their direction, and a model that cannot be converted runs as it is.</summary>
public sealed class PrecisionTests
{
    private static readonly string[] Captions =
        ["a red circle", "", "three apples on a table beside a bicycle", string.Join(' ', Enumerable.Repeat("dog", 200))];

    [Theory]
    [InlineData(PixelTransfer.Floats)]
    [InlineData(PixelTransfer.Bytes)]
    public void Load_BundledModelsInHalfPrecision_KeepTheirAnswers(PixelTransfer pixels)
    {
        var log = new Lines();
        using ModelSet whole = Load(BundledModels.TinyClip, "as-is");
        using ModelSet half = Load(BundledModels.TinyClip, "fp16", pixels, log);

        Assert.True(log.Warnings.Count == 0, string.Join("; ", log.Warnings));
        Assert.Equal(["nsfw_mobilenet_v2.onnx", "text.onnx", "visual.onnx"], half.Halved.Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(pixels == PixelTransfer.Bytes, half.Devices[0].Models.Visual.TakesBytes);
        AssertSameDirections(whole, half);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Load_VisionTransformer_KeepsItsAnswers(bool decomposed)
    {
        using var folder = new TempFolder();
        MadeVit.Write(folder.Root, VitShape.Tiny, decomposed);
        var log = new Lines();
        using ModelSet whole = Load(folder.Root, "as-is");
        using ModelSet half = Load(folder.Root, "fp16", PixelTransfer.Bytes, log);

        Assert.True(log.Warnings.Count == 0, string.Join("; ", log.Warnings));
        Assert.Equal(["text.onnx", "visual.onnx"], half.Halved.Select(Path.GetFileName).Order(StringComparer.Ordinal));
        AssertSameDirections(whole, half);
    }

    [Fact]
    public void Load_AutoOnTheProcessor_RunsAsItIs()
    {
        using ModelSet models = Load(BundledModels.TinyClip, "auto");

        Assert.Empty(models.Halved);
    }

    public static TheoryData<string, string> Unfit => new()
    {
        { "old operators", "of version 6, before 7" },
        { "name is taken", "it has a value laion_half_… already" },
        { "quantised", "it is quantised" },
        { "no products", "it has no products of float32 numbers" },
        { "answers by chance", "its answers to a probe have a cosine of" },
    };

    [Theory]
    [MemberData(nameof(Unfit))]
    public void Load_ModelThatCannotBeConverted_RunsAsItIsWithOneWarning(string fault, string why)
    {
        using var folder = new TempFolder();
        MadeClip.Text(folder.At("text.onnx"), "input_ids", "text_embeds");
        MadeClip.Vocabulary(folder.Root);
        Spoil(fault, folder);
        var log = new Lines();
        using ModelSet whole = Load(folder.Root, "as-is");
        using ModelSet half = Load(folder.Root, "fp16", log: log, devices: [0, 1]);

        Assert.Contains(why, Assert.Single(log.Warnings), StringComparison.Ordinal);
        Assert.StartsWith("visual.onnx runs as it is: ", log.Warnings[0], StringComparison.Ordinal);
        Assert.Equal(["text.onnx"], half.Halved.Select(Path.GetFileName));
        if (fault == "answers by chance") { return; }

        PixelInput[] pictures = [.. Enumerable.Range(0, 3).Select(seed => Noise(whole, seed))];
        Assert.Equal(whole.Devices[0].EmbedPictures(pictures), half.Devices[1].EmbedPictures(pictures));
    }

    public static TheoryData<string> Awkward => ["squares", "chain", "mask", "constants as inputs", "branches", "constant nodes", "split", "weights elsewhere"];

    /// <summary>Half precision overflows above 65,504: towers whose embeddings survive only if the right operators stay in float32.</summary>
    [Theory]
    [MemberData(nameof(Awkward))]
    public void Load_AwkwardTower_KeepsItsAnswers(string kind)
    {
        using var folder = new TempFolder();
        MadeClip.Text(folder.At("text.onnx"), "input_ids", "text_embeds");
        MadeClip.Vocabulary(folder.Root);
        AwkwardTowers.Write(kind, folder);
        var log = new Lines();
        using ModelSet whole = Load(folder.Root, "as-is");
        using ModelSet half = Load(folder.Root, "fp16", PixelTransfer.Bytes, log, devices: [0, 1]);

        Assert.True(log.Warnings.Count == 0, string.Join("; ", log.Warnings));
        Assert.Equal(["text.onnx", "visual.onnx"], half.Halved.Select(Path.GetFileName).Order(StringComparer.Ordinal));
        AssertSameDirections(whole, half);
    }

    [Fact]
    public void Load_ModelThatIsHalfAlready_SaysNothing()
    {
        using var folder = new TempFolder();
        MadeClip.Text(folder.At("text.onnx"), "input_ids", "text_embeds");
        MadeClip.Vocabulary(folder.Root);
        new OnnxWriter().Input("pixel_values", Element.Float16, -1, 3, 224, 224).Output("image_embeds", Element.Float16, -1, MadeClip.Width)
            .Halves("weights", MadeClip.PictureWeights, 3, MadeClip.Width)
            .Node("GlobalAveragePool", ["pixel_values"], ["mean"]).Node("Flatten", ["mean"], ["colour"])
            .Node("MatMul", ["colour", "weights"], ["image_embeds"]).Save(folder.At("visual.onnx"));
        var log = new Lines();
        using ModelSet models = Load(folder.Root, "fp16", PixelTransfer.Bytes, log);

        Assert.True(log.Warnings.Count == 0, string.Join("; ", log.Warnings));
        Assert.Equal(["text.onnx"], models.Halved.Select(Path.GetFileName));
        Assert.True(models.Devices[0].Models.Visual.TakesBytes);
    }

    [Fact]
    public void Load_BytesAreImpossible_HalfPrecisionIsNot()
    {
        using var folder = new TempFolder();
        MadeClip.Text(folder.At("text.onnx"), "input_ids", "text_embeds");
        MadeClip.Vocabulary(folder.Root);
        Picture().Weights("weights", MadeClip.PictureWeights, 3, MadeClip.Width).Output("pixel_values", Element.Float, -1, 3, 224, 224)
            .Save(folder.At("visual.onnx"));
        var log = new Lines();
        using ModelSet models = Load(folder.Root, "fp16", PixelTransfer.Bytes, log);

        Assert.Equal("visual.onnx keeps its pictures as floats: pixel_values is an output too", Assert.Single(log.Warnings));
        Assert.Equal(["text.onnx", "visual.onnx"], models.Halved.Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Load_HalfPrecisionIsImpossible_BytesAreNot()
    {
        using var folder = new TempFolder();
        MadeClip.Text(folder.At("text.onnx"), "input_ids", "text_embeds");
        MadeClip.Vocabulary(folder.Root);
        Spoil("quantised", folder);
        var log = new Lines();
        using ModelSet models = Load(folder.Root, "fp16", PixelTransfer.Bytes, log);

        Assert.Equal("visual.onnx keeps its precision: it is quantised", Assert.Single(log.Warnings));
        Assert.Equal(["text.onnx"], models.Halved.Select(Path.GetFileName));
        Assert.True(models.Devices[0].Models.Visual.TakesBytes);
    }

    /// <summary>An image tower without its weights.</summary>
    private static OnnxWriter Picture() => new OnnxWriter()
        .Input("pixel_values", Element.Float, -1, 3, 224, 224).Output("image_embeds", Element.Float, -1, MadeClip.Width)
        .Node("GlobalAveragePool", ["pixel_values"], ["mean"]).Node("Flatten", ["mean"], ["colour"]).Node("MatMul", ["colour", "weights"], ["image_embeds"]);

    private static void Spoil(string fault, TempFolder folder)
    {
        string path = folder.At("visual.onnx");
        OnnxWriter Start() => new OnnxWriter().Input("pixel_values", Element.Float, -1, 3, 224, 224)
            .Output("image_embeds", Element.Float, -1, MadeClip.Width).Node("GlobalAveragePool", ["pixel_values"], ["mean"])
            .Node("Flatten", ["mean"], ["colour"]).Weights("weights", MadeClip.PictureWeights, 3, MadeClip.Width);
        switch (fault)
        {
            case "old operators":
                Start().Node("MatMul", ["colour", "weights"], ["image_embeds"]).Save(path, 6);
                break;
            case "name is taken":
                Start().Node("Identity", ["colour"], ["laion_half_colour"]).Node("MatMul", ["laion_half_colour", "weights"], ["image_embeds"]).Save(path);
                break;
            case "quantised":
                Start().Node("MatMul", ["colour", "weights"], ["product"]).Weights("scale", [0.01f]).Bytes("zero", [128])
                    .Node("QuantizeLinear", ["product", "scale", "zero"], ["small"]).Node("DequantizeLinear", ["small", "scale", "zero"], ["image_embeds"])
                    .Save(path);
                break;
            case "no products":
                Start().Integers("last", -1).Weights("row", [1, 2, 3, 4], 1, 1, MadeClip.Width).Node("Unsqueeze", ["colour", "last"], ["column"])
                    .Node("Mul", ["column", "row"], ["cube"])
                    .Integers("axis", 1).Node("ReduceSum", ["cube", "axis"], ["image_embeds"], ("keepdims", 0L)).Save(path);
                break;
            case "answers by chance":
                Start().Node("MatMul", ["colour", "weights"], ["product"]).Node("RandomNormalLike", ["product"], ["image_embeds"]).Save(path);
                break;
        }
    }

    [Theory]
    [InlineData("auto", InferenceProvider.Cpu, false)]
    [InlineData("Auto", InferenceProvider.Cuda, true)]
    [InlineData("auto", InferenceProvider.TensorRt, true)]
    [InlineData("AS-IS", InferenceProvider.Cuda, false)]
    [InlineData("fp16", InferenceProvider.Cpu, true)]
    public void WantsHalf_Setting_DependsOnTheProviderOnlyWhenAuto(string precision, InferenceProvider provider, bool half) =>
        Assert.Equal(half, new InferenceOptions { Precision = precision }.WantsHalf(provider));

    private static void AssertSameDirections(ModelSet whole, ModelSet half)
    {
        PixelInput[] pictures = [.. Enumerable.Range(0, 13).Select(seed => Noise(whole, seed))];
        AssertRows(whole.Devices[0].EmbedPictures(pictures), half.Devices[0].EmbedPictures(pictures), whole.EmbeddingWidth);
        Assert.NotEqual(whole.Devices[0].EmbedPictures(pictures), half.Devices[0].EmbedPictures(pictures)); // it did run in another precision
        AssertRows(whole.Devices[0].EmbedTexts(Captions), half.Devices[0].EmbedTexts(Captions), whole.EmbeddingWidth);
        foreach (PixelInput picture in pictures) { picture.Dispose(); }
    }

    private static void AssertRows(float[] expected, float[] found, int width)
    {
        foreach ((float[] a, float[] b) in expected.Chunk(width).Zip(found.Chunk(width))) { Assert.InRange(Embeddings.Cosine(a, b), 0.999, 1.000001); }
    }

    private static PixelInput Noise(ModelSet models, int seed)
    {
        var picture = new PixelInput(models.PixelSpecs[0].Width, models.PixelSpecs[0].Height);
        new Random(seed).NextBytes(picture.Rgb);
        return picture;
    }

    private static ModelSet Load(string folder, string precision, PixelTransfer pixels = PixelTransfer.Auto, Lines? log = null, int[]? devices = null) =>
        ModelSet.Load(
            folder,
            new ModelOptions { Fallback = folder == BundledModels.TinyClip ? BundledModels.Nsfw : "" },
            new InferenceOptions { Precision = precision, Pixels = pixels, Threads = 1, Devices = devices ?? [] },
            log ?? new Lines());
}
