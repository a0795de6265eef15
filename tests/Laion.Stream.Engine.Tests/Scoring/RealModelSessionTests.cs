using LaionStream.Engine.Candidates;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Scoring;
using LaionStream.Models.Catalog;
using LaionStream.Models.ModelSets;
using LaionStream.Models.Onnx;
using LaionStream.TestWorld;
using Microsoft.Extensions.Logging.Abstractions;

namespace LaionStream.Engine.Tests.Scoring;

public sealed class RealModelSessionTests
{
    private static readonly InferenceOptions Options = new() { Provider = InferenceProvider.Cpu, BatchSize = "16" };

    [Fact]
    public async Task ScoreAsync_Always_DisposesThePictures()
    {
        using ModelSet models = Load(BundledModels.TinyClip, null);
        PreparedImage[] batch = [TestPictures.Plain(7, "grey")];

        await models.SessionAt(0).ScoreAsync(batch, CancellationToken.None);

        Assert.Throws<ObjectDisposedException>(() => batch[0].Inputs[0].Rgb.Length);
    }

    [Fact]
    public async Task ScoreAsync_Aborted_ThrowsAndDisposes()
    {
        using ModelSet models = Load(BundledModels.TinyClip, null);
        PreparedImage[] batch = [TestPictures.Plain(7, "grey")];

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await models.SessionAt(0).ScoreAsync(batch, new CancellationToken(canceled: true)));
        Assert.Throws<ObjectDisposedException>(() => batch[0].Inputs[0].Rgb.Length);
    }

    [Fact]
    public async Task Load_SeveralDevices_GivesASessionEach()
    {
        using ModelSet models = ModelSet.Load(
            BundledModels.TinyClip, new ModelOptions { Fallback = "" }, new InferenceOptions { Devices = [0, 1] }, NullLoggerFactory.Instance);

        Assert.Equal(["cpu 0", "cpu 1"], models.Devices.Select(device => new ModelSession(device)).Select(s => s.Device));
        foreach (IScoringSession session in models.Devices.Select(device => new ModelSession(device)))
        {
            Assert.NotNull((await session.ScoreAsync([TestPictures.Plain(200, "a white square")], CancellationToken.None))[0].Row);
        }
    }

    [Theory]
    [InlineData("fp16", "fp16 (clip text, clip visual, punsafe)")]
    [InlineData("as-is", "as-is")]
    [InlineData("auto", "as-is")] // on the processor
    public void Precision_OfARun_NamesWhatWasConverted(string precision, string expected)
    {
        using RunModels models = RunModels.Load(
            new ModelOptions { Path = BundledModels.TinyClip, Fallback = BundledModels.Nsfw },
            new InferenceOptions { Provider = InferenceProvider.Cpu, Precision = precision },
            filterOff: false, CandidateRuleSet.Default, NullLoggerFactory.Instance);

        Assert.Equal(expected, models.Precision);
    }

    [Fact]
    public void PixelSpecs_OfARunWithoutModels_AreNone()
    {
        using RunModels models = RunModels.Load(
            new ModelOptions { Path = null }, new InferenceOptions(), filterOff: true, CandidateRuleSet.Default, NullLoggerFactory.Instance);

        Assert.Empty(models.PixelSpecs); // nothing is resampled for nobody
    }

    private static ModelSet Load(string folder, string? fallback) =>
        ModelSet.Load(folder, new ModelOptions { Fallback = fallback ?? "" }, Options, NullLoggerFactory.Instance);
}
