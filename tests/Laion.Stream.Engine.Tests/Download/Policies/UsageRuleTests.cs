using System.Text;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Download.Policies;

namespace LaionStream.Engine.Tests.Download.Policies;

/// <summary>Rules of robots.txt about use: Content-Usage (draft-ietf-aipref-attach-05) and Content-Signal (contentsignals.org).</summary>
public sealed class UsageRuleTests
{
    // The draft's example.
    private const string Draft =
        """
        User-Agent: *
        Allow: /
        Disallow: /never/
        Content-Usage: train-ai=n
        Content-Usage: /ai-ok/ train-ai=y

        User-Agent: ExampleBot
        Allow: /
        Content-Usage: train-ai=y
        """;

    [Theory]
    [InlineData("OurBot", "/test", "robots_content_usage")]
    [InlineData("OurBot", "/ai-ok/test", "")]
    [InlineData("ExampleBot", "/test", "")]
    public void Objections_DraftsExample_AreAsInItsTable(string agent, string path, string expected) => Assert.Equal(expected, Find(Draft, path, agent));

    [Fact]
    public void Objections_PathThatIsDisallowed_NamesTheDisallowFirst() => Assert.StartsWith("robots_disallow", Find(Draft, "/never/test"), StringComparison.Ordinal);

    [Theory]
    [InlineData("Content-Usage: train-ai=n", "robots_content_usage")]
    [InlineData("content-usage :train-ai=n", "robots_content_usage")]
    [InlineData("  CONTENT-USAGE\t:\t train-ai=n # not for training", "robots_content_usage")]
    [InlineData("Content-Usage: train-ai=y", "")]
    [InlineData("Content-Usage: search=n", "")]
    [InlineData("Content-Usage: bots=n", "robots_content_usage")]
    [InlineData("Content-Usage: train-ai=n,", "")] // no dictionary
    [InlineData("Content-Usage: train-ai=N", "")]
    [InlineData("Content-Usage:", "")]
    [InlineData("Content-Usage: /", "")]
    [InlineData("Content-Usage: / train-ai=n", "robots_content_usage")]
    [InlineData("Content-Usage: /a train-ai=n", "robots_content_usage")]
    [InlineData("Content-Usage: /A train-ai=n", "")]
    [InlineData("Content-Usage: /b train-ai=n", "")]
    [InlineData("Content-Usage: /*.jpg$\ttrain-ai=n", "robots_content_usage")]
    [InlineData("Content-Usage: /*.png$ train-ai=n", "")]
    [InlineData("Content-Usage: /%61 train-ai=n", "robots_content_usage")]
    [InlineData("Content-Usage train-ai=n", "")] // without a colon it is no rule
    [InlineData("Content-Usages: train-ai=n", "")]
    [InlineData("Content-Usage: train-ai=n\nContent-Usage: /a train-ai=y", "")] // the longest match
    [InlineData("Content-Usage: /a train-ai=y\nContent-Usage: /a/x train-ai=n", "robots_content_usage")]
    [InlineData("Content-Usage: /a train-ai=y\nContent-Usage: /a train-ai=n", "robots_content_usage")] // both apply to the same path
    [InlineData("Content-Usage: train-ai=n\nContent-Usage: /a search=y", "")] // the longest match says nothing about training
    [InlineData("Content-Usage: train-ai=n\nContent-Usage: /a train-ai=y,", "robots_content_usage")] // the longest is no statement
    public void Objections_ContentUsage_ByLine(string lines, string expected) => Assert.Equal(expected, Find("User-agent: *\n" + lines, "/a/x.jpg"));

    [Theory]
    [InlineData("Content-Signal: ai-train=no", "robots_content_signal")]
    [InlineData("Content-signal: search=yes,ai-train=no", "robots_content_signal")]
    [InlineData("CONTENT-SIGNAL: AI-Train = No", "robots_content_signal")]
    [InlineData("Content-Signal: ai-train=yes", "")]
    [InlineData("Content-Signal: search=no, ai-input=no", "")]
    [InlineData("Content-Signal: ai-train=n", "")]
    [InlineData("Content-Signal: ai-train", "")]
    [InlineData("Content-Signal: use=reference, ai-train=no", "robots_content_signal")]
    [InlineData("Content-Signal: /a ai-train=no", "robots_content_signal")]
    [InlineData("Content-Signal: /b ai-train=no", "")]
    [InlineData("Content-Signal: ai-train=no\nContent-Signal: /a/ ai-train=yes", "")]
    [InlineData("Content-Signal: ai-train=yes, ai-train=no", "robots_content_signal")]
    public void Objections_ContentSignal_ByLine(string lines, string expected) => Assert.Equal(expected, Find("User-agent: *\n" + lines, "/a/x.jpg"));

    [Theory]
    [InlineData("User-agent: other\nContent-Usage: train-ai=n\nContent-Signal: ai-train=no", "")]
    [InlineData("User-agent: ourbot\nUser-agent: other\nContent-Usage: train-ai=n", "robots_content_usage")]
    [InlineData("User-agent: *\nContent-Usage: train-ai=n\nUser-agent: ourbot\nAllow: /", "")] // our own group counts alone
    [InlineData("Content-Usage: train-ai=n\nUser-agent: *\nAllow: /", "")] // in no group
    [InlineData("User-agent: a\nContent-Usage: train-ai=n\nUser-agent: ourbot\nAllow: /", "")] // a rule ends the names of its group
    [InlineData("User-agent: *\nContent-Signal: ai-train=no\nUser-agent: ourbot\nContent-Usage: train-ai=y", "")]
    [InlineData("User-agent: *\nDisallow: /x\nUser-agent: *\nContent-Signal: ai-train=no", "robots_content_signal")] // groups of one name are one
    public void Objections_Groups_AreThoseOfOurAgent(string file, string expected) => Assert.Equal(expected, Find(file, "/a/x.jpg"));

    [Fact]
    public void IsAllowed_FileWithUsageRules_IsAsWithoutThem()
    {
        RobotsFile file = RobotsFile.Parse(Encoding.UTF8.GetBytes("User-agent: *\nDisallow: /a\nContent-Usage: /b train-ai=n\nContent-Signal: ai-train=no\nAllow: /a/b"));

        Assert.False(file.IsAllowed("x", "/a"));
        Assert.True(file.IsAllowed("x", "/a/b"));
        Assert.True(file.IsAllowed("x", "/b"));
        Assert.True(file.Weight > RobotsFile.Parse("User-agent: *\nDisallow: /a\nAllow: /a/b"u8).Weight);
    }

    private static string Find(string file, string path, string agent = "OurBot") =>
        string.Join(' ', RobotsFile.Parse(Encoding.UTF8.GetBytes(file)).Objections(agent, path).All.Select(signal => signal.Name()));
}
