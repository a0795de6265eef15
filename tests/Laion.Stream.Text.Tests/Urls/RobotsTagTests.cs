using LaionStream.Text.Urls;

namespace LaionStream.Text.Tests.Urls;

public sealed class RobotsTagTests
{
    private static readonly string[] Words = ["noai", "noimageai", "noindex", "noimageindex", "none"];

    [Theory]
    [InlineData("noindex noimageindex", true)]
    [InlineData("noai; noimageai", true)]
    [InlineData("follow;noai", true)]
    [InlineData("all\tNoAI", true)]
    [InlineData("\"noai\"", true)]
    [InlineData("'noai', 'noimageai'", true)]
    [InlineData("\"nofollow, noai\"", true)]
    [InlineData("agent/1.0: noai", true)]
    [InlineData("Agent/2.3 : nofollow noai", true)]
    [InlineData("\"agent\": noai", true)]
    [InlineData("other/1.0: noai", false)]
    [InlineData("otherbot: nofollow noai", false)]
    [InlineData("otherbot: noai; noindex", false)]
    [InlineData("nofollow otherbot: noai", false)]
    [InlineData("noai otherbot: nofollow", true)]
    [InlineData("otherbot: noai, agent: noai", true)]
    [InlineData("otherbot: noai, agent: nofollow", false)]
    [InlineData("max-snippet:-1 noai", true)]
    [InlineData("max-snippet: -1; max-image-preview: large; noai", true)]
    [InlineData("unavailable_after: 25 Jun 2099 15:00:00 PST noai", true)]
    [InlineData("unavailable_after: 25 Jun 2099 15:00:00 PST; noai", true)]
    [InlineData("unavailable_after: 2099-06-25T15:00:00Z, noai", true)]
    [InlineData("unavailable_after: 25 Jun 2099 15:00:00 PST", false)]
    [InlineData("otherbot: unavailable_after: 25 Jun 2099 15:00:00 PST, noai", false)]
    [InlineData("xnoai, noaix, no ai, no-ai", false)]
    [InlineData("noai|noimageai", true)]
    [InlineData("index/noai", true)]
    [InlineData("[noai]", true)]
    [InlineData("(noindex)", true)]
    [InlineData("noai.", true)]
    [InlineData("\\\"noai, noimageai\\\"", true)] // backslashes that a server's configuration left
    [InlineData("&quot;noai&quot;", true)]
    [InlineData("all\u00a0noai", true)]
    [InlineData("\u201cnoai\u201d", true)]
    [InlineData("\u00e2\u0080\u009cnoai\u00e2\u0080\u009d", true)] // the same in UTF-8, read as Latin-1
    [InlineData("`noai`", true)]
    [InlineData("noai: true", true)]
    [InlineData("NoIndex:", true)]
    [InlineData("otherbot: noai: true", false)]
    [InlineData("X-Robots-Tag: noai", true)] // the name in the value too
    [InlineData("x-robots-tag: otherbot: noai", false)]
    [InlineData("[agent]: noai", true)]
    [InlineData("<otherbot>: noai", false)]
    [InlineData("otherbot:\u00a0noai", false)]
    [InlineData("all\u00a0otherbot: noai", false)]
    [InlineData("max-image-preview=none", false)]
    [InlineData("all, noarchive, notranslate, indexifembedded", false)]
    [InlineData("max-image-preview:none", false)]
    [InlineData(":", false)]
    [InlineData(": noai", false)]
    [InlineData("", false)]
    [InlineData(" ;, ;\"\"", false)]
    public void Says_HoweverItIsTyped_IsReadAsMeant(string value, bool expected) => Assert.Equal(expected, RobotsTag.Says(value, "agent", Words));

    [Fact]
    public void Says_AgentNamedLikeAWord_IsTheAgent()
    {
        Assert.True(RobotsTag.Says("noai: nofollow, noindex", "noai", Words));
        Assert.False(RobotsTag.Says("noai: nofollow", "noai", Words));
    }

    [Fact]
    public void Says_LongValue_TakesLinearTime()
    {
        string value = string.Concat(Enumerable.Repeat("a: b ", 200_000));
        long start = TimeProvider.System.GetTimestamp();

        Assert.False(RobotsTag.Says(value, "agent", Words));
        Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(20));
    }
}
