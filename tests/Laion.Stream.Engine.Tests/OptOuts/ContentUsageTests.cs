using LaionStream.Engine.OptOuts;

namespace LaionStream.Engine.Tests.OptOuts;

/// <summary>What a statement says about training (draft-ietf-aipref-vocab, newest and earlier).</summary>
public sealed class ContentUsageTests
{
    [Theory]
    [InlineData("train-ai=n", UsagePreference.Disallowed)]
    [InlineData("train-ai=y, search=n", UsagePreference.Allowed)]
    [InlineData("search=n", UsagePreference.Unknown)]
    [InlineData("", UsagePreference.Unknown)]
    [InlineData("train-ai", UsagePreference.Unknown)] // true is not a token
    [InlineData("train-ai=\"n\"", UsagePreference.Unknown)]
    [InlineData("train-ai=N", UsagePreference.Unknown)]
    [InlineData("train-ai=no", UsagePreference.Unknown)]
    [InlineData("train-ai=n, train-ai=\"n\"", UsagePreference.Unknown)]
    [InlineData("train-ai=y, train-ai=n", UsagePreference.Disallowed)]
    [InlineData("train-ai=n;allow=y;x", UsagePreference.Disallowed)]
    [InlineData("future=(a b);c, train-ai=n", UsagePreference.Disallowed)]
    // Earlier drafts: the more special category counts, and either kind of training forbids our use.
    [InlineData("bots=n", UsagePreference.Disallowed)]
    [InlineData("bots=y", UsagePreference.Allowed)]
    [InlineData("bots=n, train-ai=y", UsagePreference.Allowed)]
    [InlineData("bots=y, train-ai=n", UsagePreference.Disallowed)]
    [InlineData("train-genai=n", UsagePreference.Disallowed)]
    [InlineData("genai=n", UsagePreference.Disallowed)]
    [InlineData("train-ai=y, train-genai=n", UsagePreference.Disallowed)]
    [InlineData("train-ai=n, train-genai=y", UsagePreference.Disallowed)]
    [InlineData("bots=n, train-genai=y", UsagePreference.Disallowed)]
    [InlineData("bots=n, train-ai=y, train-genai=y", UsagePreference.Allowed)]
    [InlineData("tdm=n, ai=y", UsagePreference.Allowed)]
    [InlineData("all=n", UsagePreference.Disallowed)]
    [InlineData("ai-train=n", UsagePreference.Disallowed)]
    public void Of_Dictionary_SaysWhatItMeansForTraining(string statement, object expected) => Assert.Equal(expected, ContentUsage.Of(statement));

    [Theory]
    [InlineData("train-ai=n,")]
    [InlineData("Train-AI=n")]
    [InlineData("train-ai: n")]
    [InlineData("train-ai=n; TRAIN=y")]
    public void Of_NoDictionary_SaysNothing(string statement) => Assert.Null(ContentUsage.Of(statement));

    [Fact]
    public void Combine_AnyOrder_TheMostRestrictiveCounts()
    {
        Assert.Equal(UsagePreference.Disallowed, ContentUsage.Combine(UsagePreference.Allowed, UsagePreference.Disallowed));
        Assert.Equal(UsagePreference.Disallowed, ContentUsage.Combine(UsagePreference.Disallowed, UsagePreference.Unknown));
        Assert.Equal(UsagePreference.Allowed, ContentUsage.Combine(UsagePreference.Unknown, UsagePreference.Allowed));
    }
}
