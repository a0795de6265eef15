using System.Text.Json;
using LaionStream.Dataset.Rows;
using LaionStream.Models.Catalog;
using LaionStream.Models.Heads;
using LaionStream.Models.ModelSets;
using LaionStream.Models.Onnx;
using LaionStream.Models.Pictures.Resampling;
using LaionStream.TestWorld;
using Microsoft.Extensions.Logging.Abstractions;

namespace LaionStream.Models.Tests.ModelSets;

public sealed class TinyClipTests
{
    private static readonly InferenceOptions Options = new() { Provider = InferenceProvider.Cpu, BatchSize = "16" };

    [Fact]
    public void Score_FixturePairs_GivesThePublishedCosines()
    {
        using ModelSet models = Load(BundledModels.TinyClip, null);
        using JsonDocument fixture = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(BundledModels.TinyClipFixture, "expected.json")));
        string[] pictures = [.. fixture.RootElement.GetProperty("pictures").EnumerateArray().Select(p => p.GetString()!)];
        string[] captions = [.. fixture.RootElement.GetProperty("captions").EnumerateArray().Select(p => p.GetString()!)];
        for (int caption = 0; caption < captions.Length; caption++)
        {
            ScoreRequest[] batch =
                [.. pictures.Select((p, i) => TestPictures.FromFile(Path.Combine(BundledModels.TinyClipFixture, p), captions[caption], models.PixelSpecs))];

            IReadOnlyList<Scores?> scores = models.Devices[0].Score(batch, CancellationToken.None);

            for (int picture = 0; picture < pictures.Length; picture++)
            {
                double expected = fixture.RootElement.GetProperty("cosine")[picture][caption].GetDouble();
                Assert.Equal(expected, scores[picture]!.Similarity!.Value, 0.002);
            }
        }
    }

    [Fact]
    public void Score_OneRowOrMany_GivesTheSameScores()
    {
        using ModelSet models = Load(BundledModels.TinyClip, BundledModels.Nsfw);
        string[] files = [.. Directory.GetFiles(BundledModels.TinyClipFixture, "*.png").Order(StringComparer.Ordinal)];
        ScoreRequest Row(int i) => TestPictures.FromFile(files[i % files.Length], i % 3 == 0 ? null : $"a picture of number {i}", models.PixelSpecs);

        IReadOnlyList<Scores?> together = models.Devices[0].Score([.. Enumerable.Range(0, 16).Select(Row)], CancellationToken.None);
        for (int i = 0; i < 16; i++)
        {
            IReadOnlyList<Scores?> alone = models.Devices[0].Score([Row(i)], CancellationToken.None);

            Assert.Equal(i % 3 == 0, together[i]!.Similarity is null);
            Assert.Equal(alone[0]!.Similarity ?? 0, together[i]!.Similarity ?? 0, 1e-5);
            Assert.Equal(alone[0]![ScoreSchema.Standard.IndexOf("punsafe")]!.Value, together[i]![ScoreSchema.Standard.IndexOf("punsafe")]!.Value, 1e-5);
        }
    }

    [Fact]
    public void TakeBatchRows_MoreThanAtTheStart_GivesTheSameScores()
    {
        using ModelSet models = Load(BundledModels.TinyClip, null);
        string[] files = [.. Directory.GetFiles(BundledModels.TinyClipFixture, "*.png").Order(StringComparer.Ordinal)];
        ScoreRequest[] batch = [.. Enumerable.Range(0, 40).Select(i => TestPictures.FromFile(files[i % files.Length], $"number {i}", models.PixelSpecs))];
        double?[] before = [.. models.Devices[0].Score(batch, CancellationToken.None).Select(one => one!.Similarity)];

        foreach (string rows in (string[])["2", "40", "auto"])
        {
            Assert.Equal(rows == "auto" ? 32 : int.Parse(rows, System.Globalization.CultureInfo.InvariantCulture),
                models.TakeBatchRows(new InferenceOptions { Provider = InferenceProvider.Cpu, BatchSize = rows }));
            double?[] now = [.. models.Devices[0].Score(batch, CancellationToken.None).Select(one => one!.Similarity)];
            Assert.All(before.Zip(now), pair => Assert.Equal(pair.First!.Value, pair.Second!.Value, 1e-5));
        }
    }

    [Fact]
    public void Load_Folder_DescribesWhatItFound()
    {
        using ModelSet models = Load(BundledModels.TinyClip, BundledModels.Nsfw);

        Assert.Equal(512, models.EmbeddingWidth);
        Assert.Equal("tinyclip-emoji", models.Plan.Backbone);
        Assert.Equal([PixelSpec.Clip224, new PixelSpec(224, 224, PixelFit.SquashBilinearAlignCorners)], models.PixelSpecs);
        Assert.Equal(["clip visual", "clip text", "tokenizer", "tokenizer", "clip settings", "clip settings", "punsafe", "fallback manifest"],
            models.Files.Select(f => f.Role));
        Assert.StartsWith("200b9569ad5cbb67", models.Files[0].Sha256, StringComparison.Ordinal);
        Assert.Equal("nsfwjs-mobilenet-v2", models.Columns["punsafe"]);
        Assert.False(models.HasMultilingual);
    }

    private static ModelSet Load(string folder, string? fallback) =>
        ModelSet.Load(folder, new ModelOptions { Fallback = fallback ?? "" }, Options, NullLoggerFactory.Instance);
}
