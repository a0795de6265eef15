using LaionStream.Report.Reading;

namespace LaionStream.Report.Tests;

public sealed class RowFactsTests
{
    [Fact]
    public void Add_Rows_CountsLanguagesLicencesHostsAndShorterSides()
    {
        RowFacts rows = ReportPageTests.MadeOutput().Rows;

        Assert.Equal([("de", 1L), ("en", 1L)], rows.Top("language", 9));
        Assert.Equal([("CC", 1L), ("none found", 1L)], rows.Top("licence", 9));
        Assert.Equal([("a.example", 1L), ("b.example", 1L)], rows.Top("domain", 9));
        Assert.Equal([("below 128", 1L), ("256 to 511", 1L)], rows.ShorterSides.Where(side => side.Rows > 0));
    }

    [Theory]
    [InlineData("https://a.example/x?y#z", "a.example")]
    [InlineData("https://user:word@a.example:8080", "a.example")]
    [InlineData("http://a.example?x@y", "a.example")]
    [InlineData("http://[2001:db8::1]:81/x", "[2001:db8::1]")]
    [InlineData("http://[2001:db8::1]/x", "[2001:db8::1]")]
    [InlineData("file:///home/x.jpg", "")]
    [InlineData("no address", "?")]
    public void Add_Address_CountsItsHost(string url, string host)
    {
        var rows = new RowFacts();

        rows.Add([new("URL", url)]);

        Assert.Equal([(host, 1L)], rows.Top("domain", 9));
    }

    [Fact]
    public void Add_MoreNamesThanAreKept_CountsTheOthersTogether()
    {
        var rows = new RowFacts();

        for (int i = 0; i < 100_010; i++) { rows.Add([new("URL", $"https://host{i}.example/")]); }
        rows.Add([new("URL", "https://host1.example/")]);

        Assert.Equal([("others", 10L), ("host1.example", 2L)], rows.Top("domain", 2));
    }

    [Theory]
    [InlineData(new[] { 0f, 0.049f, 0.05f, 1f }, 0.05, 0.0, new long[] { 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 })]
    [InlineData(new[] { -0.3f, 0.1f, 1.2f }, 0.25, -0.5, new long[] { 1, 0, 1, 0, 0, 0, 1 })]
    [InlineData(new float[0], 0.05, 0.0, new long[0])]
    public void Bins_OfScores_AreWithoutGaps(float[] values, double width, double from, long[] expected)
    {
        var score = new ScoreFacts();
        foreach (float value in values) { score.Add(value); }

        Assert.Equal(width, score.Width);
        Assert.Equal(expected, score.Bins().Select(bin => bin.Rows));
        if (expected.Length > 0) { Assert.Equal(from, score.Bins()[0].From); }
    }
}
