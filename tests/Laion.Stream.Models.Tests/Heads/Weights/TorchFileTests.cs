using LaionStream.Models.Heads.Weights;
using LaionStream.TestWorld;

namespace LaionStream.Models.Tests.Heads.Weights;

/// <summary>Weights as torch writes them; <c>Torch/make.py</c> made the files.</summary>
public sealed class TorchFileTests
{
    [Theory]
    [InlineData("linear_zip.pth")]
    [InlineData("linear_legacy.pth")]
    [InlineData("half_zip.pth")]
    [InlineData("half_legacy.pth")]
    public void Layers_LinearHead_EqualsTorch(string file)
    {
        DenseLayer layer = Assert.Single(WeightFiles.Layers(At(file), bias: null));
        var y = new float[1];

        layer.Apply([1, 10, 100, 1000], y);

        Assert.Equal(4, layer.Inputs);
        Assert.Equal((1 + 20 + 300 + 4000) / 8f + 0.25f, y[0]);
    }

    [Theory]
    [InlineData("mlp_zip.pth")]
    [InlineData("mlp_legacy.pth")]
    public void Layers_SeveralLayers_ComeInTheirOrder(string file)
    {
        IReadOnlyList<DenseLayer> layers = WeightFiles.Layers(At(file), bias: null);
        Assert.Equal([(4, 3), (3, 2), (2, 1)], layers.Select(layer => (layer.Inputs, layer.Outputs)));
        float[] x = [1, 2, 3, 4];
        foreach (DenseLayer layer in layers)
        {
            var y = new float[layer.Outputs];
            layer.Apply(x, y);
            x = layer == layers[^1] ? y : [.. y.Select(v => Math.Max(v, 0))];
        }

        // Computed by hand: −30/8 − 5/4 → 0, 10/8 − 1 = 1/4, 50/8 − 3/4 = 11/2; then −1/32 − 1/2 → 0, 17/8 − 1/4 = 15/8; then 2 · 15/8 / 8 + 1/4.
        Assert.Equal(0.71875f, x[0]);
    }

    [Theory]
    [InlineData("view_zip.pth")]
    [InlineData("view_legacy.pth")]
    public void Read_ViewsOfOneStorage_AreDistinguishedByOffsetAndStride(string file)
    {
        Dictionary<string, WeightTensor> tensors = TorchFile.Read(At(file)).ToDictionary(t => t.Key, t => t.Value, StringComparer.Ordinal);

        Assert.Equal([0, 1, 2, 3], tensors["weight"].Values);
        Assert.Equal([1, 4], tensors["weight"].Shape);
        Assert.Equal([7], tensors["bias"].Values);
    }

    [Theory]
    [InlineData("batchnorm_zip.pth", "1.running_mean")]
    [InlineData("batchnorm_legacy.pth", "1.running_mean")]
    [InlineData("module_zip.pth", "not a state dictionary")]
    [InlineData("module_legacy.pth", "not a state dictionary")]
    public void Layers_AnythingButLinearLayers_IsRefused(string file, string why)
    {
        string message = Assert.Throws<InvalidDataException>(() => WeightFiles.Layers(At(file), bias: null)).Message;

        Assert.Contains(why, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mlp_zip.pth")]
    [InlineData("mlp_legacy.pth")]
    public void Read_DamagedFile_IsRefusedOrRead(string file)
    {
        byte[] whole = File.ReadAllBytes(At(file));
        var random = new Random(7);
        using var folder = new TempFolder();
        int refused = 0;
        for (int round = 0; round < 2000; round++)
        {
            byte[] damaged = [.. whole[..random.Next(whole.Length / 2, whole.Length + 1)]];
            for (int i = 0; i < 3; i++) { damaged[random.Next(damaged.Length)] = (byte)random.Next(256); }
            File.WriteAllBytes(folder.At("damaged.pth"), damaged);
            Exception? e = Record.Exception(() => TorchFile.Read(folder.At("damaged.pth")));
            Assert.True(e is null or InvalidDataException, $"Round {round}: {e}");
            refused += e is null ? 0 : 1;
        }

        Assert.InRange(refused, 500, 2000);
    }

    private static string At(string file) => Path.Combine(AppContext.BaseDirectory, "Heads", "Weights", "Torch", file);
}
