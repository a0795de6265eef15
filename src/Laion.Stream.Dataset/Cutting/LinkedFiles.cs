namespace LaionStream.Dataset.Cutting;

/// <summary>Refuses symbolic links among the files that rows are removed from: to replace or delete a link leaves the rows in its target.</summary>
public static class LinkedFiles
{
    /// <summary>Looks at the files of a part, and at the files in those that are folders.</summary>
    /// <param name="paths">The files; some may be away.</param>
    /// <exception cref="InvalidDataException">One is a symbolic link; the message names it and where it leads.</exception>
    public static void Refuse(IEnumerable<string> paths)
    {
        foreach (string path in paths)
        {
            Refuse(path);
            if (!Directory.Exists(path)) { continue; }
            foreach (string inner in Directory.EnumerateFileSystemEntries(path)) { Refuse(inner); }
        }
    }

    private static void Refuse(string path)
    {
        if (new FileInfo(path).LinkTarget is { } target)
        {
            throw new InvalidDataException(
                $"'{path}' is a symbolic link, and the rows would stay in '{target}': put the file in its place. Nothing was removed from this part.");
        }
    }
}
