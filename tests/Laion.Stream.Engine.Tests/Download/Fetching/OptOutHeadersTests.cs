using System.Text.Json;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.OptOuts;
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

    [Theory]
    [InlineData("train-ai=n", false)]
    [InlineData("train-ai=y", true)]
    [InlineData("search=n", true)]
    [InlineData("train-ai=n, train-ai=y", true)] // the last of a key counts
    [InlineData("train-ai=n;reason=\"x\", search=y", false)]
    [InlineData("train-ai=n,", true)] // not a dictionary: nothing is said
    [InlineData("Train-AI=n", true)]
    public void Find_ContentUsage_IsReadAsADictionary(string value, bool allowed) =>
        Assert.Equal(allowed ? [] : [OptOutSignal.ContentUsage], Find([("content-usage", value)]).All);

    [Fact]
    public void Find_ContentUsageInSeveralLines_IsOneDictionary()
    {
        Assert.False(Find([("Content-Usage", "search=y"), ("Content-Usage", "train-ai=n")]).IsEmpty);
        Assert.True(Find([("Content-Usage", "train-ai=n"), ("Content-Usage", "train-ai=y")]).IsEmpty);
        Assert.True(Find([("Content-Usage", "train-ai=n"), ("Content-Usage", "=")]).IsEmpty);
    }

    [Theory]
    [InlineData("1", true, OptOutSignal.TdmReservation)]
    [InlineData("1", false, OptOutSignal.TdmReservation)]
    [InlineData("0", true, OptOutSignal.None)] // the header over the file
    [InlineData("0, 1", true, OptOutSignal.TdmReservation)]
    [InlineData("yes", true, OptOutSignal.TdmFile)] // says nothing
    [InlineData("yes", false, OptOutSignal.None)]
    public void Find_TdmReservation_TakesPrecedenceOverTheFile(string header, bool byFile, OptOutSignal signal) =>
        Assert.Equal(signal, Find([("TDM-Reservation", header)], byFile).First);

    [Fact]
    public void Find_SeveralObjections_FindsAll() => Assert.Equal(
        [OptOutSignal.XRobotsTag, OptOutSignal.ContentUsage, OptOutSignal.TdmFile],
        Find([("X-Robots-Tag", "noai"), ("Content-Usage", "train-ai=n"), ("tdm-policy", "https://a.example/")], byFile: true).All);

    [Fact]
    public void IsAllowed_ConfiguredWords_ReplaceTheDefaults()
    {
        string[] words = ["noarchive"];
        Assert.False(OptOutHeaders.IsAllowed([("X-Robots-Tag", "noarchive")], "LaionStream", words));
        Assert.True(OptOutHeaders.IsAllowed([("X-Robots-Tag", "noai")], "LaionStream", words));
    }

    private static OptOutFindings Find((string, string)[] headers, bool byFile = false) =>
        OptOutHeaders.Find(headers, "LaionStream", OptOutHeaders.DefaultWords, byFile);

    private static bool IsAllowed(JsonElement row) => OptOutHeaders.IsAllowed(
        row.GetProperty("headers").EnumerateArray().Select(header => (header[0].GetString()!, header[1].GetString()!)), row.GetProperty("agent").GetString()!);
}
