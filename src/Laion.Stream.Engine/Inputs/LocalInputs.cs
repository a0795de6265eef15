using System.IO.Enumeration;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Pictures;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Text.Urls;

namespace LaionStream.Engine.Inputs;

/// <summary>Input files on this machine.</summary>
internal static class LocalInputs
{
    /// <summary>Checks that a file, folder or glob on this machine leads to something to read; for a list of paths, that it exists.</summary>
    /// <param name="path">As given.</param>
    /// <param name="options">The configured inputs.</param>
    /// <param name="outputs">What a search leaves out.</param>
    /// <exception cref="InputException">It does not.</exception>
    public static void Check(string path, InputOptions options, FoundOutputs outputs)
    {
        if (InputKinds.IsPathList(path))
        {
            if (!File.Exists(path)) { throw new InputException($"Laion:Input:Paths: '{path}' is not there."); }
            Plain(path);
            return;
        }

        if (IsOfPictures(path, options))
        {
            if (!PictureFolder.Exists(path)) { throw new InputException($"Laion:Input:Paths: '{path}' is not there."); }
            return;
        }

        IReadOnlyList<string> files = Expand(path, options, outputs);
        if (InputKinds.Named(options.Format) is not null) { return; }
        if (files.FirstOrDefault(file => InputKinds.ByName(file).Count == 0 && InputKinds.ByContent([], InputHead.Of(file)) is null) is { } strange)
        {
            throw OfNoKind(strange);
        }
    }

    /// <summary>Whether a path leads to pictures that have to be listed. A list that the user gives is one already.</summary>
    public static bool IsOfPictures(string path, InputOptions options) =>
        InputKinds.Named(options.Format)?.Signature == PicturesKind.Signature && !(File.Exists(path) && InputKinds.ByName(path).Count > 0);

    /// <summary>The files of a path, a folder or a glob, in ordinal order.</summary>
    /// <param name="path">As given.</param>
    /// <param name="options">The configured inputs.</param>
    /// <param name="outputs">What a search leaves out.</param>
    /// <exception cref="InputException">There are none.</exception>
    public static IReadOnlyList<string> Expand(string path, InputOptions options, FoundOutputs outputs)
    {
        if (File.Exists(path)) { return [Plain(path)]; }
        if (path.Contains("://", StringComparison.Ordinal))
        {
            throw new InputException($"Laion:Input:Paths: '{PublicLocation.Of(path)}': http and https addresses can be read, and files of s3://commoncrawl/.");
        }

        if (System.IO.Directory.Exists(path))
        {
            string[] files = OfFormat([.. Directory(Path.GetFullPath(path), "*", named: true, outputs)], InputKinds.Named(options.Format));
            return files.Length > 0 ? files : throw new InputException(
                $"Laion:Input:Paths: the folder '{path}' holds no .wat, .warc, .tar or list file; Laion:Input:Format=pictures reads pictures.");
        }

        if (path.AsSpan().ContainsAny('*', '?'))
        {
            // The part before the first wildcard names the folder to search.
            string full = Path.GetFullPath(path);
            string fixedPart = full[..full.AsSpan().IndexOfAny('*', '?')];
            string folder = fixedPart[..(fixedPart.LastIndexOf(Path.DirectorySeparatorChar) + 1)];
            string pattern = full[folder.Length..];
            string[] files = System.IO.Directory.Exists(folder) ? [.. Directory(folder, pattern, named: false, outputs)] : [];
            return files.Length > 0 ? files : throw new InputException($"Laion:Input:Paths: nothing matches '{path}'.");
        }

        throw new InputException($"Laion:Input:Paths: '{path}' is not there.");
    }

    /// <summary>The error for a file whose kind is not determined.</summary>
    /// <param name="location">Path or URL.</param>
    /// <param name="more">Text that follows.</param>
    /// <param name="cause">Why it cannot be inspected.</param>
    public static InputException OfNoKind(string location, string more = "", Exception? cause = null) => new(
        $"Laion:Input:Paths: '{PublicLocation.Of(location)}' is of no known kind{more}. {InputKinds.Endings} are read, WAT, WARC and text lists also as .gz or .zst. "
        + "Laion:Input:Format says what it is, whatever its name.",
        cause);

    private static string Plain(string path)
    {
        try
        {
            PlainFile.Demand(path);
            return Path.GetFullPath(path);
        }
        catch (InputRefusedException e)
        {
            throw new InputException($"Laion:Input:Paths: {e.Message}", e);
        }
    }

    /// <summary>The files with an extension of the configured format, else all: shards lie beside tables that describe them.</summary>
    private static string[] OfFormat(string[] files, InputKinds.Entry? format)
    {
        string[] own = [.. files.Where(file => format is not null && InputKinds.ByName(file).Contains(format))];
        return own.Length > 0 ? own : files;
    }

    private static IEnumerable<string> Directory(string folder, string pattern, bool named, FoundOutputs outputs)
    {
        string root = Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar;
        var linked = new HashSet<string>(StringComparer.Ordinal);
        var files = new FileSystemEnumerable<string>(folder, (ref FileSystemEntry entry) => entry.ToFullPath(),
            new EnumerationOptions { RecurseSubdirectories = true })
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory,
            ShouldRecursePredicate = (ref FileSystemEntry entry) => outputs.Enters(entry.ToFullPath())
                && ((entry.Attributes & FileAttributes.ReparsePoint) == 0 || FolderLinks.LeadsElsewhere(entry.ToFullPath(), root, linked)),
        };
        return files
            .Where(FoundOutputs.Takes)
            .Where(file => named
                ? InputKinds.ByName(file).Count > 0
                : FileSystemName.MatchesSimpleExpression(pattern, Path.GetRelativePath(folder, file), ignoreCase: false))
            .Order(StringComparer.Ordinal);
    }
}
