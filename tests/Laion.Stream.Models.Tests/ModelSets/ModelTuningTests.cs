using System.Runtime.InteropServices;
using LaionStream.Dataset.Rows;
using LaionStream.Models.Catalog;
using LaionStream.Models.Heads;
using LaionStream.Models.ModelSets;
using LaionStream.Models.Onnx;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.TestWorld;
using static LaionStream.TestWorld.OnnxWriter;

namespace LaionStream.Models.Tests.ModelSets;

/// <summary>Models that are changed while loading: the same answers, and a model that cannot be changed runs unchanged.</summary>
public sealed class ModelTuningTests
{
    [Fact]
    public void Load_BundledModelsFedWithBytes_GiveTheAnswersOfFloats()
    {
        using ModelSet floats = Load(BundledModels.TinyClip, PixelTransfer.Floats);
        using ModelSet bytes = Load(BundledModels.TinyClip, PixelTransfer.Bytes);
        Assert.True(bytes.Devices[0].Models.Visual.TakesBytes);
        Assert.All(bytes.Devices[0].Models.Images, model => Assert.True(model.TakesBytes));

        // Five rows: the last batch shape is padded.
        foreach ((Scores? expected, Scores? found) in Score(floats, 13).Zip(Score(bytes, 13)))
        {
            Assert.Equal(expected!.Similarity!.Value, found!.Similarity!.Value, 1e-5);
            Assert.Equal(expected[1]!.Value, found[1]!.Value, 1e-5);
        }
    }

    [Fact]
    public void Load_ModelWithWeightsInAnotherFile_KeepsThemThere()
    {
        using var folder = new TempFolder();
        MadeClip.Text(folder.At("text.onnx"), "input_ids", "text_embeds");
        MadeClip.Vocabulary(folder.Root);
        File.WriteAllBytes(folder.At("weights.bin"), MemoryMarshal.AsBytes(MadeClip.PictureWeights.AsSpan()).ToArray());
        Picture().External("weights", Element.Float, "weights.bin", [3, MadeClip.Width]).Save(folder.At("visual.onnx"));
        var log = new Lines();
        using ModelSet floats = Load(folder.Root, PixelTransfer.Floats);
        using ModelSet bytes = Load(folder.Root, PixelTransfer.Bytes, log);

        Assert.True(bytes.Devices[0].Models.Visual.TakesBytes, string.Join("; ", log.Warnings));
        foreach ((Scores? expected, Scores? found) in Score(floats, 3).Zip(Score(bytes, 3)))
        {
            Assert.Equal(expected!.Similarity!.Value, found!.Similarity!.Value, 1e-5);
        }
    }

    public static TheoryData<string, string> Unfit => new()
    {
        { "old operators", "of version 6, before 7" },
        { "input is an output", "pixel_values is an output too" },
        { "name is taken", "it has a value laion_rgb8 already" },
        { "answers by chance", "it answered a probe with" },
    };

    [Theory]
    [MemberData(nameof(Unfit))]
    public void Load_ModelThatCannotBeChanged_RunsAsItIsWithOneWarning(string fault, string why)
    {
        using var folder = new TempFolder();
        MadeClip.Text(folder.At("text.onnx"), "input_ids", "text_embeds");
        MadeClip.Vocabulary(folder.Root);
        Spoil(fault, Picture().Weights("weights", MadeClip.PictureWeights, 3, MadeClip.Width), folder.At("visual.onnx"));
        var log = new Lines();
        using ModelSet floats = Load(folder.Root, PixelTransfer.Floats);
        using ModelSet models = Load(folder.Root, PixelTransfer.Bytes, log, devices: [0, 1]);

        Assert.All(models.Devices, device => Assert.False(device.Models.Visual.TakesBytes));
        Assert.Contains(why, Assert.Single(log.Warnings), StringComparison.Ordinal);
        Assert.StartsWith("visual.onnx runs as it is", log.Warnings[0], StringComparison.Ordinal);
        if (fault == "answers by chance") { return; }

        foreach ((Scores? expected, Scores? found) in Score(floats, 3).Zip(Score(models, 3)))
        {
            Assert.Equal(expected!.Similarity!.Value, found!.Similarity!.Value, 1e-5);
        }
    }

