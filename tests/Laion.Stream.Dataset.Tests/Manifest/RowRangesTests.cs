using LaionStream.Dataset.Manifest;

namespace LaionStream.Dataset.Tests.Manifest;

public sealed class RowRangesTests
{
    [Theory]
    [InlineData("", new int[0])]
    [InlineData("0", new[] { 0 })]
    [InlineData("5+2,1", new[] { 5, 6, 7, 9 })]
    [InlineData("0+1,3,0", new[] { 0, 1, 5, 6 })]
    public void Parse_Text_GivesOrdinals(string text, int[] expected) => Assert.Equal(expected, Expand(text));

    [Fact]
    public void Format_RandomOrdinals_ParseRoundTrips()
    {
        var random = new Random(4);
        for (int round = 0; round < 500; round++)
        {
            int[] ordinals = [.. Enumerable.Range(0, random.Next(60)).Select(_ => random.Next(round + 1)).Distinct().Order()];
            Assert.Equal(ordinals, Expand(RowRanges.Format(ordinals)));
        }

        Assert.Equal([int.MaxValue - 1], Expand(RowRanges.Format([int.MaxValue - 1])));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("1,,2")]
    [InlineData("-1")]
    [InlineData("1+")]
    public void Parse_NoRanges_Throws(string text) => Assert.Throws<FormatException>(() => Expand(text));

    private static int[] Expand(string text) => [.. RowRanges.Parse(text).SelectMany(range => Enumerable.Range(range.First, range.Count))];
}
