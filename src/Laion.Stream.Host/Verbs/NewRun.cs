using LaionStream.Engine.Output;
using LaionStream.Host.Configuration;

namespace LaionStream.Host.Verbs;

/// <summary>
/// <c>--new-run</c>: a run never changes its settings half-way (its fingerprint would be wrong), so other settings need a folder of their own. It is beside
/// the old one and not inside: a glob over the old dataset must not match the new rows.
/// </summary>
internal static class NewRun
{
    /// <summary>Replaces the configured output by a new folder.</summary>
    /// <param name="config">Value of <c>--config</c>.</param>
    /// <param name="settings">Keys from the command line; <c>Laion:Writing:Path</c> is replaced.</param>
    /// <returns>The folder.</returns>
    public static string TakeFolder(string? config, Dictionary<string, string?> settings)
    {
        string output = LaionConfiguration.Find(config, settings).Read()["Laion:Writing:Path"] is { Length: > 0 } path ? path : new WritingOptions().Path;
        string fresh = FolderFor(Path.TrimEndingDirectorySeparator(Path.GetFullPath(output)));
        settings["Laion:Writing:Path"] = fresh;
        return fresh;
    }

    /// <summary>The folder itself if it is new or empty, else the first of <c>-2</c>, <c>-3</c> and so on that is.</summary>
    public static string FolderFor(string output)
    {
        string folder = output;
        for (int run = 2; !IsFree(folder); run++) { folder = FormattableString.Invariant($"{output}-{run}"); }
        return folder;
    }

    private static bool IsFree(string folder) => !File.Exists(folder) && (!Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any());
}
