using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Warc;

namespace LaionStream.Engine.Tests.Inputs.Warc;

/// <summary>Pages that cost a parser far more than their size: each ends soon, and the pages after it are read.</summary>
public sealed class HtmlBombTests
{
    private const string Picture = "<img src=http://a.example/b.jpg alt='a black cat on a mat'>";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2); // the quadratic work that must not be done takes far longer

    // Formatting elements that are open when their block ends are opened again in each later block: 2,000 × 3,000 elements, gigabytes.
    [Theory]
    [InlineData("i", "<p>x")]
    [InlineData("font", "<li>x")]
    [InlineData("a", "<p>x")] // a second one closes the first
    [InlineData("nobr", "<dd>x")]
    public async Task ReadAsync_FormattingThatIsOpenedAgainInEachBlock_CostsThatPageAtMost(string element, string block)
    {
        string opening = string.Concat(Enumerable.Range(0, 2000).Select(i => $"<{element} x={i}>"));
        string page = block[..^1] + opening + string.Concat(Enumerable.Repeat(block, 3000)) + Picture;

        (List<LinkOutcome> outcomes, InputHealth health) = await WarcFixture.ReadAsync([.. WarcFixture.Page(page), .. WarcFixture.Page(Picture)])
            .WaitAsync(Patience);

        Assert.Equal(2, outcomes.Count + health.BadRecords);
        Assert.True(element is "a" or "nobr" || health.BadRecords == 1);
    }

    [Theory]
    [InlineData("<p>")]
    [InlineData("<img>")]
    [InlineData("<b></b>")]
    [InlineData("<p a b c d e f g h i j>")]
    [InlineData("<table><tr><td>")]
    [InlineData("<br>x")]
    [InlineData("&amp;<i>x</i>")]
    [InlineData("<svg></svg>")]
    [InlineData("<input>")]
    [InlineData("<!---->")]
    public async Task ReadAsync_PageOfOneTag_IsRead(string tag)
    {
        string page = Picture + string.Concat(Enumerable.Repeat(tag, 60_000 / tag.Length));

        (List<LinkOutcome> outcomes, InputHealth health) = await WarcFixture.ReadAsync(WarcFixture.Page(page)).WaitAsync(Patience);

        Assert.Equal(0, health.BadRecords);
        Assert.NotNull(outcomes[0].Candidate);
    }

    // To find a node's next sibling the library searches all of them: 200,000 in a row took minutes.
    [Theory]
    [InlineData("<p>")]
    [InlineData("<b></b>")]
    [InlineData("<br>")]
    [InlineData("<i>x</i>")]
    [InlineData("<img>")]
    public async Task Parse_LongRowOfOneTag_TakesItsTimeOnly(string tag)
    {
        string page = string.Concat(Enumerable.Repeat(tag, 600_000 / tag.Length));

        HtmlPage parsed = await Task.Run(() => new HtmlPageParser("bot", figureCaptions: false).Parse(page, CancellationToken.None)).WaitAsync(Patience);

        Assert.Equal(tag == "<img>" ? 120_000 : 0, parsed.Images.Count);
    }

    [Theory]
    [InlineData("<picture>", "<source srcset=a.jpg>", "<img src=b.jpg>")]
    [InlineData("<figure><figcaption>", "a long caption ", "<img src=b.jpg>")]
    public async Task ReadAsync_ManyPicturesThatShareMuch_IsNotQuadratic(string start, string shared, string picture)
    {
        string end = start.Contains("figcaption", StringComparison.Ordinal) ? "</figcaption>" : "";
        string page = start + string.Concat(Enumerable.Repeat(shared, 30_000)) + end + string.Concat(Enumerable.Repeat(picture, 30_000));

        (List<LinkOutcome> outcomes, InputHealth health) = await WarcFixture.ReadAsync(WarcFixture.Page(page), new CandidateOptions { FigureCaptions = true })
            .WaitAsync(Patience);

        Assert.Equal((30_000, 0), (outcomes.Count, health.BadRecords));
    }

    [Fact]
    public void Parse_Stopped_Ends()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        Assert.Throws<OperationCanceledException>(() => new HtmlPageParser("bot", figureCaptions: false).Parse("<p>x</p>", stop.Token));
    }
}
