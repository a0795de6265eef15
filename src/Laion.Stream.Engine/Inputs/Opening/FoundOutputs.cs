namespace LaionStream.Engine.Inputs.Opening;

/// <summary>
/// What a search of a folder leaves out: the files of the run's own output, which a later start would else read as new inputs, and of other outputs what holds
/// no rows. A folder or file that is named itself is not affected.
/// </summary>
/// <param name="own">The output folder of the run; null when there is none.</param>
internal sealed class FoundOutputs(string? own)
{
    private static readonly string[] WithoutRows = ["state", "logs", "dropped", "index"];
    private static readonly string[] Sets = ["en", "multi", "nolang", "candidates"];

    private readonly string? _own = own is { Length: > 0 } ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(own)) : null;

    /// <summary>Whether a search goes into a folder that it finds.</summary>
    /// <param name="folder">Its full path.</param>
    public bool Enters(string folder)
    {
        folder = Path.TrimEndingDirectorySeparator(folder);
        string name = Path.GetFileName(folder);
        string? parent = Path.GetDirectoryName(folder);
        if (folder == _own) { return !IsOutput(folder); }
        bool isLeftOut = WithoutRows.Contains(name) || (parent == _own && Sets.Contains(name));
        return !isLeftOut || !IsOutput(parent);
    }

    /// <summary>Whether a search takes a file that it finds.</summary>
    /// <param name="file">Its full path.</param>
    public static bool Takes(string file) => Path.GetFileName(file) != "summary.json" || !IsOutput(Path.GetDirectoryName(file));

    private static bool IsOutput(string? folder) => folder is not null && File.Exists(Path.Combine(folder, "state", "manifest.jsonl"));
}
