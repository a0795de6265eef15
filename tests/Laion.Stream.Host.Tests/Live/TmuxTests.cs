using LaionStream.Host.Tests.Telemetry;

namespace LaionStream.Host.Tests.Live;

/// <summary>The view in a real terminal; skipped where there is no tmux.</summary>
public sealed class TmuxTests : IDisposable
{
    private const string Unicode = "TERM=screen-256color LC_ALL=C.UTF-8";

    // One request at a time to pages that do not answer: the demo then lasts some seconds.
    private static readonly string[] Slow = ["--Laion:Download:Concurrency=1", "--Laion:Log:Level=warning"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("laion-tmux-");

    private string Output => Path.Combine(_folder.FullName, "out");

    [SkippableTheory]
    [InlineData(60, 40)]
    [InlineData(80, 24)]
    [InlineData(200, 50)]
    public async Task Demo_InATerminal_ShowsItsNumbersAndLeavesTheScreenClean(int columns, int rows)
    {
        Tool.Need("tmux", "tmux");
        await using TmuxPane pane = await TmuxPane.StartAsync(columns, rows, Unicode, ["demo", "--output", Output, .. Slow]);

        string[] lines = await pane.UntilAsync(now => now.Any(line => line.Contains("links/s", StringComparison.Ordinal)));
        Assert.All((string[])["language", "download", "decode", "ok", "kept/s", "MB/s", "pictures/s", "dropped", "▲"],
            part => Assert.Contains(part, string.Join('\n', lines), StringComparison.Ordinal));

        lines = await pane.UntilAsync(now => now.Any(line => line.StartsWith("EXIT ", StringComparison.Ordinal)));
        Assert.Contains("EXIT 0", lines);
        Assert.DoesNotContain(lines, line => line.Contains("links/s", StringComparison.Ordinal) || line.Contains('█', StringComparison.Ordinal));
        Assert.Equal(("1", "0"), (await pane.ValueAsync("cursor_flag"), await pane.ValueAsync("alternate_on")));
    }

    [SkippableFact]
    public async Task Demo_TerminalResizedWhileItRuns_ShowsOneViewThatFits()
    {
        Tool.Need("tmux", "tmux");
        await using TmuxPane pane = await TmuxPane.StartAsync(140, 40, Unicode, ["demo", "--output", Output, .. Slow]);
        await pane.UntilAsync(now => now.Any(line => line.StartsWith("demo ", StringComparison.Ordinal)));
        foreach ((int columns, int rows) in ((int, int)[])[(70, 30), (180, 20), (61, 40), (100, 25)])
        {
            await pane.ResizeAsync(columns, rows);
            await pane.UntilAsync(now => now.Count(line => line.Contains("language", StringComparison.Ordinal)) == 1
                && now.Count(line => line.StartsWith("demo ", StringComparison.Ordinal)) == 1);
        }
    }

    [SkippableFact]
    public async Task Demo_CtrlC_DrainsAndLeavesAUsableTerminal()
    {
        Tool.Need("tmux", "tmux");
        await using TmuxPane pane = await TmuxPane.StartAsync(100, 40, Unicode, ["demo", "--output", Output, .. Slow]);
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
        await using TmuxPane pane = await TmuxPane.StartAsync(100, 40, Unicode, ["demo", "--output", Output, .. Slow]);
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

        Assert.Contains("EXIT 0", lines);
        Assert.Contains(lines, line => line.Contains(" INF ", StringComparison.Ordinal) && line.Contains(" links/s, ", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains('▲', StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
