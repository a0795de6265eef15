using LaionStream.Dataset.Rows;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Scoring;
using LaionStream.Engine.Tests.Scoring;

namespace LaionStream.Engine.Tests.Filtering;

public sealed class SimilarityStageTests
{
    [Theory]
    [InlineData(0.29, false, null, DropReason.None)]
    [InlineData(0.27, false, null, DropReason.LowSimilarity)]
    [InlineData(0.27, true, 1f, DropReason.Underage)]
    [InlineData(0.27, false, 1f, DropReason.LowSimilarity)]
    [InlineData(0.29, false, 1f, DropReason.ScoreLimit)]
    [InlineData(0.29, false, 5f, DropReason.None)]
    public async Task RunAsync_ScoresOfClip_AreJudgedInTheOrderOfTheRulesAndADropReturnsThePictures(double similarity, bool underage, float? aesthetic,
        DropReason expected)
    {
        var counts = new SimilarityCounts();
        var stage = new SimilarityStage(
            new SimilarityRules(new FilterOptions { MinAesthetic = 4, MaxWatermark = 0.5 }, ScoreSchema.Standard, hasMultilingualTower: false), counts);
        ComparedImage image = ComparedImage.From(TestPictures.Plain(1, "a", side: 2), new Scores(similarity, null, underage, [null, null, aesthetic]));

        Step<ComparedImage> step = await stage.RunAsync(image, CancellationToken.None);

        Assert.Equal(expected == DropReason.None ? image : null, step.Row);
        Assert.Equal(1, Assert.Single(counts.Histograms()["en"].Counts));
        Assert.Equal(similarity, counts.Histograms()["en"].From, 9);
        if (expected == DropReason.None) { Assert.Equal(12, image.Inputs[0].Rgb.Length); }
        else
        {
            Assert.Equal(expected, step.Drop.Reason);
            Assert.Throws<ObjectDisposedException>(() => image.Inputs[0].Rgb.Length);
        }
    }
}
