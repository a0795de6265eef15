using System.Globalization;

namespace LaionStream.Engine.Ledger.Format;

/// <summary>What files are called until they are committed: hidden, and with an ending that no reader's glob takes.</summary>
internal static class TempNames
{
    private const string Ending = ".laion-tmp";

    /// <summary>The name of a file while it is written.</summary>
    /// <param name="path">Relative to the output folder, with forward slashes.</param>
    public static string Of(string path) => Of(path, "");

    /// <summary>The name of a finished file until it is visible: it says whose commit it is, so that no other session's file is taken for it.</summary>
    /// <param name="path">Relative to the output folder, with forward slashes.</param>
    /// <param name="commit">The commit's number.</param>
    public static string Of(string path, long commit) => Of(path, string.Create(CultureInfo.InvariantCulture, $".{commit}"));

    /// <summary>Every temp file of ours below a folder.</summary>
    public static IEnumerable<string> FindBelow(string folder) =>
        Directory.EnumerateFiles(folder, $".*{Ending}", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint });

    private static string Of(string path, string owner)
    {
        int slash = path.LastIndexOf('/');
        return $"{path[..(slash + 1)]}.{path[(slash + 1)..]}{owner}{Ending}";
    }
}
