using LaionStream.Engine.Candidates;

namespace LaionStream.Engine.Tests.Candidates;

public sealed class PageOptOutTests
{
    [Theory]
    [InlineData("robots", "noai", true)]
    [InlineData(" ROBOTS ", "index, NoImageAI", true)]
    [InlineData("laion-stream", "noai", true)]
    [InlineData("robots", "index,follow,noai noimageai", true)]
    [InlineData("robots", "noindex, nofollow", false)]
    [InlineData("robots", "noaix, xnoai", false)]
    [InlineData("googlebot", "noai", false)]
    [InlineData("description", "noai", false)]
    [InlineData("robots", "", false)]
    public void IsOptedOut_Meta_IsReadAsMeant(string name, string content, bool optedOut) =>
        Assert.Equal(optedOut, PageOptOut.IsOptedOut(name, content, "laion-stream"));
}
