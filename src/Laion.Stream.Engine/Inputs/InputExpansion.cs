using System.Globalization;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Pictures;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Text.Urls;

namespace LaionStream.Engine.Inputs;

/// <summary>Expands the configured inputs into the full, ordered list of input files, and takes this machine's share of it.</summary>
/// <param name="opener">Opens path lists, and files whose names do not determine their kind.</param>
/// <param name="clock">Measures their timeouts.</param>
/// <param name="standardInput">The data piped into the process.</param>
/// <param name="pictures">Lists the pictures of folders and globs.</param>
/// <param name="outputs">What a search of a folder leaves out.</param>
internal sealed class InputExpansion(IInputOpener opener, TimeProvider clock, StandardInput standardInput, PictureListing pictures, FoundOutputs outputs)
{
    private const int MaxListDepth = 3;
    private const int Looks = 16;
    private static readonly TimeSpan LookPatience = TimeSpan.FromSeconds(15);

    private static readonly string[] Buckets = ["s3://commoncrawl/", "s3a://commoncrawl/", "s3n://commoncrawl/"];

    private readonly PathListReader _lists = new(opener, clock);

    /// <summary>The full list: directories and globs in ordinal order, path lists in their own, each file once.</summary>
    /// <param name="options">The configured inputs.</param>
    /// <param name="stop">Cancels the expansion.</param>
    /// <exception cref="InputException">A path does not lead to anything that can be read.</exception>
    public async Task<IReadOnlyList<string>> ExpandAsync(InputOptions options, CancellationToken stop)
    {
        var files = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        IEnumerable<string> crawls = (options.Crawl ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (string path in options.Paths.Concat(crawls.Select(crawl => $"{options.BaseUrl.TrimEnd('/')}/crawl-data/{crawl}/wat.paths.gz")))
        {
            foreach (string file in await ExpandOneAsync(path, options, stop))
            {
                if (seen.Add(file)) { files.Add(file); }
            }
        }

        IReadOnlyList<string> sample = InputSample.Of(files, options.Sample);
        await CheckKindsAsync(sample, options, stop);
        return sample.Count > 0
            ? sample
            : throw new InputException("Laion:Input:Paths names no input: give --input a file, directory, glob, URL or *.paths.gz.");
    }

    /// <summary>The name of an input in the output, for its name as given.</summary>
    public static string LocationOf(string path, InputOptions options) =>
        CrawlFile(path, options) ?? (PublicLocation.IsRemote(path) ? path : Path.GetFullPath(path));

    /// <summary>An address of an input, checked.</summary>
    /// <exception cref="InputException">It is malformed.</exception>
    public static string Address(string text) => Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Host.Length > 0
        ? text
        : throw new InputException($"Laion:Input:Paths: '{PublicLocation.Of(text)}' is a malformed address.");

    /// <summary>Whether an input is not one of this machine's files.</summary>
    public static bool IsRemote(string path) =>
        PublicLocation.IsRemote(path) || Buckets.Any(bucket => path.StartsWith(bucket, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a file of the full list belongs to this machine.</summary>
    /// <param name="share"><c>k/n</c>, 1-based.</param>
    /// <param name="index">Index in the full list.</param>
    /// <exception cref="InputException">The share does not exist.</exception>
    public static bool IsInShare(string share, int index)
    {
        string[] parts = share.Split('/');
        int k = int.Parse(parts[0], CultureInfo.InvariantCulture);
        int n = int.Parse(parts[1], CultureInfo.InvariantCulture);
        return k <= n ? index % n == k - 1 : throw new InputException($"Laion:Input:Share {share}: there is no part {k} of {n}.");
    }

    /// <summary>Refuses files of unknown kind. When a name does not determine it the first bytes are read, of several files at a time.</summary>
    private async Task CheckKindsAsync(IReadOnlyList<string> files, InputOptions options, CancellationToken stop)
    {
        InputKinds.Entry? format = InputKinds.Named(options.Format);
        if (files.FirstOrDefault(file => PublicLocation.IsRemote(file) && IsLocalOnly(format, file)) is { } remote)
        {
            throw new InputException($"Laion:Input:Paths: '{PublicLocation.Of(remote)}' is remote: pictures and tars of them are read from this machine only.");
        }
        if (format is not null) { return; }

        string? strange = null;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Looks, CancellationToken = stop };
        await Parallel.ForEachAsync(files.Where(file => InputKinds.ByName(file).Count == 0), parallel, async (file, token) =>
        {
            using var late = new CancellationTokenSource(LookPatience, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, token);
            try
            {
                if (InputKinds.ByContent([], await InputHead.OfAsync(opener, file, either.Token)) is null) { Volatile.Write(ref strange, file); }
            }
            catch (Exception e) when (e is IOException or HttpRequestException or UnauthorizedAccessException
                || (e is OperationCanceledException && !token.IsCancellationRequested))
            {
                throw LocalInputs.OfNoKind(file, $" by its name, and cannot be looked at: {e.Message}", e);
            }
        });
        if (strange is not null) { throw LocalInputs.OfNoKind(strange); }
    }

    private static bool IsLocalOnly(InputKinds.Entry? format, string file) =>
        (format ?? (InputKinds.ByName(file) is [var only] ? only : null))?.Signature.IsLocal == true;

    private async Task<IEnumerable<string>> ExpandOneAsync(string path, InputOptions options, CancellationToken stop)
    {
        if (path == StandardInput.Name) { return [await standardInput.StoreAsync(options.UrlColumn, stop)]; }

        path = CrawlFile(path, options) ?? path;
        if (InputKinds.IsPathList(path))
        {
            var listed = new List<string>();
            await ReadPathListAsync(PublicLocation.IsRemote(path) ? path : Path.GetFullPath(path), options, [], listed, stop);
            return listed;
        }

        if (PublicLocation.IsRemote(path)) { return [Address(path)]; }
        return LocalInputs.IsOfPictures(path, options) ? [pictures.Update(path, stop)] : LocalInputs.Expand(path, options, outputs);
    }

    /// <summary>Expands a path list, and the lists that it contains.</summary>
    /// <param name="list">The list.</param>
    /// <param name="options">The base of relative lines, and limits.</param>
    /// <param name="within">The lists that led to this one.</param>
    /// <param name="files">Receives the files.</param>
    /// <param name="stop">Cancels the expansion.</param>
    private async Task ReadPathListAsync(string list, InputOptions options, IReadOnlyList<string> within, List<string> files, CancellationToken stop)
    {
        string shown = PublicLocation.Of(list);
        if (within.Contains(list)) { throw new InputException($"Laion:Input:Paths: the list '{shown}' leads to itself."); }
        if (within.Count == MaxListDepth) { throw new InputException($"Laion:Input:Paths: the list '{shown}' is named by a list of a list of lists."); }

        foreach (string line in await _lists.ReadAsync(list, options.PathLists, stop))
        {
            string location = Resolve(list, line, options);
            if (InputKinds.IsPathList(location)) { await ReadPathListAsync(location, options, [.. within, list], files, stop); }
            else { files.Add(location); }

            if (files.Count > options.PathLists.MaxLines)
            {
                throw new InputException(
                    $"Laion:Input:Paths: '{shown}' and the lists around it name more than {options.PathLists.MaxLines} files (Laion:Input:PathLists:MaxLines).");
            }
        }
    }

    /// <summary>The address under <c>BaseUrl</c> of a file in Common Crawl's bucket; null for other names.</summary>
    private static string? CrawlFile(string name, InputOptions options) =>
        Buckets.FirstOrDefault(bucket => name.StartsWith(bucket, StringComparison.OrdinalIgnoreCase)) is { } bucket
            ? $"{options.BaseUrl.TrimEnd('/')}/{name[bucket.Length..]}"
            : null;

    /// <summary>The file that a line of a list names. A remote list never names files of this machine, because its server is not trusted.</summary>
    private static string Resolve(string list, string line, InputOptions options)
    {
        if (PublicLocation.IsRemote(line)) { return Address(line); }
        string crawls = options.BaseUrl.TrimEnd('/') + "/";
        if (CrawlFile(line, options) is { } file) { return file; }
        if (line.Contains("://", StringComparison.Ordinal))
        {
            throw new InputException($"Laion:Input:Paths: the list '{PublicLocation.Of(list)}' names '{line}': http, https and {Buckets[0]} can be read.");
        }

        if (PublicLocation.IsRemote(list)) { return crawls + line.TrimStart('/'); }
        string folder = Path.GetDirectoryName(list)!;
        return Path.IsPathRooted(line) || File.Exists(Path.Combine(folder, line)) ? Path.GetFullPath(line, folder) : crawls + line;
    }
}
