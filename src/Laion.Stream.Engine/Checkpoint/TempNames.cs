namespace LaionStream.Engine.Checkpoint;

/// <summary>What files are called until they are committed: hidden, and with an ending that no reader's glob takes.</summary>
internal static class TempNames
{
    private const string Ending = ".laion-tmp";

    /// <summary>The temp name of a file.</summary>
    /// <param name="path">Relative to the output folder, with forward slashes.</param>
    public static string Of(string path)
    {
        int slash = path.LastIndexOf('/');
        return $"{path[..(slash + 1)]}.{path[(slash + 1)..]}{Ending}";
    }

    /// <summary>Every temp file of ours below a folder.</summary>
    public static IEnumerable<string> FindBelow(string folder) =>
        Directory.EnumerateFiles(folder, $".*{Ending}", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint });
}