    [Fact]
    public void Load_SeveralSessions_AllTakeBytes()
    {
        using ModelSet models = Load(BundledModels.TinyClip, PixelTransfer.Bytes, devices: [0, 1, 2]);

        Assert.All(models.Devices, device => Assert.True(device.Models.Visual.TakesBytes));
        Assert.All(models.Devices.Select(device => device.Score([Noise(models, 1)], CancellationToken.None)[0]!.Similarity!.Value), found =>
            Assert.Equal(models.Devices[0].Score([Noise(models, 1)], CancellationToken.None)[0]!.Similarity!.Value, found, 1e-6));
    }

    [Fact]
    public void Load_LaterModelDoesNotFit_ClosesTheChangedOnesToo()
    {
        using var folder = new TempFolder();
        MadeClip.Visual(folder.At("visual.onnx"), "pixel_values", "image_embeds");
        File.Copy(Path.Combine(BundledModels.TinyClip, "text.onnx"), folder.At("text.onnx"));
        MadeClip.Vocabulary(folder.Root);

        Assert.Contains("do not belong together", Assert.Throws<ModelException>(() => Load(folder.Root, PixelTransfer.Bytes))
            .Message, StringComparison.Ordinal);
    }

    /// <summary>An image tower without its weights.</summary>
    private static OnnxWriter Picture() => new OnnxWriter()
        .Input("pixel_values", Element.Float, -1, 3, 224, 224).Output("image_embeds", Element.Float, -1, MadeClip.Width)
        .Node("GlobalAveragePool", ["pixel_values"], ["mean"]).Node("Flatten", ["mean"], ["colour"]).Node("MatMul", ["colour", "weights"], ["picture"])
        .Node("Identity", ["picture"], ["image_embeds"]);

    private static void Spoil(string fault, OnnxWriter tower, string path)
    {
        switch (fault)
        {
            case "input is an output":
                tower.Output("pixel_values", Element.Float, -1, 3, 224, 224);
                break;
            case "name is taken":
                tower.Node("Identity", ["colour"], ["laion_rgb8"]);
                break;
            case "answers by chance":
                tower = new OnnxWriter().Input("pixel_values", Element.Float, -1, 3, 224, 224).Output("image_embeds", Element.Float, -1, MadeClip.Width)
                    .Weights("weights", MadeClip.PictureWeights, 3, MadeClip.Width)
                    .Node("GlobalAveragePool", ["pixel_values"], ["mean"]).Node("Flatten", ["mean"], ["colour"])
                        .Node("MatMul", ["colour", "weights"], ["picture"])
                    .Node("RandomNormalLike", ["picture"], ["image_embeds"]);
                break;
        }

        tower.Save(path, fault == "old operators" ? 6 : 17);
    }

    private static IReadOnlyList<Scores?> Score(ModelSet models, int rows)
    {
        ScoreRequest[] batch = [.. Enumerable.Range(0, rows).Select(row => Noise(models, row))];
        IReadOnlyList<Scores?> scores = models.Devices[0].Score(batch, CancellationToken.None);
        foreach (PixelInput input in batch.SelectMany(row => row.Pictures)) { input.Dispose(); }

        return scores;
    }

    private static ScoreRequest Noise(ModelSet models, int seed)
    {
        ScoreRequest row = TestPictures.Plain(0, $"picture number {seed}", models.PixelSpecs);
        foreach (PixelInput input in row.Pictures) { new Random(seed).NextBytes(input.Rgb); }

        return row;
    }

    private static ModelSet Load(string folder, PixelTransfer pixels, Lines? log = null, int[]? devices = null) => ModelSet.Load(
        folder, new ModelOptions
        {
            Fallback = folder == BundledModels.TinyClip
            ? BundledModels.Nsfw
            : ""
        }, new InferenceOptions { Pixels = pixels, Threads = 1, Devices = devices ?? [] }, log ?? new Lines());
}
