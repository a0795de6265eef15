using System.IO.Enumeration;
using LaionStream.Engine.Inputs.Opening;

namespace LaionStream.Engine.Inputs.Pictures;

/// <summary>The pictures of a file, a folder or a glob, always in the same order. In memory are the names of the folders being read, not of all.</summary>
internal static class PictureFolder
{
    private static readonly EnumerationOptions OneFolder = new() { IgnoreInaccessible = false };

    /// <summary>Whether a path leads anywhere: its pictures are not looked for.</summary>
    public static bool Exists(string path) => File.Exists(path) || Directory.Exists(path) || (IsGlob(path) && Directory.Exists(FixedPart(path)));

    /// <summary>Full paths of the pictures.</summary>
    /// <param name="path">A picture, of any extension; a folder, with those below it; or a glob. Hidden files are skipped.</param>
    /// <param name="outputs">What the search leaves out.</param>
    /// <exception cref="IOException">A folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder may not be read.</exception>
    public static IEnumerable<string> Pictures(string path, FoundOutputs outputs)
    {
        string full = Path.GetFullPath(path);
        if (File.Exists(full)) { return [full]; }
        if (Directory.Exists(full)) { return Below(full, outputs); }

        string folder = FixedPart(path);
        string pattern = full[folder.Length..];
        return !IsGlob(path) || !Directory.Exists(folder)
            ? []
            : Below(folder, outputs).Where(file => FileSystemName.MatchesSimpleExpression(pattern, file.AsSpan(folder.Length), ignoreCase: false));
    }

    private static bool IsGlob(string path) => path.AsSpan().ContainsAny('*', '?');

    /// <summary>The folder named before the first wildcard, with a separator at its end.</summary>
    private static string FixedPart(string glob)
    {
        string full = Path.GetFullPath(glob);
        int wildcard = full.AsSpan().IndexOfAny('*', '?');
        string before = wildcard < 0 ? full : full[..wildcard];
        return before[..(before.LastIndexOf(Path.DirectorySeparatorChar) + 1)];
    }

    private static IEnumerable<string> Below(string folder, FoundOutputs outputs)
    {
        string root = Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar;
        var linked = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<IEnumerator<(string Path, bool IsFolder)>>();
        open.Push(In(root));
        while (open.TryPeek(out IEnumerator<(string Path, bool IsFolder)>? entries))
        {
            if (!entries.MoveNext()) { open.Pop().Dispose(); }
            else if (!entries.Current.IsFolder) { yield return entries.Current.Path; }
            else if (outputs.Enters(entries.Current.Path) && (File.ResolveLinkTarget(entries.Current.Path, returnFinalTarget: false) is null
                || FolderLinks.LeadsElsewhere(entries.Current.Path, root, linked)))
            {
                open.Push(In(entries.Current.Path));
            }
        }
    }

    private static IEnumerator<(string Path, bool IsFolder)> In(string folder)
    {
        var entries = new FileSystemEnumerable<(string Path, bool IsFolder)>(
            folder, (ref FileSystemEntry entry) => (entry.ToFullPath(), entry.IsDirectory), OneFolder)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => entry.IsDirectory || PictureNames.IsPicture(entry.FileName),
        };
        return ((IEnumerable<(string Path, bool IsFolder)>)[.. entries.OrderBy(entry => entry.Path, StringComparer.Ordinal)]).GetEnumerator();
    }
}
