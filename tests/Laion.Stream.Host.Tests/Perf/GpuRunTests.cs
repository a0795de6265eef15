extern alias perf;

using LaionStream.Host.Hosting;
using LaionStream.TestWorld;
using perf::LaionStream.Soak.Gpu;

namespace LaionStream.Host.Tests.Perf;

/// <summary>The measurements of <c>perf/gpu</c>, which nobody watches while a GPU is rented: a dry run takes the same steps on the processor.</summary>
[Collection(MeasuredAlone.Name)] // it measures for moments, in which a busy machine has no batch done
public sealed class GpuRunTests
{
    private static readonly string[] Measured =
    [
        "pictures: bare loop, input on the device (the ceiling)", "pictures: bare loop from the processor's memory",
        "captions of 32 tokens: bare loop, input on the device", "pictures: our sessions alone", "pictures: whole graph, decode stubbed",
        "pairs: whole graph, decode stubbed", "pairs: whole graph, decode on",
    ];

    [Fact]
    public async Task ExecuteAsync_DryRun_MeasuresEveryLayerInEveryMode()
    {
        using var folder = new TempFolder();

        Assert.Equal(ExitCode.Done, await GpuRun.ExecuteAsync(new GpuPlan(null, folder.Root, DryRun: true, TimeSpan.FromMinutes(5))));

        string[] lines = File.ReadAllLines(folder.At("dry-run", "gpu.md"));
        Assert.DoesNotContain(lines, line => line.StartsWith('*') && !line.StartsWith("**", StringComparison.Ordinal));
        foreach (string mode in (string[])["cpu fp16", "cpu fp32"])
        {
            foreach (string what in Measured)
            {
                string[] found = [.. lines.Where(line => line.StartsWith($"| tiny | {mode} | {what}", StringComparison.Ordinal))];
                Assert.NotEmpty(found);
                Assert.All(found, line => Assert.True(int.Parse(line.Split('|')[5], System.Globalization.CultureInfo.InvariantCulture) > 0, line));
            }
        }
    }

    /// <summary>Both towers in one file with a mask, and files with a batch of one.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ExecuteAsync_ModelsOfOtherLayouts_AreMeasured(bool isCombined)
    {
        using var folder = new TempFolder();
        MadeClip.Vocabulary(folder.At("clip"));
        if (isCombined)
        {
            MadeClip.Combined(folder.At("clip", "onnx", "model.onnx"));
        }
        else
        {
            MadeClip.Visual(folder.At("clip", "visual.onnx"), "input", "output", batch: 1);
            MadeClip.Text(folder.At("clip", "text.onnx"), "input", "output", batch: 1, ids: OnnxWriter.Element.Int32);
        }

        Assert.Equal(ExitCode.Done, await GpuRun.ExecuteAsync(new GpuPlan(folder.At("clip"), folder.At("out"), DryRun: true, TimeSpan.FromMinutes(5))));

        string text = File.ReadAllText(folder.At("out", "dry-run", "gpu.md"));
        Assert.Contains("| clip | cpu fp32 | pairs: whole graph, decode stubbed |", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExecuteAsync_NoTime_SkipsAndSaysSo()
    {
        using var folder = new TempFolder();

        Assert.Equal(ExitCode.Done, await GpuRun.ExecuteAsync(new GpuPlan(BundledModels.TinyClip, folder.Root, DryRun: true, TimeSpan.Zero)));

        Assert.Contains("* tinyclip, cpu fp16: skipped, 0 s are over", File.ReadAllText(folder.At("dry-run", "gpu.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExecuteAsync_ModelThatDoesNotLoad_FailsAndSaysSo()
    {
        using var folder = new TempFolder();

        Assert.Equal(ExitCode.Failed, await GpuRun.ExecuteAsync(new GpuPlan(folder.Root, folder.At("out"), DryRun: true, TimeSpan.FromMinutes(5))));

        Assert.Contains(", cpu fp32: ", File.ReadAllText(folder.At("out", "dry-run", "gpu.md")), StringComparison.Ordinal);
    }
}
