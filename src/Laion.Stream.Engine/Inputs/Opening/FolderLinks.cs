namespace LaionStream.Engine.Inputs.Opening;

/// <summary>Symbolic links to folders, met while a folder is searched.</summary>
internal static class FolderLinks
{
    /// <summary>
    /// Whether a linked folder has to be searched: not if it is also reached without the link, or was searched already; links may form a cycle.
    /// </summary>
    /// <param name="link">The link.</param>
    /// <param name="root">The folder that is searched, with a separator at its end.</param>
    /// <param name="linked">The linked folders searched so far.</param>
    public static bool LeadsElsewhere(string link, string root, HashSet<string> linked) =>
        Directory.ResolveLinkTarget(link, returnFinalTarget: true) is { } target
        && Path.TrimEndingDirectorySeparator(target.FullName) + Path.DirectorySeparatorChar is var folder
        && !folder.StartsWith(root, StringComparison.Ordinal) && !root.StartsWith(folder, StringComparison.Ordinal) && linked.Add(folder);
}
