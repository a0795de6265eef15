using System.Globalization;
using System.IO.Compression;
using System.IO.Enumeration;
using LaionStream.Engine.Inputs;

namespace LaionStream.Engine.Shards;

/// <summary>Expands what the operator named into the full, ordered list of input files, and takes this box's share of it.</summary>
/// <param name="http">Fetches remote path lists.</param>
internal sealed class InputExpansion(HttpClient http)
{
    /// <summary>The full list: directories and globs in ordinal order, path lists in their own, each file once.</summary>
    /// <exception cref="InputException">A path names nothing that can be read.</exception>
    public async Task<IReadOnlyList<string>> ExpandAsync(InputOptions options, CancellationToken abort)
    {
        var files = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        IEnumerable<string> named = options.Crawl is { Length: > 0 } crawl ? options.Paths.Append($"{options.BaseUrl.TrimEnd('/')}/crawl-data/{crawl}/wat.paths.gz") : options.Paths;
        foreach (string path in named)
        {
            foreach (string file in await ExpandOneAsync(path, options, abort))
            {
                if (seen.Add(file)) { files.Add(file); }
            }
        }

        return files.Count > 0 ? files : throw new InputException("Laion:Input:Paths names no input: give --input a file, directory, glob, URL or *.paths.gz.");
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
        var options = new EnumerationOptions { RecurseSubdirectories = true };
        return System.IO.Directory.EnumerateFiles(folder, "*", options)
            .Where(file => named ? InputFormats.ByName(file) is not null : FileSystemName.MatchesSimpleExpression(pattern, Path.GetRelativePath(folder, file), ignoreCase: false))
            .Order(StringComparer.Ordinal);
    }

    private async Task<IEnumerable<string>> ExpandOneAsync(string path, InputOptions options, CancellationToken abort)
    {
        if (InputFormats.IsPathList(path)) { return await ReadPathListAsync(path, options, abort); }
        if (InputOpener.IsRemote(path)) { return [path]; }
        if (File.Exists(path)) { return [Path.GetFullPath(path)]; }
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

    private async Task<IEnumerable<string>> ReadPathListAsync(string path, InputOptions options, CancellationToken abort)
    {
        try
        {
            await using Stream raw = InputOpener.IsRemote(path) ? await http.GetStreamAsync(new Uri(path), abort) : File.OpenRead(path);
            await using Stream text = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(raw, CompressionMode.Decompress) : raw;
            using var reader = new StreamReader(text);
            var lines = new List<string>();
            while (await reader.ReadLineAsync(abort) is { } line)
            {
                line = line.Trim();
                if (line.Length == 0 || line[0] == '#') { continue; }
                bool isLocal = Path.IsPathRooted(line) || (!InputOpener.IsRemote(path) && File.Exists(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, line)));
                lines.Add(InputOpener.IsRemote(line) ? line : isLocal ? Path.GetFullPath(line, Path.GetDirectoryName(Path.GetFullPath(path))!) : options.BaseUrl.TrimEnd('/') + "/" + line);
            }

            return lines.Count > 0 ? lines : throw new InputException($"Laion:Input:Paths: the list '{path}' is empty.");
        }
        catch (Exception e) when (e is IOException or HttpRequestException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new InputException($"Laion:Input:Paths: the list '{path}' cannot be read: {e.Message}", e);
        }
    }
}
