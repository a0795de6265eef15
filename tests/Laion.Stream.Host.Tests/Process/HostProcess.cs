using System.Diagnostics;

namespace LaionStream.Host.Tests.Process;

/// <summary>The executable as an operator runs it.</summary>
internal sealed class HostProcess : IDisposable
{
    /// <summary>
    /// Gives a program the signals that it would have in a terminal: tests in the background of a script, or under nohup, are started with some of them ignored, and
    /// what they start inherits that.
    /// </summary>
    private static readonly string[] Launcher = HasDefaultSignals() ? ["env", "--default-signal=INT,HUP"] : [];

    private static readonly string[] Tests = ["dotnet", Path.Combine(AppContext.BaseDirectory, "Laion.Stream.Host.Tests.dll")];

    private readonly System.Diagnostics.Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private HostProcess(System.Diagnostics.Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>
    /// How the program is started: by <c>dotnet</c> as the build leaves it, or as <c>TESTED_PROGRAM</c> names it, such as the program that was compiled to native code.
    /// </summary>
    public static string[] Program { get; } = Environment.GetEnvironmentVariable("TESTED_PROGRAM") is { Length: > 0 } named
        ? [named]
        : ["dotnet", Path.Combine(AppContext.BaseDirectory, "laion-stream.dll")];

    /// <summary>The same as words of a shell.</summary>
    public static string ShellProgram => string.Join(' ', Program.Select(part => $"'{part}'"));

    public static HostProcess Start(params string[] args) => Start(Program, args, default);

    /// <summary>A copy of the executable in another folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="args">The verb and its options.</param>
    public static HostProcess StartCopy(string folder, params string[] args) => Start(["dotnet", Path.Combine(folder, "laion-stream.dll")], args, default);

    /// <summary>The same with stages that never return for marked rows (<see cref="StuckHost"/>).</summary>
    public static HostProcess StartStuck(string verb, IReadOnlyDictionary<string, string?> settings, (string Name, string Value) variable = default) =>
        Start(Tests, [verb, .. Keys(settings)], variable);

    /// <summary>The same under a supervisor that starts it again.</summary>
    public static HostProcess StartSupervised(int restarts, string verb, IReadOnlyDictionary<string, string?> settings) =>
        Start(Tests, ["--supervise", restarts.ToString(System.Globalization.CultureInfo.InvariantCulture), verb, .. Keys(settings)], default);

    /// <summary>With one environment variable more.</summary>
    public static HostProcess StartWith((string Name, string Value) variable, params string[] args) => Start(Program, args, variable);

    private static HostProcess Start(string[] program, string[] args, (string Name, string Value) variable)
    {
        string[] command = [.. Launcher, .. program, .. args];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["DOTNET_TieredPGO"] = "0"; // many short processes: no time to benefit from a profile
        if (variable.Name is not null) { start.Environment[variable.Name] = variable.Value; }
        return new HostProcess(System.Diagnostics.Process.Start(start)!);
    }

    /// <summary>With a limit on open files and sockets.</summary>
    /// <param name="soft">The soft limit.</param>
    /// <param name="hard">The hard limit.</param>
    /// <param name="args">The verb and its options.</param>
    public static HostProcess StartLimited(int soft, int hard, params string[] args) => StartIn($"ulimit -Sn {soft} && ulimit -Hn {hard}", args);

    /// <summary>In a shell that runs a command first and then becomes the program.</summary>
    /// <param name="prepare">The command, such as <c>ulimit -f 16</c>.</param>
    /// <param name="args">The verb and its options.</param>
    public static HostProcess StartIn(string prepare, params string[] args)
    {
        var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (string arg in (string[])["-c", $"{prepare} && exec \"$@\"", "bash", .. Program, .. args]) { start.ArgumentList.Add(arg); }

        start.Environment["DOTNET_TieredPGO"] = "0";
        return new HostProcess(System.Diagnostics.Process.Start(start)!);
    }

    public static string[] Keys(IReadOnlyDictionary<string, string?> settings) => [.. settings.Select(pair => $"--{pair.Key}={pair.Value}")];

    private static bool HasDefaultSignals()
    {
        var start = new ProcessStartInfo("env", ["--default-signal=INT,HUP", "true"]) { RedirectStandardError = true };
        using System.Diagnostics.Process probe = System.Diagnostics.Process.Start(start)!;
        probe.WaitForExit();
        return probe.ExitCode == 0;
    }

    public bool HasExited => _process.HasExited;

    public int Id => _process.Id;

    /// <summary>Its open files and sockets; 0 when it has ended.</summary>
    public int Handles
    {
        get
        {
            try
            {
                return Directory.EnumerateFileSystemEntries($"/proc/{_process.Id}/fd").Count();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return 0;
            }
        }
    }

    /// <summary>Changes the soft limit on its open files and sockets.</summary>
    public async Task SetLimitAsync(int soft)
    {
        using System.Diagnostics.Process change =
            System.Diagnostics.Process.Start("prlimit",
            ["--pid", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), $"--nofile={soft}:"]);
        await change.WaitForExitAsync();
    }

    /// <summary>Waits until something holds, for a minute at most; fails when the process ends before.</summary>
    public async Task UntilAsync(Func<bool> isSo)
    {
        long start = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            if (HasExited) { Assert.Fail($"The process ended: {await EndAsync()}"); }
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromMinutes(1), "nothing happened for a minute");
            await Task.Delay(20);
        }
    }

    public async Task SignalAsync(string signal)
    {
        using System.Diagnostics.Process kill =
            System.Diagnostics.Process.Start("kill", ["-s", signal, _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Peak physical memory of the process in bytes, as Linux counts it (VmHWM); known once <see cref="EndAsync"/> has returned.</summary>
    public long PeakBytes { get; private set; }

    public async Task<(int Code, string Output, string Error)> EndAsync(TimeSpan? limit = null)
    {
        await WatchAsync().WaitAsync(limit ?? TimeSpan.FromMinutes(3));
        return (_process.ExitCode, await _output, await _error);
    }

    // An ended process has no memory to read: its high-water mark is read as long as it runs.
    private async Task WatchAsync()
    {
        Task ended = _process.WaitForExitAsync();
        while (!ended.IsCompleted)
        {
            PeakBytes = Math.Max(PeakBytes, ReadPeak());
            await Task.WhenAny(ended, Task.Delay(100));
        }

        await ended;
    }

    private long ReadPeak()
    {
        try
        {
            string? line = File.ReadLines($"/proc/{_process.Id}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line.AsSpan()[6..^2], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // it ended this moment
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited) { _process.Kill(); }
        _process.Dispose();
    }
}
