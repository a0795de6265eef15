using LaionStream.Host.Tests.Telemetry;

namespace LaionStream.Host.Tests.Live;

/// <summary>What a real terminal and the run do to each other; skipped where there is no tmux.</summary>
public sealed class TmuxTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("laion-tmux-");

    private string Output => Path.Combine(_folder.FullName, "out");

    [SkippableFact]
    public async Task Demo_CtrlC_DrainsAndLeavesAUsableTerminal()
    {
        Tool.Need("tmux", "tmux");
        await using TmuxPane pane = await TmuxPane.StartAsync(100, 40, TmuxPane.Unicode, ["demo", "--output", Output, .. TmuxPane.Slow]);
        await pane.UntilAsync(now => now.Any(line => line.Contains("language", StringComparison.Ordinal)));

        await pane.PressAsync("C-c");

        string[] lines = await pane.UntilAsync(now => now.Any(line => line.StartsWith("EXIT ", StringComparison.Ordinal)));
        Assert.DoesNotContain(lines, line => line.Contains("stopping:", StringComparison.Ordinal)); // the view is gone
        Assert.Equal("1", await pane.ValueAsync("cursor_flag"));
    }

    [SkippableFact]
    public async Task Demo_TerminalThatStopsReading_DoesNotHoldUpTheRun()
    {
        Tool.Need("tmux", "tmux");
        await using TmuxPane pane = await TmuxPane.StartAsync(100, 40, TmuxPane.Unicode, ["demo", "--output", Output, .. TmuxPane.Slow]);
        await pane.UntilAsync(now => now.Any(line => line.Contains("language", StringComparison.Ordinal)));

        await pane.PressAsync("C-s");
        await pane.UntilAsync(_ => File.Exists(Path.Combine(Output, "summary.json"))
            && File.ReadAllText(Path.Combine(Output, "summary.json")).Contains("\"done\"", StringComparison.Ordinal));
        await pane.PressAsync("C-q");

        Assert.Contains("EXIT 0", await pane.UntilAsync(now => now.Any(line => line.StartsWith("EXIT ", StringComparison.Ordinal))));
    }

    [SkippableTheory]
    [InlineData("TERM=dumb LC_ALL=C.UTF-8", false)]
    [InlineData("TERM=screen-256color LC_ALL=C.UTF-8", true)]
    public async Task Demo_DumbTerminalOrPlain_WritesLines(string environment, bool isPlain)
    {
        Tool.Need("tmux", "tmux");
        string[] plain = isPlain ? ["--plain"] : [];
        await using TmuxPane pane = await TmuxPane.StartAsync(170, 50, environment,
            ["demo", "--output", Output, "--Laion:Download:Concurrency=1", "--Laion:Pipeline:SummaryInterval=00:00:01", .. plain]);

        string[] lines = await pane.UntilAsync(now => now.Any(line => line.StartsWith("EXIT ", StringComparison.Ordinal)));

        Assert.True(lines.Contains("EXIT 0"), string.Join('\n', lines));
        Assert.Contains(lines, line => line.Contains(" INF ", StringComparison.Ordinal) && line.Contains(" links/s, ", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains('▲', StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
