using System.Diagnostics;
using LaionStream.Host.Tests.Process;
using LaionStream.Host.Tests.Telemetry;

namespace LaionStream.Host.Tests.Live;

/// <summary>A program in a real terminal: a pane of a tmux server of its own.</summary>
internal sealed class TmuxPane : IAsyncDisposable
{
    /// <summary>The environment of a terminal that shows every character.</summary>
    public const string Unicode = "TERM=screen-256color LC_ALL=C.UTF-8";

    /// <summary>One request at a time to pages that do not answer: the demo then lasts some seconds.</summary>
    public static readonly string[] Slow = ["--Laion:Download:Concurrency=1", "--Laion:Log:Level=warning"];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string _server = $"laion-{Guid.NewGuid():N}";

    private TmuxPane()
    {
    }

    /// <summary>Starts the program; its exit code is shown when it has ended.</summary>
    /// <param name="columns">Width of the terminal.</param>
    /// <param name="rows">Its height.</param>
    /// <param name="environment">Variables, as a shell assigns them.</param>
    /// <param name="args">The verb and its options.</param>
    public static async Task<TmuxPane> StartAsync(int columns, int rows, string environment, params string[] args)
    {
        var pane = new TmuxPane();
        string program = $"{HostProcess.ShellProgram} {string.Join(' ', args.Select(arg => $"'{arg}'"))}";
        await pane.TmuxAsync("-f", "/dev/null", "new-session", "-d", "-x", $"{columns}", "-y", $"{rows}",
            $"env DOTNET_TieredPGO=0 {environment} {program}; echo EXIT $?; sleep 300");
        return pane;
    }

    /// <summary>The lines on the screen.</summary>
    public async Task<string[]> LinesAsync() => [.. (await TmuxAsync("capture-pane", "-p")).Split('\n').Select(line => line.TrimEnd())];

    /// <summary>A value of the pane, such as <c>cursor_flag</c>.</summary>
    public async Task<string> ValueAsync(string name) => (await TmuxAsync("display-message", "-p", $"#{{{name}}}")).Trim();

    /// <summary>Presses keys.</summary>
    public Task PressAsync(string keys) => TmuxAsync("send-keys", keys);

    /// <summary>Changes the size of the terminal.</summary>
    public Task ResizeAsync(int columns, int rows) => TmuxAsync("resize-window", "-x", $"{columns}", "-y", $"{rows}");

    /// <summary>Waits until the screen is as wanted, and returns it.</summary>
    public async Task<string[]> UntilAsync(Func<string[], bool> isSo)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            string[] lines = await LinesAsync();
            if (isSo(lines)) { return lines; }
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, $"The screen never was as wanted, but:\n{string.Join('\n', lines)}");
            await Task.Delay(100);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await TmuxAsync("kill-server");

    private async Task<string> TmuxAsync(params string[] args) => (await Tool.RunAsync("tmux", "", ["-u", "-L", _server, .. args])).Output;
}
