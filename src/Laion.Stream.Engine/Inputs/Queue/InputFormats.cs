using LaionStream.Text.Urls;

namespace LaionStream.Engine.Inputs.Queue;

/// <summary>Tells by its name what kind of input a file is. Pure.</summary>
internal static class InputFormats
{
    private static readonly string[] Lists = [".parquet", ".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".txt"];

    /// <summary>The endings that are known, for messages.</summary>
    public static string Known { get; } = string.Join(' ', [".wat", ".warc", .. Lists]);

    /// <summary>The kind, or null when the name says nothing.</summary>
    /// <param name="location">Path or URL.</param>
    public static InputFormat? ByName(string location)
    {
        string name = NameOf(location);
        foreach (string packing in new[] { ".gz", ".zst" })
        {
            if (name.EndsWith(packing, StringComparison.OrdinalIgnoreCase)) { name = name[..^packing.Length]; }
        }

        if (name.EndsWith(".wat", StringComparison.OrdinalIgnoreCase)) { return InputFormat.Wat; }
        if (name.EndsWith(".warc", StringComparison.OrdinalIgnoreCase)) { return InputFormat.Warc; }
        return Lists.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) ? InputFormat.List : null;
    }

    /// <summary>Whether the file is a list of further inputs.</summary>
    public static bool IsPathList(string location) =>
        NameOf(location).EndsWith(".paths.gz", StringComparison.OrdinalIgnoreCase) || NameOf(location).EndsWith(".paths", StringComparison.OrdinalIgnoreCase);

    private static string NameOf(string location) => PublicLocation.IsRemote(location) ? location.Split('?', '#')[0] : location;
}
