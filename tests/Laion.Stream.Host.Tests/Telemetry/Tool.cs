using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace LaionStream.Host.Tests.Telemetry;

/// <summary>Programs that a machine may lack, and the files below <c>ops</c>.</summary>
internal static class Tool
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>Where a program is; null when it is not installed.</summary>
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Skips the test where a program is missing.</summary>
    public static void Need(string name, string package) => Skip.If(Find(name) is null, $"{name} is not installed (Debian's {package})");

    /// <summary>Runs a program with a text on its standard input; gives its exit code and what it printed.</summary>
    public static async Task<(int Code, string Output)> RunAsync(string name, string input, params string[] args)
    {
        var start = new ProcessStartInfo(name, args) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(Limit);
        return (process.ExitCode, await output + await error);
    }

    /// <summary>A file below <c>ops</c>.</summary>
    public static string Ops(params string[] path) => Path.Combine([Root(), "ops", .. path]);

    /// <summary>The root of the working tree.</summary>
    public static string Root([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));
}
