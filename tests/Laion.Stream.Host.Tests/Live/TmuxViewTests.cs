using LaionStream.Host.Tests.Telemetry;

namespace LaionStream.Host.Tests.Live;

/// <summary>The view in a real terminal; skipped where there is no tmux.</summary>
public sealed class TmuxViewTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("laion-tmux-");

    private string Output => Path.Combine(_folder.FullName, "out");

    [SkippableTheory]
    [InlineData(60, 40)]
    [InlineData(80, 24)]
    [InlineData(200, 50)]
    public async Task Demo_InATerminal_ShowsItsNumbersAndLeavesTheScreenClean(int columns, int rows)
    {
        Tool.Need("tmux", "tmux");
        await using TmuxPane pane = await TmuxPane.StartAsync(columns, rows, TmuxPane.Unicode, ["demo", "--output", Output, .. TmuxPane.Slow]);

        string[] lines = await pane.UntilAsync(now => now.Any(line => line.Contains("links/s", StringComparison.Ordinal)));
        Assert.All((string[])["language", "download", "decode", "ok", "kept/s", "MB/s", "pictures/s", "dropped", "▲"],
            part => Assert.Contains(part, string.Join('\n', lines), StringComparison.Ordinal));

        lines = await pane.UntilAsync(now => now.Any(line => line.StartsWith("EXIT ", StringComparison.Ordinal)));
        Assert.True(lines.Contains("EXIT 0"), string.Join('\n', lines));
        Assert.DoesNotContain(lines, line => line.Contains("links/s", StringComparison.Ordinal) || line.Contains('█', StringComparison.Ordinal));
        Assert.Equal(("1", "0"), (await pane.ValueAsync("cursor_flag"), await pane.ValueAsync("alternate_on")));
    }

    [SkippableFact]
    public async Task Demo_TerminalResizedWhileItRuns_ShowsOneViewThatFits()
    {
        Tool.Need("tmux", "tmux");
        await using TmuxPane pane = await TmuxPane.StartAsync(140, 40, TmuxPane.Unicode, ["demo", "--output", Output, .. TmuxPane.Slow]);
        await pane.UntilAsync(now => now.Any(line => line.StartsWith("demo ", StringComparison.Ordinal)));
        foreach ((int columns, int rows) in ((int, int)[])[(70, 30), (180, 20), (61, 40), (100, 25)])
        {
            await pane.ResizeAsync(columns, rows);
            await pane.UntilAsync(now => now.Count(line => line.Contains("language", StringComparison.Ordinal)) == 1
                && now.Count(line => line.StartsWith("demo ", StringComparison.Ordinal)) == 1);
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
