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
    [InlineData("robots", "noai\u00a0noimageai", true)]
    [InlineData("robots", "\u201cnoai\u201d", true)]
    [InlineData("robots", "robots: noai", true)]
    [InlineData("robots", "noai|follow", true)]
    [InlineData("robots", "noarchive, no-ai", false)]
    [InlineData("robots, googlebot", "noai", true)]
    [InlineData("googlebot laion-stream/1.0", "noai", true)]
    [InlineData("googlebot, otherbot", "noai", false)]
    [InlineData("norobots", "noai", false)]
    public void IsOptedOut_Meta_IsReadAsMeant(string name, string content, bool optedOut) =>
        Assert.Equal(optedOut, PageOptOut.IsOptedOut(name, content, "laion-stream"));

    [Theory]
    [InlineData("X-Robots-Tag", "noai, noimageai", true)]
    [InlineData(" x-robots-tag ", "laion-stream: noai", true)]
    [InlineData("X-Robots-Tag", "otherbot: noai", false)]
    [InlineData("X-Robots-Tag", "noindex", false)]
    [InlineData("refresh", "noai", false)]
    public void OfHeaderMeta_ElementForAHeader_IsReadAsTheHeader(string header, string content, bool optedOut) =>
        Assert.Equal(!optedOut, PageOptOut.OfHeaderMeta(header, content, "laion-stream").IsEmpty);
}
