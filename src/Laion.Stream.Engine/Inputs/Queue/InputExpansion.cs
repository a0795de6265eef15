using System.Globalization;
using System.IO.Enumeration;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Text.Urls;

namespace LaionStream.Engine.Inputs.Queue;

/// <summary>Expands what the operator named into the full, ordered list of input files, and takes this box's share of it.</summary>
/// <param name="opener">Opens path lists.</param>
/// <param name="clock">Times them.</param>
internal sealed class InputExpansion(IInputOpener opener, TimeProvider clock)
{
    private const int MaxListDepth = 3;
    private const string CommonCrawlBucket = "s3://commoncrawl/";

    private readonly PathListReader _lists = new(opener, clock);

    /// <summary>The full list: directories and globs in ordinal order, path lists in their own, each file once.</summary>
    /// <param name="options">What was named.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="InputException">A path names nothing that can be read.</exception>
    public async Task<IReadOnlyList<string>> ExpandAsync(InputOptions options, CancellationToken stop)
    {
        var files = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        IEnumerable<string> named = options.Crawl is { Length: > 0 } crawl ? options.Paths.Append($"{options.BaseUrl.TrimEnd('/')}/crawl-data/{crawl}/wat.paths.gz") : options.Paths;
        foreach (string path in named)
        {
            foreach (string file in await ExpandOneAsync(path, options, stop))
            {
                if (seen.Add(file)) { files.Add(file); }
            }
        }

        CheckKinds(files, options);
        return files.Count > 0 ? files : throw new InputException("Laion:Input:Paths names no input: give --input a file, directory, glob, URL or *.paths.gz.");
    }

    /// <summary>Makes sure that a file, folder or glob of this machine names something to read; of a list of paths, that it is there.</summary>
    /// <exception cref="InputException">It does not.</exception>
    public static void CheckLocal(string path, InputOptions options)
    {
        if (!InputFormats.IsPathList(path)) { CheckKinds(ExpandLocal(path), options); }
        else if (!File.Exists(path)) { throw new InputException($"Laion:Input:Paths: '{path}' is not there."); }
    }

    /// <summary>Whether a file of the full list is this box's.</summary>
    /// <param name="share"><c>k/n</c>, 1-based.</param>
    /// <param name="index">Place in the full list.</param>
    /// <exception cref="InputException">The share does not exist.</exception>
    public static bool IsInShare(string share, int index)
    {
        string[] parts = share.Split('/');
        int k = int.Parse(parts[0], CultureInfo.InvariantCulture);
        int n = int.Parse(parts[1], CultureInfo.InvariantCulture);
        return k <= n ? index % n == k - 1 : throw new InputException($"Laion:Input:Share {share}: there is no part {k} of {n}.");
    }

