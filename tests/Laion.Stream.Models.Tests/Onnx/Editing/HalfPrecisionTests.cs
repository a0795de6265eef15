using LaionStream.Models.Onnx.Editing;
using LaionStream.Models.Tests.ModelSets;
using LaionStream.TestWorld;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using static LaionStream.Models.Onnx.Editing.OnnxFields;

namespace LaionStream.Models.Tests.Onnx.Editing;

/// <summary>
/// The processor computes converted models in float32, so it shows no overflow. What a device would see is checked on the file: every value that was converted
/// must fit into half precision where the file computes it in float32.
/// </summary>
public sealed class HalfPrecisionTests
{
    public static TheoryData<string> Kinds => ["squares", "chain", "mask", "constant nodes", "split", "vit", "decomposed vit", "tinyclip", "nsfw"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Convert_ValuesThatBecomeHalf_Fit(string kind)
    {
        using var folder = new TempFolder();
        string path = Tower(kind, folder);
        OnnxFile converted = OnnxFile.Read(path);
        Assert.True(HalfPrecision.Convert(converted));
        string[] halves = [.. converted.Graph.Messages(GraphNodes).SelectMany(node => node.Texts(NodeOutputs))
            .Where(name => name.StartsWith(HalfPrecision.Prefix, StringComparison.Ordinal)).Select(name => name[HalfPrecision.Prefix.Length..])];
        Assert.NotEmpty(halves);

        foreach ((string name, float[] values) in Values(path, halves))
        {
            Assert.All(values, value => Assert.True(Math.Abs(value) <= (float)Half.MaxValue, $"{name} is {value}"));
        }
    }

    [Theory]
    [InlineData("squares", "squares")]
    [InlineData("squares", "sum")]
    [InlineData("squares", "image_embeds")]
    [InlineData("chain", "squares")]
    [InlineData("chain", "deviation")]
    [InlineData("mask", "scores")]
    [InlineData("mask", "image_embeds")]
    public void Convert_ValuesThatHalfPrecisionCannotHold_StayInFloat32(string kind, string value)
    {
        using var folder = new TempFolder();
        OnnxFile model = OnnxFile.Read(Tower(kind, folder));
        HalfPrecision.Convert(model);

        Assert.DoesNotContain(HalfPrecision.Prefix + value, model.Graph.Messages(GraphNodes).SelectMany(node => node.Texts(NodeOutputs)));
    }

    [Fact]
    public void Convert_LayerNormalisationAsAChain_BecomesTheOperator()
    {
        using var folder = new TempFolder();
        OnnxFile model = OnnxFile.Read(Tower("decomposed vit", folder));
        HalfPrecision.Convert(model);
        string[] types = [.. model.Graph.Messages(GraphNodes).Select(node => node.Text(NodeOperator))];

        Assert.Equal(2 + (2 * VitShape.Tiny.Layers), types.Count(type => type == "LayerNormalization"));
        Assert.DoesNotContain("Sqrt", types);
    }

    [Fact]
    public void Convert_WeightsInAFileThatIsCut_IsRefused()
    {
        using var folder = new TempFolder();
        OnnxFile model = OnnxFile.Read(Tower("weights elsewhere", folder));
        File.WriteAllBytes(folder.At("more.bin"), [1, 2, 3]);

        Assert.Equal("its weight weights is not whole in more.bin", Assert.Throws<ModelEditException>(() => HalfPrecision.Convert(model)).Message);
    }

    private static string Tower(string kind, TempFolder folder)
    {
        switch (kind)
        {
            case "tinyclip":
                return Path.Combine(BundledModels.TinyClip, "visual.onnx");
            case "nsfw":
                return Path.Combine(BundledModels.Nsfw, "nsfw_mobilenet_v2.onnx");
            case "vit" or "decomposed vit":
                MadeVit.Write(folder.Root, VitShape.Tiny, decomposed: kind != "vit");
                return folder.At("visual.onnx");
            default:
                AwkwardTowers.Write(kind, folder);
                return folder.At("visual.onnx");
        }
    }

    /// <summary>What the file's graph computes on noise and on white, value by value.</summary>
    private static IEnumerable<(string Name, float[] Values)> Values(string path, string[] names)
    {
        OnnxFile plain = OnnxFile.Read(path);
        string input = plain.Graph.Messages(GraphInputs).Select(value => value.Text(ValueName)).First();
        HashSet<string> known = [.. plain.Graph.Messages(GraphNodes).SelectMany(node => node.Texts(NodeOutputs))];
        HashSet<string> shown = [.. plain.Graph.Messages(GraphOutputs).Select(value => value.Text(ValueName))];
        foreach (string name in names.Where(name => known.Contains(name) && shown.Add(name)))
        {
            plain.Graph.Add(GraphOutputs, new ProtoMessage().Add(ValueName, name));
        }

        using var options = new SessionOptions();
        options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", plain.Folder);
        using var session = new InferenceSession(plain.ToArray(), options);
        var pixels = new DenseTensor<float>([2, 3, 224, 224]);
        var random = new Random(7);
        for (int i = 0; i < pixels.Length; i++) { pixels.SetValue(i, i < pixels.Length / 2 ? (random.NextSingle() * 4) - 2 : 2); }

        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run([NamedOnnxValue.CreateFromTensor(input, pixels)]);
        foreach (DisposableNamedOnnxValue result in results.Where(result => result.Value is DenseTensor<float>))
        {
            yield return (result.Name, result.AsTensor<float>().ToArray());
        }
    }
}
