using System.Diagnostics;

namespace LaionStream.Explorer.Tests.Page;

/// <summary>Deque's checker of accessibility, from the registry for npm: never part of this repository.</summary>
internal static class AxeScript
{
    private static readonly Lazy<Task<string?>> Script = new(FetchAsync);

    /// <summary>The script; null where it cannot be had.</summary>
    public static Task<string?> ReadAsync() => Script.Value;

    private static async Task<string?> FetchAsync()
    {
        string folder = Directory.CreateTempSubdirectory("axe").FullName;
        try
        {
            if (!await RunAsync("npm", "pack axe-core@4 --silent", folder)) { return null; }
            string packed = Directory.EnumerateFiles(folder, "*.tgz").Single();
            if (!await RunAsync("tar", $"-xzf {Path.GetFileName(packed)} package/axe.min.js", folder)) { return null; }
            return await File.ReadAllTextAsync(Path.Combine(folder, "package", "axe.min.js"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<bool> RunAsync(string program, string arguments, string folder)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(45));
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
            try
            {
                await process.WaitForExitAsync(deadline.Token);
                return process.ExitCode == 0;
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                return false;
            }
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // the program is not installed
        }
    }
}
