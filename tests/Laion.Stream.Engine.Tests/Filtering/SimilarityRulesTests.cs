using LaionStream.Engine.Filtering;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Inference;

namespace LaionStream.Engine.Tests.Filtering;

public sealed class SimilarityRulesTests
{
    [Theory]
    [InlineData("en", 0.28, DropReason.None)]
    [InlineData("en", 0.2799, DropReason.LowSimilarity)]
    [InlineData("multi", 0.26, DropReason.None)]
    [InlineData("multi", 0.2599, DropReason.LowSimilarity)]
    [InlineData("nolang", 0.26, DropReason.None)]
    [InlineData("nolang", 0.25, DropReason.LowSimilarity)]
    [InlineData("en", double.NaN, DropReason.LowSimilarity)]
    public void Judge_DefaultThresholds_AreLaions(string set, double similarity, DropReason expected) =>
        Assert.Equal(expected, new SimilarityRules(new FilterOptions(), hasMultilingualTower: true).Judge(set, new ImageScores(similarity)));

    [Theory]
    [InlineData("multi")]
    [InlineData("nolang")]
    public void Judge_NoMultilingualTower_HoldsEverySetToTheEnglishThreshold(string set)
    {
        var rules = new SimilarityRules(new FilterOptions(), hasMultilingualTower: false);

        Assert.Equal(DropReason.LowSimilarity, rules.Judge(set, new ImageScores(0.27)));
        Assert.Equal(DropReason.None, rules.Judge(set, new ImageScores(0.28)));
    }

    [Fact]
    public void Judge_NoSimilarity_IsDroppedUnlessTheFilterIsOff()
    {
        Assert.Equal(DropReason.LowSimilarity, new SimilarityRules(new FilterOptions(), false).Judge("en", new ImageScores(null)));
        Assert.Equal(DropReason.None, new SimilarityRules(new FilterOptions { Off = true }, false).Judge("en", new ImageScores(null)));
    }

    [Fact]
    public void Judge_Underage_IsDroppedWhateverElse() =>
        Assert.Equal(DropReason.Underage, new SimilarityRules(new FilterOptions { Off = true }, false).Judge("en", new ImageScores(0.9, Underage: true)));

    [Fact]
    public void Judge_ScoreLimits_DropOnlyWhereAScoreIsKnown()
    {
        var rules = new SimilarityRules(new FilterOptions { MaxUnsafe = 0.5, MinAesthetic = 4 }, false);

        Assert.Equal(DropReason.ScoreLimit, rules.Judge("en", new ImageScores(0.9, Unsafe: 0.51f)));
        Assert.Equal(DropReason.None, rules.Judge("en", new ImageScores(0.9, Unsafe: 0.5f)));
        Assert.Equal(DropReason.ScoreLimit, rules.Judge("en", new ImageScores(0.9, Unsafe: float.NaN)));
        Assert.Equal(DropReason.ScoreLimit, rules.Judge("en", new ImageScores(0.9, Aesthetic: 3.9f)));
        Assert.Equal(DropReason.ScoreLimit, rules.Judge("en", new ImageScores(0.9, Aesthetic: float.NaN)));
        Assert.Equal(DropReason.None, rules.Judge("en", new ImageScores(0.9)));
    }
}
