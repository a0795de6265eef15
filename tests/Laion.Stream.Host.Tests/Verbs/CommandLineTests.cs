using System.CommandLine;

namespace LaionStream.Host.Tests.Verbs;

/// <summary>Which verbs are built for a command line.</summary>
public sealed class CommandLineTests
{
    private static readonly Dictionary<string, string?> Settings = [];

    [Fact]
    public void Build_NameOfAVerb_BuildsThatOneAlone()
    {
        string[] all = [.. Verbs()];
        Assert.Contains("run", all);
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.All(all, name => Assert.Equal([name], Verbs(name, "--help")));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("verfy")]
    [InlineData("RUN")]
    [InlineData("[suggest:3]")]
    public void Build_AnotherFirstWord_BuildsAll(string word) => Assert.Equal(Verbs(), Verbs(word, "run"));

    private static IEnumerable<string> Verbs(params string[] words) => CommandLine.Build(words, Settings).Subcommands.Select(verb => verb.Name);
}
