using LaionStream.Search.Index;

namespace LaionStream.Search.Tests.Index;

public sealed class RowSetTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void RandomRows_CountNextAndContains_AgreeWithASortedSet(int seed)
    {
        var random = new Random(seed);
        SortedSet<long> expected = [.. Enumerable.Range(0, 500).Select(_ => (long)random.Next(5000))];
        var set = new RowSet(expected.OrderBy(_ => random.Next()));

        Assert.Equal(expected.Count, set.Count);
        Assert.All(Enumerable.Range(-1, 5100), row => Assert.Equal(expected.Contains(row), set.Contains(row)));
        Assert.All(Enumerable.Range(0, 5100), row => Assert.Equal(expected.GetViewBetween(row, 10_000).FirstOrDefault(-1), set.Next(row)));
        for (int i = 0; i < 500; i++)
        {
            long from = random.Next(5200);
            long to = from + random.Next(400);
            Assert.Equal(expected.Count(row => row >= from && row < to), set.CountIn(from, to));
        }
    }

    [Fact]
    public void Add_ARepeat_CountsOnce()
    {
        var set = new RowSet(10);

        Assert.True(set.Add(3));
        Assert.False(set.Add(3));
        Assert.Equal(1, set.Count);
    }
}
