using LaionStream.Dataset.Rows;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Scoring;
using LaionStream.Models.Catalog;
using LaionStream.Models.Heads;
using LaionStream.Models.ModelSets;
using LaionStream.Models.Onnx;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.TestWorld;
using Microsoft.Extensions.Logging.Abstractions;

namespace LaionStream.Engine.Tests.Scoring;

/// <summary>The two parts of a session: CLIP for every row, models with towers of their own for the rows that remain.</summary>
public sealed class CheapFirstTests
{
    private static readonly int Unsafe = ScoreSchema.Standard.IndexOf("punsafe");

    [Fact]
    public async Task CompareAsync_ModelsWithOwnTowers_AreNotCalledAndKeepTheirPictures()
    {
        using ModelSet models = Load();
        PreparedImage[] batch = Batch(models);

        IReadOnlyList<Step<ComparedImage>> steps = await models.SessionAt(0).CompareAsync(batch, CancellationToken.None);

        Assert.Empty(models.Devices[0].Meters.Scores.Runs);
        Assert.All(steps, step => Assert.NotNull(step.Row!.Scores.Similarity));
        Assert.All(steps, step => Assert.Null(step.Row!.Scores[Unsafe]));
        Assert.All(batch, image => Assert.Throws<ObjectDisposedException>(() => image.Inputs[0].Rgb.Length));
        Assert.All(batch, image => Assert.NotEqual(0, image.Inputs[1].Rgb.Length));
    }

    [Fact]
    public async Task ScoreAsync_RowsThatAreLeft_GetTheScoresOfOnePassOverAll()
    {
        using ModelSet models = Load();
        IReadOnlyList<Scores?> together =
            models.Devices[0].Score([.. Batch(models).Select(image => new ScoreRequest(image.Inputs, image.Candidate.Text, IsEnglish: true))],
            CancellationToken.None);
        IReadOnlyList<Step<ComparedImage>> compared = await models.SessionAt(0).CompareAsync(Batch(models), CancellationToken.None);
        ComparedImage[] left = [compared[3].Row!, compared[0].Row!];

        IReadOnlyList<Step<ScoredImage>> steps = await models.SessionAt(0).ScoreAsync(left, CancellationToken.None);

        foreach ((Step<ScoredImage> step, int row) in steps.Zip([3, 0]))
        {
            Assert.Equal(together[row]!.Similarity!.Value, step.Row!.Scores.Similarity!.Value, 1e-5);
            Assert.Equal(together[row]![Unsafe]!.Value, step.Row!.Scores[Unsafe]!.Value, 1e-5);
        }

        Assert.Equal(4 + 2, models.Devices[0].Meters.Scores.Rows);
        Assert.All(left, image => Assert.All(image.Inputs, input => Assert.Throws<ObjectDisposedException>(() => input.Rgb.Length)));
    }

    [Fact]
    public async Task ScoreAsync_WithoutSuchModels_PassesScoresOn()
    {
        using ModelSet models =
            ModelSet.Load(BundledModels.TinyClip, new ModelOptions { Fallback = "" }, new InferenceOptions { Threads = 1 }, NullLoggerFactory.Instance);
        ComparedImage compared = (await models.SessionAt(0).CompareAsync([TestPictures.Plain(90, "a grey square")], CancellationToken.None))[0].Row!;

        ScoredImage scored = (await models.SessionAt(0).ScoreAsync([compared], CancellationToken.None))[0].Row!;

        Assert.Equal(compared.Scores, scored.Scores);
        Assert.Equal(0, models.Devices[0].Meters.Scores.Batches);
    }

    private static PreparedImage[] Batch(ModelSet models) =>
        [.. Enumerable.Range(0, 4).Select(i => TestPictures.Plain(0, $"picture {i}", i) with { Inputs = Inputs(models, 1000 + i) })];

    /// <summary>Noise, a different one for each row.</summary>
    private static PixelInput[] Inputs(ModelSet models, int seed)
    {
        PixelInput[] inputs = [.. models.PixelSpecs.Select(spec => new PixelInput(spec.Width, spec.Height))];
        foreach (PixelInput input in inputs) { new Random(seed).NextBytes(input.Rgb); }

        return inputs;
    }

    private static ModelSet Load() =>
        ModelSet.Load(BundledModels.TinyClip, new ModelOptions { Fallback = BundledModels.Nsfw }, new InferenceOptions { Threads = 1 },
            NullLoggerFactory.Instance);
}
