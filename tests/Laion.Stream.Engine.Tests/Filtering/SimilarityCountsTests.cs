using LaionStream.Dataset.Summary;
using LaionStream.Engine.Filtering;

namespace LaionStream.Engine.Tests.Filtering;

public sealed class SimilarityCountsTests
{
    [Theory]
    [InlineData(0.28, 0.28)]
    [InlineData(0.2899, 0.28)]
    [InlineData(-0.001, -0.01)]
    [InlineData(-1.5, -1.0)]
    [InlineData(1.0, 0.99)]
    public void Add_AValue_CountsInTheBinThatHoldsIt(double similarity, double from)
    {
        var counts = new SimilarityCounts();
        counts.Add("en", similarity);

        SimilarityHistogram histogram = counts.Histograms()["en"];
        Assert.Equal((from, 0.01), (histogram.From, histogram.Width));
        Assert.Equal([1L], histogram.Counts);
    }

    [Fact]
    public void Add_NoNumber_CountsNowhere()
    {
        var counts = new SimilarityCounts();
        counts.Add("en", null);
        counts.Add("en", double.NaN);

        Assert.Empty(counts.Histograms());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void AddEarlier_ThenRowsByManyWorkers_IsTheSum(int workers)
    {
        var counts = new SimilarityCounts();
        counts.AddEarlier(new Dictionary<string, SimilarityHistogram> { ["en"] = new(0.25, 0.01, [5, 0, 7]) });
        Parallel.For(0, 1000, new ParallelOptions { MaxDegreeOfParallelism = workers }, i => counts.Add("en", 0.26 + (i % 2 * 0.02)));

        SimilarityHistogram histogram = counts.Histograms()["en"];
        Assert.Equal(0.25, histogram.From);
        Assert.Equal([5L, 500, 7, 500], histogram.Counts);
    }
}
