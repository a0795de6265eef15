using LaionStream.Engine.Ledger.Verify;
using LaionStream.Host.Hosting;
using LaionStream.Host.Tests.Process;
using LaionStream.Host.Verbs;

namespace LaionStream.Host.Tests.Verbs;

/// <summary><c>remove</c> as an operator calls it; what it does is tried in <c>OutputRemovalTests</c>.</summary>
public sealed class RemoveVerbTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("laion-remove-verb-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Line_OfTextsOfTheWeb_HasNothingThatATerminalObeys()
    {
        string text = "a\u001b]0;title\u0007\tb\r\nc" + new string('x', 63) + "\U0001F600 and more"; // the 80th unit is half of a character

        string line = LikePictures.Line(0.9876f, -5, "https://a.example/\u009b31m", text);

        Assert.Equal("0.988  -5  https://a.example/\uFFFD31m  a\uFFFD]0;title\uFFFD b c" + new string('x', 63) + "…", line);
    }

    [Theory]
    [InlineData(0, "0 rows")]
    [InlineData(1, "1 row")]
    [InlineData(2, "2 rows")]
    public void Of_ACount_HasTheNumberOfTheWord(long count, string said) => Assert.Equal(said, RemoveVerb.Of(count, "row"));

    [Theory]
    [InlineData("no output folder", "--hash", "{list}")]
    [InlineData("Name a list")]
    [InlineData("line 1: this is no absolute address", "--url", "{list}")]
    [InlineData("nowhere.txt", "--md5", "{folder}/nowhere.txt")]
    [InlineData("Name a list", "--domain", "{empty}")]
    public async Task Remove_WhatCannotBeDone_IsExitTwoWithItsReason(string reason, params string[] args)
    {
        string list = Path.Combine(_folder.FullName, "list.txt");
        string empty = Path.Combine(_folder.FullName, "empty.txt");
        await File.WriteAllTextAsync(list, "12345\n");
        await File.WriteAllTextAsync(empty, "# nothing yet\n");
        using HostProcess process = HostProcess.Start(["remove", _folder.FullName, .. args.Select(arg => arg.Replace("{list}", list, StringComparison.Ordinal)
            .Replace("{empty}", empty, StringComparison.Ordinal).Replace("{folder}", _folder.FullName, StringComparison.Ordinal))]);

        (int code, string text, string error) = await process.EndAsync();

        Assert.Equal((ExitCode.Usage, ""), (code, text));
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.Equal(2, _folder.EnumerateFileSystemInfos().Count());
    }

    /// <summary>Both tell a run's output from what was made of outputs by one rule: to take rows from the files alone would leave them in the ledger.</summary>
    [Theory]
    [InlineData("inputs.txt")]
    [InlineData("ledger-000001.log")]
    public async Task Remove_OutputThatLostItsSettings_IsNoMadeFolder(string left)
    {
        string state = _folder.CreateSubdirectory("state").FullName;
        await File.WriteAllTextAsync(Path.Combine(state, "manifest.jsonl"), "");
        await File.WriteAllTextAsync(Path.Combine(state, left), "");
        string list = Path.Combine(_folder.FullName, "list.txt");
        await File.WriteAllTextAsync(list, "12345\n");
        using HostProcess process = HostProcess.Start("remove", _folder.FullName, "--hash", list);

        (int code, _, string error) = await process.EndAsync();

        Assert.True(code == ExitCode.Usage, error);
        Assert.Contains("state/run.json is missing", error, StringComparison.Ordinal);
        Assert.False((await new RunVerifier(_folder.FullName).VerifyAsync(default)).IsDerived);
    }
}
