using System.Text.Json;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Tests.Download.Golden;

namespace LaionStream.Engine.Tests.Download.Fetching;

public sealed class OptOutHeadersTests
{
    [Fact]
    public void IsAllowed_GoldenHeaders_NoneWrong()
    {
        IReadOnlyList<JsonElement> rows = GoldenRows.Of("x-robots-tag.jsonl");
        Assert.Equal(69, rows.Count);
        Assert.Empty(rows.Where(row => IsAllowed(row) != (row.GetProperty("verdict").GetString() == "allow")).Select(row => row.ToString()));
    }

    [Theory]
    [InlineData("*: noai", false)]
    [InlineData("unavailable_after: 25 Jun 2099, 15:00:00 PST, noai", false)]
    [InlineData("360spider: noai", true)]
    [InlineData("otherbot: nofollow, *: noindex", false)]
    public void IsAllowed_ScopesBeyondTheGoldens_AreRead(string value, bool allowed) =>
        Assert.Equal(allowed, OptOutHeaders.IsAllowed([("X-Robots-Tag", value)], "LaionStream"));

    [Fact]
    public void IsAllowed_ConfiguredWords_ReplaceTheDefaults()
    {
        string[] words = ["noarchive"];
        Assert.False(OptOutHeaders.IsAllowed([("X-Robots-Tag", "noarchive")], "LaionStream", words));
        Assert.True(OptOutHeaders.IsAllowed([("X-Robots-Tag", "noai")], "LaionStream", words));
    }

    private static bool IsAllowed(JsonElement row) => OptOutHeaders.IsAllowed(
        row.GetProperty("headers").EnumerateArray().Select(header => (header[0].GetString()!, header[1].GetString()!)), row.GetProperty("agent").GetString()!);
}
