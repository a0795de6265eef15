using LaionStream.Search.Index;

namespace LaionStream.Search.Tests.Index;

public sealed class IndexPlanTests
{
    private static readonly IndexOptions Options = new() { ExactBelow = 100, SegmentRows = 1000, MaxSegmentRows = 4000 };

    [Theory]
    [InlineData("99", "")]
    [InlineData("100", "100")]
    [InlineData("400,400,400,50", "1200")]
    [InlineData("400,400,400,150", "1200,150")]
    [InlineData("1000,1000", "1000,1000")]
    [InlineData("3999", "3999")]
    [InlineData("4001", "1001,1001,1001,998")] // pieces of about the same size
    [InlineData("50,4001", "1051,1001,1001,998")]
    public void New_RowsOfParts_BecomeSegments(string parts, string segments)
    {
        RowRange[] ranges = [.. Numbers(parts).Select(rows => new RowRange(new VectorBlock(new VectorPart("f", 1, "p", 0, rows), null), 0, rows))];

        List<IndexWork> work = IndexPlan.New(ranges, Options);

        Assert.Equal(Numbers(segments), work.Select(work => (int)work.Rows));
        Assert.All(work, work => Assert.Empty(work.Replaces));
    }

    [Theory]
    [InlineData("100,100,100", null)]
    [InlineData("100,100,100,100", "0+4")]
    [InlineData("1000,100,200,300,400", "1+4")]
    [InlineData("100,100,100,401", null)] // of another size
    [InlineData("1000,1000,1000,1000", null)] // whole
    public void Merge_FourOfAboutTheSameSize_BecomeOne(string sizes, string? merged) =>
        Assert.Equal(merged, IndexPlan.Merge([.. Numbers(sizes).Select(rows => ((long)rows, (long)rows))], Options, compacts: false) is (int first, int count) ? $"{first}+{count}" : null);

    [Theory]
    [InlineData("1000,1000,1000,1000,1000", "0+4")]
    [InlineData("3500,1000,1000", "1+2")]
    [InlineData("4000,4000", null)]
    [InlineData("4000", null)]
    public void Merge_Compacting_FillsTheLargestSegment(string sizes, string? merged) =>
        Assert.Equal(merged, IndexPlan.Merge([.. Numbers(sizes).Select(rows => ((long)rows, (long)rows))], Options, compacts: true) is (int first, int count) ? $"{first}+{count}" : null);

    [Theory]
    [InlineData(950, false, false)]
    [InlineData(899, false, true)]
    [InlineData(999, true, true)]
    [InlineData(1000, true, false)]
    public void Merge_RemovedRows_RewriteASegment(long alive, bool compacts, bool isRewritten) =>
        Assert.Equal(isRewritten, IndexPlan.Merge([(alive, 1000)], Options, compacts) is not null);

    private static int[] Numbers(string text) => text.Length == 0 ? [] : [.. text.Split(',').Select(number => int.Parse(number, System.Globalization.CultureInfo.InvariantCulture))];
}
