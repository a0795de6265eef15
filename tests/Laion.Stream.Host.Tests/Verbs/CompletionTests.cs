using LaionStream.Host.Tests.Process;
using LaionStream.Host.Tests.Telemetry;

namespace LaionStream.Host.Tests.Verbs;

public sealed class CompletionTests
{
    [SkippableTheory]
    [InlineData("laion-stream ru", "run")]
    [InlineData("laion-stream models pu", "pull")]
    [InlineData("laion-stream run --out", "--output")]
    [InlineData("laion-stream completion ", "--help bash fish zsh")]
    public async Task Bash_LineSoFar_IsCompletedAsTheProgramKnows(string line, string expected)
    {
        Tool.Need("bash", "bash");
        (_, string script, _) = await PrintAsync("bash");
        string word = line[(line.LastIndexOf(' ') + 1)..];

        // What bash does at the tab key: the command, the word and the line, then the function.
        (int code, string output) = await Tool.RunAsync("bash", $"""
            laion-stream() {"{"} {HostProcess.ShellProgram} "$@"; {"}"}
            {script}
            COMP_LINE='{line}' COMP_POINT={line.Length}
            _laion_stream laion-stream '{word}'
            printf '%s\n' "${"{"}COMPREPLY[@]{"}"}" | LC_ALL=C sort | paste -sd' '
            """, "-s");

        Assert.Equal((0, expected), (code, output.Trim()));
    }

    [SkippableTheory]
    [InlineData("zsh", "-n")]
    [InlineData("fish", "--no-execute")]
    public async Task OtherShells_Script_IsValid(string shell, string check)
    {
        Tool.Need(shell, shell);
        (_, string script, _) = await PrintAsync(shell);

        (int code, string output) = await Tool.RunAsync(shell, script, check);

        Assert.True(code == 0, output);
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _laion_stream laion-stream")]
    [InlineData("zsh", "compdef _laion_stream laion-stream")]
    [InlineData("fish", "complete -c laion-stream")]
    public async Task Completion_EachShell_PrintsItsScript(string shell, string line)
    {
        (int code, string script, string error) = await PrintAsync(shell);

        Assert.Equal((0, ""), (code, error));
        Assert.Contains(line, script, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Completion_UnknownShell_IsAUsageError()
    {
        (int code, _, string error) = await PrintAsync("tcsh");

        Assert.Equal(2, code);
        Assert.Contains("tcsh", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_Option_NamesTheCommitOfTheBuild()
    {
        using HostProcess version = HostProcess.Start("--version");

        (int code, string output, _) = await version.EndAsync();

        Assert.Equal(0, code);
        Assert.Matches(@"^[0-9]+\.[0-9]+\.[0-9]+(-[a-z0-9.]+)?\+[0-9a-f]{40}\s*$", output);
    }

    private static async Task<(int Code, string Output, string Error)> PrintAsync(string shell)
    {
        using HostProcess completion = HostProcess.Start("completion", shell);
        return await completion.EndAsync();
    }
}
