namespace LaionStream.Explorer.Data;

/// <summary>Names of the folders that are served, for people and for requests: the last part of each path, with as many parts before it as tell it from the others.</summary>
internal static class FolderNames
{
    private static readonly string[] Taken = ["image", "text"]; // the indexes over all folders

    /// <summary>Makes the names, each another.</summary>
    /// <param name="paths">Full paths, each another.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> paths)
    {
        string[][] parts = [.. paths.Select(path => path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))];
        int most = parts.Max(part => part.Length);
        string[] names = [.. parts.Select(part => Last(part, 1))];
        for (int count = 2; count <= most; count++)
        {
            HashSet<string> shared = [.. names.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key)];
            for (int i = 0; i < names.Length; i++)
            {
                if (shared.Contains(names[i])) { names[i] = Last(parts[i], count); }
            }
        }

        return [.. names.Select(name => Taken.Contains(name) ? "./" + name : name)];
    }

    private static string Last(string[] parts, int count) => parts.Length == 0 ? "output" : string.Join('/', parts[Math.Max(0, parts.Length - count)..]);
}
