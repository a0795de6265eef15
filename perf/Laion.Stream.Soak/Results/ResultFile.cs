using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using LaionStream.Engine.Run;

namespace LaionStream.Soak.Results;

/// <summary>A result in the repository: <c>perf/results/&lt;processor&gt;/&lt;name&gt;.md</c>, with a description of the machine.</summary>
internal static class ResultFile
{
    private static readonly string[] Libraries = ["Microsoft.ML.OnnxRuntime", "NetVips", "Parquet", "ZstdSharp", "System.Threading.Tasks.Dataflow"];

    /// <summary>Writes the file and prints its path.</summary>
    /// <param name="name">File name without extension.</param>
    /// <param name="title">First line.</param>
    /// <param name="figures">The table.</param>
    /// <param name="more">Lines below it.</param>
    public static void Write(string name, string title, IEnumerable<Figure> figures, string more) =>
        Write(name, title, $"\n{ResultTable.Write(figures)}{(more.Length == 0 ? "" : "\n" + more)}");

    /// <summary>Writes the file and prints its path.</summary>
    /// <param name="name">File name without extension.</param>
    /// <param name="title">First line.</param>
    /// <param name="text">The text after the machine's lines.</param>
    public static void Write(string name, string title, string text)
    {
        string folder = Path.Combine(PerfFolder(), "results", Slug(ProcessorName()));
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, name + ".md");
        File.WriteAllText(path, $"# {title}\n\n{Machine()}\n{text}");
        Console.WriteLine($"written: {Path.GetRelativePath(Environment.CurrentDirectory, path)}");
    }

    /// <summary>What it was measured on: processor, date, commit, runtime, libraries.</summary>
    public static string Machine()
    {
        IEnumerable<string> versions = Libraries.Select(name => (name, Version: VersionOf(name))).Where(pair => pair.Version is not null)
            .Select(pair => $"{pair.name} {pair.Version}");
        return string.Create(CultureInfo.InvariantCulture, $"""
            {TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC · commit {Commit()} · {ProcessorName()}, {Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB · {RuntimeInformation.OSDescription}
            · {RuntimeInformation.FrameworkDescription}, {(System.Runtime.GCSettings.IsServerGC ? "server" : "workstation")} GC, load average {LoadAverage()}
            · {string.Join(", ", versions)}
            """);
    }

    /// <summary>Converts a name to a folder's: lower-case letters and digits, joined by dashes.</summary>
    public static string Slug(string name)
    {
        var slug = new StringBuilder();
        foreach (char c in name.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c)) { slug.Append(c); }
            else if (slug.Length > 0 && slug[^1] != '-') { slug.Append('-'); }
        }

        return slug.ToString().Trim('-');
    }

    private static string ProcessorName() =>
        File.Exists("/proc/cpuinfo")
            && File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':') + 1)..].Trim()
            : RuntimeInformation.ProcessArchitecture.ToString();

    private static string LoadAverage() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    private static string? VersionOf(string library)
    {
        try
        {
            Assembly assembly = Assembly.Load(library);
            string version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
                ?? assembly.GetName().Version!.ToString();
            return version.Split('+')[0];
        }
        catch (FileNotFoundException)
        {
            return null; // not part of this program
        }
    }

    /// <summary>The working tree's commit; where this runs without one, the commit that it was built from.</summary>
    private static string Commit()
    {
        if (!Directory.Exists(PerfFolder())) { return BuildInfo.Commit is { Length: > 0 } built ? built[..Math.Min(8, built.Length)] : "unknown"; }

        using Process? git =
            Process.Start(new ProcessStartInfo("git", ["describe", "--always", "--dirty"]) { RedirectStandardOutput = true, WorkingDirectory = PerfFolder() });
        string commit = git?.StandardOutput.ReadToEnd().Trim() ?? "";
        git?.WaitForExit();
        return commit.Length > 0 ? commit : "unknown";
    }

    private static string PerfFolder([CallerFilePath] string thisFile = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", ".."));
}