    private static IEnumerable<string> Directory(string folder, string pattern, bool named)
    {
        string root = Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar;
        var linked = new HashSet<string>(StringComparer.Ordinal);
        var files = new FileSystemEnumerable<string>(folder, (ref FileSystemEntry entry) => entry.ToFullPath(), new EnumerationOptions { RecurseSubdirectories = true })
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory,
            ShouldRecursePredicate = (ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) == 0 || LeadsElsewhere(entry.ToFullPath(), root, linked),
        };
        return files
            .Where(file => named ? InputFormats.ByName(file) is not null : FileSystemName.MatchesSimpleExpression(pattern, Path.GetRelativePath(folder, file), ignoreCase: false))
            .Order(StringComparer.Ordinal);
    }

    /// <summary>Whether a linked folder has to be searched: not when it is reached without the link, or was searched; links may lead in a circle.</summary>
    private static bool LeadsElsewhere(string link, string root, HashSet<string> linked) =>
        System.IO.Directory.ResolveLinkTarget(link, returnFinalTarget: true) is { } target
        && Path.TrimEndingDirectorySeparator(target.FullName) + Path.DirectorySeparatorChar is var folder
        && !folder.StartsWith(root, StringComparison.Ordinal) && !root.StartsWith(folder, StringComparison.Ordinal) && linked.Add(folder);

    private async Task<IEnumerable<string>> ExpandOneAsync(string path, InputOptions options, CancellationToken stop)
    {
        if (InputFormats.IsPathList(path))
        {
            var listed = new List<string>();
            await ReadPathListAsync(PublicLocation.IsRemote(path) ? path : Path.GetFullPath(path), options, [], listed, stop);
            return listed;
        }

        return PublicLocation.IsRemote(path) ? [path] : ExpandLocal(path);
    }

    private static void CheckKinds(IReadOnlyList<string> files, InputOptions options)
    {
        if (options.Format == InputFormat.Auto && files.FirstOrDefault(file => InputFormats.ByName(file) is null && !WarcSniffer.IsWarc(file)) is { } strange)
        {
            throw new InputException(
                $"Laion:Input:Paths: '{PublicLocation.Of(strange)}' is of no known kind: {InputFormats.Known} are read, WAT, WARC and text lists also as .gz or .zst. Laion:Input:Format says what it is, whatever its name.");
        }
    }

    private static IReadOnlyList<string> ExpandLocal(string path)
    {
        if (File.Exists(path)) { return [Path.GetFullPath(path)]; }
        if (path.Contains("://", StringComparison.Ordinal))
        {
            throw new InputException($"Laion:Input:Paths: '{PublicLocation.Of(path)}': http and https addresses can be read, and {CommonCrawlBucket} within a list of paths.");
        }

        if (System.IO.Directory.Exists(path))
        {
            string[] files = [.. Directory(Path.GetFullPath(path), "*", named: true)];
            return files.Length > 0 ? files : throw new InputException($"Laion:Input:Paths: the folder '{path}' holds no .wat, .warc or list file.");
        }

        if (path.AsSpan().ContainsAny('*', '?'))
        {
            // The part before the first wildcard names the folder to search.
            string full = Path.GetFullPath(path);
            string fixedPart = full[..full.AsSpan().IndexOfAny('*', '?')];
            string folder = fixedPart[..(fixedPart.LastIndexOf(Path.DirectorySeparatorChar) + 1)];
            string pattern = full[folder.Length..];
            string[] files = System.IO.Directory.Exists(folder) ? [.. Directory(folder, pattern, named: false)] : [];
            return files.Length > 0 ? files : throw new InputException($"Laion:Input:Paths: nothing matches '{path}'.");
        }

        throw new InputException($"Laion:Input:Paths: '{path}' is not there.");
    }

    /// <summary>Expands a path list, and the lists that it names.</summary>
    /// <param name="list">The list.</param>
    /// <param name="options">Where relative lines lead, and limits.</param>
    /// <param name="within">The lists that led here.</param>
    /// <param name="files">Receives the files.</param>
    /// <param name="stop">Gives up.</param>
    private async Task ReadPathListAsync(string list, InputOptions options, IReadOnlyList<string> within, List<string> files, CancellationToken stop)
    {
        string shown = PublicLocation.Of(list);
        if (within.Contains(list)) { throw new InputException($"Laion:Input:Paths: the list '{shown}' leads to itself."); }
        if (within.Count == MaxListDepth) { throw new InputException($"Laion:Input:Paths: the list '{shown}' is named by a list of a list of lists."); }

        foreach (string line in await _lists.ReadAsync(list, options.PathLists, stop))
        {
            string location = Resolve(list, line, options);
            if (InputFormats.IsPathList(location)) { await ReadPathListAsync(location, options, [.. within, list], files, stop); }
            else { files.Add(location); }

            if (files.Count > options.PathLists.MaxLines)
            {
                throw new InputException($"Laion:Input:Paths: '{shown}' and the lists around it name more than {options.PathLists.MaxLines} files (Laion:Input:PathLists:MaxLines).");
            }
        }
    }

    /// <summary>The file that a line of a list names. A remote list never names files of this machine: whoever serves it is a stranger to it.</summary>
    private static string Resolve(string list, string line, InputOptions options)
    {
        if (PublicLocation.IsRemote(line)) { return line; }
        string crawls = options.BaseUrl.TrimEnd('/') + "/";
        if (line.StartsWith(CommonCrawlBucket, StringComparison.OrdinalIgnoreCase)) { return crawls + line[CommonCrawlBucket.Length..]; }
        if (line.Contains("://", StringComparison.Ordinal))
        {
            throw new InputException($"Laion:Input:Paths: the list '{PublicLocation.Of(list)}' names '{line}': http, https and {CommonCrawlBucket} can be read.");
        }

        if (PublicLocation.IsRemote(list)) { return crawls + line.TrimStart('/'); }
        string folder = Path.GetDirectoryName(list)!;
        return Path.IsPathRooted(line) || File.Exists(Path.Combine(folder, line)) ? Path.GetFullPath(line, folder) : crawls + line;
    }
}
