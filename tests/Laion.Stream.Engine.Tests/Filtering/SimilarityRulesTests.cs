using LaionStream.Dataset.Rows;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Flow;
using LaionStream.TestWorld;

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
        Assert.Equal(expected, new SimilarityRules(new FilterOptions(), ScoreSchema.Standard, hasMultilingualTower: true)
            .Judge(set, TestScores.Of(similarity)));

    [Theory]
    [InlineData("multi")]
    [InlineData("nolang")]
    public void Judge_NoMultilingualTower_AppliesTheEnglishThresholdToEverySet(string set)
    {
        var rules = new SimilarityRules(new FilterOptions(), ScoreSchema.Standard, hasMultilingualTower: false);

        Assert.Equal(DropReason.LowSimilarity, rules.Judge(set, TestScores.Of(0.27)));
        Assert.Equal(DropReason.None, rules.Judge(set, TestScores.Of(0.28)));
    }

    [Fact]
    public void Judge_NoSimilarity_IsDroppedUnlessTheFilterIsOff()
    {
        Assert.Equal(DropReason.LowSimilarity, new SimilarityRules(new FilterOptions(), ScoreSchema.Standard, false).Judge("en", TestScores.Of(null)));
        Assert.Equal(DropReason.None, new SimilarityRules(new FilterOptions { Off = true }, ScoreSchema.Standard, false).Judge("en", TestScores.Of(null)));
    }

    [Fact]
    public void Judge_Underage_IsDroppedWhateverElse() =>
        Assert.Equal(DropReason.Underage, new SimilarityRules(new FilterOptions { Off = true }, ScoreSchema.Standard, false)
            .Judge("en", TestScores.Of(0.9) with { Underage = true }));

    [Fact]
    public void Judge_ScoreLimits_DropOnlyWhereAScoreIsKnown()
    {
        var rules = new SimilarityRules(new FilterOptions { MaxUnsafe = 0.5, MinAesthetic = 4 }, ScoreSchema.Standard, false);

        Assert.Equal(DropReason.ScoreLimit, rules.Judge("en", TestScores.Of(0.9, ("punsafe", 0.51f))));
        Assert.Equal(DropReason.None, rules.Judge("en", TestScores.Of(0.9, ("punsafe", 0.5f))));
        Assert.Equal(DropReason.ScoreLimit, rules.Judge("en", TestScores.Of(0.9, ("punsafe", float.NaN))));
        Assert.Equal(DropReason.ScoreLimit, rules.Judge("en", TestScores.Of(0.9, ("aesthetic", 3.9f))));
        Assert.Equal(DropReason.ScoreLimit, rules.Judge("en", TestScores.Of(0.9, ("aesthetic", float.NaN))));
        Assert.Equal(DropReason.None, rules.Judge("en", TestScores.Of(0.9)));
    }

    [Fact]
    public void Judge_LimitsByColumn_HoldForEveryColumnOfTheRun()
    {
        ScoreSchema schema = ScoreSchema.Of([new ScoreColumn("violence", "head", "v.npy")]);
        var options = new FilterOptions { Limits = { ["violence"] = new ScoreLimit { Min = 0.1, Max = 0.5 }, ["punsafe"] = new ScoreLimit { Max = 0.2 } } };
        var rules = new SimilarityRules(options, schema, false);

        DropReason Judge(float? violence, float? unsafeScore) =>
            rules.Judge("en", new Scores(0.9, null, false, [null, unsafeScore, null, null, null, violence]));

        Assert.Equal(DropReason.None, Judge(0.5f, 0.1f));
        Assert.Equal(DropReason.None, Judge(null, null));
        Assert.Equal(DropReason.ScoreLimit, Judge(0.51f, 0.1f));
        Assert.Equal(DropReason.ScoreLimit, Judge(0.09f, 0.1f));
        Assert.Equal(DropReason.ScoreLimit, Judge(0.3f, 0.21f));
    }

    [Fact]
    public void Errors_LimitsThatCannotHold_AreNamedByTheirKeys()
    {
        var options = new FilterOptions
        {
            MaxUnsafe = 0.5,
            Limits = { ["punsafe"] = new ScoreLimit { Max = 0.4 }, ["URL"] = new ScoreLimit { Max = 1 }, ["q16"] = new ScoreLimit { Min = 0.5, Max = 0.4 } },
        };

        Assert.Equal(
            [
                "Laion:Filtering:Limits:URL: this cannot name a score column.",
                "Laion:Filtering:MaxUnsafe and Laion:Filtering:Limits:punsafe:Max: these name one limit and have different values.",
                "Laion:Filtering:Limits:q16:Max: the maximum of q16 is below its minimum, so no scored row could be kept.",
            ],
            FilterOptionsRules.Errors(options));
        Assert.Contains("no model of this run fills a column violence",
            FilterOptionsRules.Unknown(new FilterOptions { Limits = { ["violence"] = new ScoreLimit { Max = 1 } } }, ScoreSchema.Standard).Single()
            .Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fingerprint_BoundUnderEitherKey_IsTheSame()
    {
        var own = new FilterOptions { MaxUnsafe = 0.5 };
        var named = new FilterOptions { Limits = { ["punsafe"] = new ScoreLimit { Max = 0.5 } } };

        Assert.Equal(FilterFingerprint.Of(own), FilterFingerprint.Of(named));
        Assert.Contains(new FingerprintEntry("Filtering:Limits:violence:Max", "0.5", "none"),
            FilterFingerprint.Of(new FilterOptions { Limits = { ["violence"] = new ScoreLimit { Max = 0.5 } } }));
    }
}
