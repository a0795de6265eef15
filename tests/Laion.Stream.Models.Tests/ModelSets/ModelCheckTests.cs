using LaionStream.Models.Catalog;
using LaionStream.Models.ModelSets;
using LaionStream.Models.Onnx;
using LaionStream.TestWorld;
using Microsoft.Extensions.Logging.Abstractions;

namespace LaionStream.Models.Tests.ModelSets;

public sealed class ModelCheckTests
{
    [Fact]
    public async Task RunAsync_BundledModels_ReportsEachFileAndPasses()
    {
        using ModelSet models = ModelSet.Load(
            BundledModels.TinyClip, new ModelOptions { Fallback = BundledModels.Nsfw }, new InferenceOptions(), NullLoggerFactory.Instance);

        IReadOnlyList<ModelReport> reports = ModelCheck.Run(models, CancellationToken.None);

        Assert.All(reports, report => Assert.True(report.Passed, report.SelfTest));
        Assert.Equal(["pixel_values float32 [?,3,224,224]"], reports[0].Inputs);
        Assert.Equal(["image_embeds float32 [?,512]"], reports[0].Outputs);
        Assert.Equal(["input_ids int64 [?,77]"], reports[1].Inputs);
        Assert.Contains("is 6142 320 825 518 320 1327 6143", reports[2].SelfTest, StringComparison.Ordinal);
        ModelReport classifier = reports.Single(report => report.File.Role == "punsafe");
        Assert.StartsWith("cpu", classifier.Provider, StringComparison.Ordinal);
        Assert.Contains("would write punsafe", classifier.SelfTest, StringComparison.Ordinal);
    }
}
