using System.Globalization;

namespace LaionStream.Engine.Ledger.Format;

/// <summary>The names of files until they are committed: hidden, and with an extension that readers' globs do not match.</summary>
internal static class TempNames
{
    private const string Ending = ".laion-tmp";

    /// <summary>The name of a file while it is being written.</summary>
    /// <param name="path">Relative to the output folder, with forward slashes.</param>
    public static string Of(string path) => Of(path, "");

    /// <summary>
    /// The name of a finished file until it becomes visible. It contains the commit number, so that a file of another session is never mistaken for it.
    /// </summary>
    /// <param name="path">Relative to the output folder, with forward slashes.</param>
    /// <param name="commit">The commit's number.</param>
    public static string Of(string path, long commit) => Of(path, string.Create(CultureInfo.InvariantCulture, $".{commit}"));

    /// <summary>Every temp file and temp folder of this program below a folder.</summary>
    public static IEnumerable<string> FindBelow(string folder) =>
        Directory.EnumerateFileSystemEntries(folder, $".*{Ending}",
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint });

    private static string Of(string path, string owner)
    {
        int slash = path.LastIndexOf('/');
        return $"{path[..(slash + 1)]}.{path[(slash + 1)..]}{owner}{Ending}";
    }
}
