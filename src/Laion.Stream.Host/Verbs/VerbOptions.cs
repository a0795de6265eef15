using System.CommandLine;

namespace LaionStream.Host.Verbs;

/// <summary>Options that several verbs share, and their configuration keys.</summary>
internal static class VerbOptions
{
    public static Option<string[]> Input() => new("--input")
    {
        Description = "Files, folders, globs, http(s) URLs or *.paths.gz lists to read, - for what is piped in (Laion:Input:Paths).",
        AllowMultipleArgumentsPerToken = true,
        HelpName = "PATH",
    };

    public static Option<string> Output() =>
        new("--output") { Description = "Folder to write (Laion:Writing:Path). Running again with the same folder resumes.", HelpName = "DIR" };

    public static Option<bool> FreshFolder() => new("--new-run")
    {
        Description = "Begin a run of its own instead of resuming, as other settings need: into DIR where that is new or empty, else into the first of DIR-2, DIR-3 ... that is. The folder is printed; resume it with --output.",
    };

    public static Option<string> Models() => new("--models") { Description = "Folder of the models (Laion:Models:Path).", HelpName = "DIR" };

    public static Option<string> Config() => new("--config") { Description = "Settings file instead of ./appsettings.json.", HelpName = "FILE" };

    /// <summary>Chooses the new folder if requested, and prints it.</summary>
    public static async Task TakeFreshFolderAsync(bool asked, string? config, Dictionary<string, string?> settings)
    {
        if (asked) { await Console.Out.WriteLineAsync($"New run in {NewRun.TakeFolder(config, settings)}"); }
    }

    /// <summary>The command line's keys, overridden by the verb's own options.</summary>
    public static Dictionary<string, string?> Merge(IReadOnlyDictionary<string, string?> settings, string[]? inputs, string? output, string? models)
    {
        var merged = new Dictionary<string, string?>(settings, StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < (inputs?.Length ?? 0); i++) { merged[$"Laion:Input:Paths:{i}"] = inputs![i]; }
        if (output is not null) { merged["Laion:Writing:Path"] = output; }
        if (models is not null) { merged["Laion:Models:Path"] = models; }
        return merged;
    }
}
