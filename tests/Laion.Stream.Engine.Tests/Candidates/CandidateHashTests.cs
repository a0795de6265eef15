using System.Globalization;
using System.Text.Json;
using LaionStream.Engine.Candidates;
using LaionStream.TestWorld;

namespace LaionStream.Engine.Tests.Candidates;

public class CandidateHashTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("foo", null, -2129773440516405919)]
    [InlineData("http://example.com/a.jpg", "a photo of a cat", -7547299190482968243)]
    [InlineData("https://example.com/é.png", "公共の場所 (15)", -2171335333784072347)]
    public void Of_PublishedVectors_AreReproduced(string url, string? text, long expected) => Assert.Equal(expected, CandidateHash.Of(url, text));

    [Fact]
    public void Of_LoneSurrogate_CountsAsReplacementCharacter() => Assert.Equal(CandidateHash.Of("a", "\uFFFD"), CandidateHash.Of("a", "\uD800"));

    [Fact]
    public void Of_LongText_EqualsHashOfItsBytes()
    {
        string text = new('ü', 5000);
        Assert.Equal(CandidateHash.Of(System.Text.Encoding.UTF8.GetBytes("u" + text)), CandidateHash.Of("u", text));
    }

    [SkippableFact]
    public void Of_Golden_AgreesOnEveryRow()
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);
        int rows = 0;
        foreach (string line in File.ReadLines(SharedData.PathOf("data", "golden", "hash.jsonl")))
        {
            using JsonDocument row = JsonDocument.Parse(line);
            long expected = long.Parse(row.RootElement.GetProperty("hash").GetString()!, CultureInfo.InvariantCulture);
            Assert.Equal(expected, CandidateHash.Of(row.RootElement.GetProperty("url").GetString()!, row.RootElement.GetProperty("text").GetString()));
            rows++;
        }

        Assert.Equal(219, rows);
    }
}
