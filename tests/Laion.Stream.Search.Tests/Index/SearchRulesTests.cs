using LaionStream.Search.Index;

namespace LaionStream.Search.Tests.Index;

public sealed class SearchRulesTests
{
    [Theory]
    [InlineData(10, 256, 64)]
    [InlineData(40, 256, 100)]
    [InlineData(50, 512, 125)]
    [InlineData(100, 512, 250)]
    [InlineData(1000, 2500, 2500)]
    [InlineData(int.MaxValue, int.MaxValue, int.MaxValue)]
    public void Effort_ForRows_IsEnoughForTheRecallThatWasMeasured(int k, int kept, int compared) =>
        Assert.Equal((kept, compared), (SearchRules.Kept(k), SearchRules.Compared(k)));

    [Theory]
    [InlineData(256, null, 10, true)] // every row would be a candidate
    [InlineData(257, null, 10, false)]
    [InlineData(1_000_000, null, 10, false)]
    [InlineData(60_000, 1_000_000L, 10, true)]
    [InlineData(61_000, 1_000_000L, 10, false)]
    [InlineData(300_000, 1_000_000L, 200_000, true)]
    public void IsExactCheaper_FewRows_AreCompared(long matching, long? rows, int k, bool isExact) => Assert.Equal(isExact, SearchRules.IsExactCheaper(matching, rows, k));
}
