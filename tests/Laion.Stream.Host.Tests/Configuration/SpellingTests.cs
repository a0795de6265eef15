using System.Collections;
using LaionStream.Host.Configuration;

namespace LaionStream.Host.Tests.Configuration;

public sealed class SpellingTests
{
    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("run", "rnu", 1)]
    [InlineData("retry", "retyr", 1)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("same", "same", 0)]
    public void Slips_CountsEachOnce(string a, string b, int expected)
    {
        Assert.Equal(expected, Spelling.Slips(a, b));
        Assert.Equal(expected, Spelling.Slips(b, a));
    }

    [Theory]
    [InlineData("Concurency", "Concurrency")]
    [InlineData("concurrency", "Concurrency")]
    [InlineData("Timeot", "Timeout")]
    [InlineData("Time", null)] // contained in a known word, but not a misspelling of it
    [InlineData("Zebra", null)]
    [InlineData("xx", null)]
    public void Nearest_BySlips_OrNothing(string word, string? expected) =>
        Assert.Equal(expected, Spelling.Nearest(word, ["Queue", "Concurrency", "Timeout", "ConnectTimeout"]));

    [Theory]
    [InlineData("LAION_Download__Timeout", "LAION__Download__Timeout")]
    [InlineData("LAION_DOWNLOAD_TIMEOUT", "LAION__Download__Timeout")]
    [InlineData("LAOIN__Download__Timeout", "LAION__Download__Timeout")]
    [InlineData("LAION_HOME", null)]
    public void Variables_ThatLookLikeOurs_AreSaid(string name, string? meant)
    {
        string line = Assert.Single(
            StrangeVariables.Find(new Hashtable { [name] = "1", ["PATH"] = "/bin", ["LAION__Download__Timeout"] = "00:00:20", ["HOME__X"] = "1" }));

        Assert.StartsWith(name + ":", line, StringComparison.Ordinal);
        if (meant is not null) { Assert.EndsWith($"did you mean {meant}?", line, StringComparison.Ordinal); }
        else { Assert.DoesNotContain("did you mean", line, StringComparison.Ordinal); }
    }
}
