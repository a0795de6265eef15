using System.Text.Json;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Scoring;
using LaionStream.Models.Catalog;
using LaionStream.Models.Onnx;
using LaionStream.Models.Pictures.Resampling;
using LaionStream.Models.Scoring;
using LaionStream.TestWorld;
using Microsoft.Extensions.Logging.Abstractions;

namespace LaionStream.Engine.Tests.Inference;

public sealed class TinyClipTests
{
    private static readonly InferenceOptions Options = new() { Provider = InferenceProvider.Cpu, BatchSize = 16 };

    [Fact]
    public async Task ScoreAsync_FixturePairs_GivesThePublishedCosines()
    {
        using ModelSet models = Load(BundledModels.TinyClip, null);
        using JsonDocument fixture = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(BundledModels.TinyClipFixture, "expected.json")));
        string[] pictures = [.. fixture.RootElement.GetProperty("pictures").EnumerateArray().Select(p => p.GetString()!)];
        string[] captions = [.. fixture.RootElement.GetProperty("captions").EnumerateArray().Select(p => p.GetString()!)];
        for (int caption = 0; caption < captions.Length; caption++)
        {
            PreparedImage[] batch =
                [.. pictures.Select((p, i) => TestPictures.FromFile(Path.Combine(BundledModels.TinyClipFixture, p), captions[caption], models.PixelSpecs, i))];

            IReadOnlyList<Step<ScoredImage>> steps = await models.SessionAt(0).ScoreAsync(batch, CancellationToken.None);

            for (int picture = 0; picture < pictures.Length; picture++)
            {
                double expected = fixture.RootElement.GetProperty("cosine")[picture][caption].GetDouble();
                Assert.Equal(expected, steps[picture].Row!.Scores.Similarity!.Value, 0.002);
            }
        }
    }

    [Fact]
    public async Task ScoreAsync_OneRowOrMany_GivesTheSameScores()
    {
        using ModelSet models = Load(BundledModels.TinyClip, BundledModels.Nsfw);
        string[] files = [.. Directory.GetFiles(BundledModels.TinyClipFixture, "*.png").Order(StringComparer.Ordinal)];
        PreparedImage Row(int i) => TestPictures.FromFile(files[i % files.Length], i % 3 == 0 ? null : $"a picture of number {i}", models.PixelSpecs, i);

        IReadOnlyList<Step<ScoredImage>> together = await models.SessionAt(0).ScoreAsync([.. Enumerable.Range(0, 16).Select(Row)], CancellationToken.None);
        for (int i = 0; i < 16; i++)
        {
            IReadOnlyList<Step<ScoredImage>> alone = await models.SessionAt(0).ScoreAsync([Row(i)], CancellationToken.None);

            Assert.Equal(i, together[i].Row!.Key.Ordinal);
            Assert.Equal(i % 3 == 0, together[i].Row!.Scores.Similarity is null);
            Assert.Equal(alone[0].Row!.Scores.Similarity ?? 0, together[i].Row!.Scores.Similarity ?? 0, 1e-5);
            Assert.Equal(alone[0].Row!.Scores[ScoreSchema.Standard.IndexOf("punsafe")]!.Value, together[i].Row!.Scores[ScoreSchema.Standard.IndexOf("punsafe")]!.Value, 1e-5);
        }
    }

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
    public void Load_Folder_DescribesWhatItFound()
    {
        using ModelSet models = Load(BundledModels.TinyClip, BundledModels.Nsfw);

        Assert.Equal(512, models.EmbeddingWidth);
        Assert.Equal("tinyclip-emoji", models.Plan.Backbone);
        Assert.Equal([PixelSpec.Clip224, new PixelSpec(224, 224, PixelFit.SquashBilinearAlignCorners)], models.PixelSpecs);
        Assert.Equal(["clip visual", "clip text", "tokenizer", "tokenizer", "clip settings", "clip settings", "punsafe", "fallback manifest"], models.Files.Select(f => f.Role));
        Assert.StartsWith("200b9569ad5cbb67", models.Files[0].Sha256, StringComparison.Ordinal);
        Assert.Equal("nsfwjs-mobilenet-v2", models.Columns["punsafe"]);
        Assert.False(models.HasMultilingual);
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

    private static ModelSet Load(string folder, string? fallback) =>
        ModelSet.Load(folder, new ModelOptions { Fallback = fallback ?? "" }, Options, NullLoggerFactory.Instance);
}
