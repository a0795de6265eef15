using System.Formats.Tar;
using System.IO.Compression;
using System.IO.Enumeration;
using System.Runtime.CompilerServices;
using LaionStream.Host.Configuration;

namespace LaionStream.Host.Verbs;

/// <summary>Finds pictures: files, folders, globs, tars (also <c>.tar.gz</c>), and a tar or a picture on standard input.</summary>
internal static class PictureSources
{
    private const string StandardInput = "-";
    private const int TarMark = 257; // offset of "ustar" in the first block of a tar
    private const int TarBlock = 512;

    private static readonly HashSet<string> Extensions =
        new([".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".gif", ".avif", ".tif", ".tiff", ".heic", ".heif", ".bmp", ".jxl", ".jp2"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Checks that every source exists, and expands globs.</summary>
    /// <param name="named">As given.</param>
    /// <exception cref="UsageException">Some do not exist; all of them are named.</exception>
    public static IReadOnlyList<string> Expand(IReadOnlyList<string> named)
    {
        var errors = new List<string>();
        var found = new List<string>();
        foreach (string path in named)
        {
            string[] here = path == StandardInput || Path.Exists(path) ? [path] : Matching(path);
            if (here.Length == 0) { errors.Add($"embed: {(IsGlob(path) ? $"nothing matches '{path}'" : $"'{path}' is not there")}."); }
            found.AddRange(here);
        }

        return errors.Count == 0 ? found : throw new UsageException(errors);
    }

    /// <summary>The pictures, in the order of the sources; those of a folder in the order of their paths. One at a time is in memory.</summary>
    /// <param name="sources">From <see cref="Expand"/>.</param>
    /// <param name="input">Standard input.</param>
    /// <param name="abort">Cancels reading.</param>
    public static async IAsyncEnumerable<PictureFile> ReadAsync(IEnumerable<string> sources, Func<Stream> input,
        [EnumeratorCancellation] CancellationToken abort)
    {
        foreach (string source in sources)
        {
            IAsyncEnumerable<PictureFile> files = source == StandardInput ? OfInputAsync(input(), abort)
                : IsTar(source) ? OfTarFileAsync(source, abort)
                : OfFilesAsync(Directory.Exists(source) ? Below(source) : [source], abort);
            await foreach (PictureFile file in files) { yield return file; }
        }
    }

    private static bool IsGlob(string path) => path.AsSpan().ContainsAny('*', '?');

    private static bool IsTar(string path) =>
        path.EndsWith(".tar", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".tar.gz", StringComparison.OrdinalIgnoreCase)
        || path.EndsWith(".tgz", StringComparison.OrdinalIgnoreCase);

    private static bool IsPicture(string path) => Extensions.Contains(Path.GetExtension(path));

    private static IEnumerable<string> Below(string folder) =>
        Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Where(path => IsPicture(path) || IsTar(path)).Order(StringComparer.Ordinal);

    private static string[] Matching(string path)
    {
        if (!IsGlob(path)) { return []; }

        string before = path[..path.AsSpan().IndexOfAny('*', '?')];
        string folder = before.Contains('/', StringComparison.Ordinal) ? before[..(before.LastIndexOf('/') + 1)] : "";
        string pattern = path[folder.Length..];
        bool isDeep = pattern.Contains('/', StringComparison.Ordinal);
        string root = folder.Length > 0 ? folder : ".";
        return !Directory.Exists(root) ? [] :
        [
            .. Directory.EnumerateFiles(root, "*", new EnumerationOptions { RecurseSubdirectories = isDeep, AttributesToSkip = 0 })
                .Select(file => Path.GetRelativePath(root, file))
                .Where(file => FileSystemName.MatchesSimpleExpression(pattern, file, ignoreCase: false))
                .Select(file => folder + file)
                .Order(StringComparer.Ordinal),
        ];
    }

    private static async IAsyncEnumerable<PictureFile> OfFilesAsync(IEnumerable<string> paths, [EnumeratorCancellation] CancellationToken abort)
    {
        foreach (string path in paths)
        {
            if (IsTar(path))
            {
                await foreach (PictureFile file in OfTarFileAsync(path, abort)) { yield return file; }
            }
            else
            {
                yield return await OfFileAsync(path, abort);
            }
        }
    }

    private static async Task<PictureFile> OfFileAsync(string path, CancellationToken abort)
    {
        try
        {
            return new PictureFile(path, await File.ReadAllBytesAsync(path, abort));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new PictureFile(path, null, e.Message);
        }
    }

    private static async IAsyncEnumerable<PictureFile> OfTarFileAsync(string path, [EnumeratorCancellation] CancellationToken abort)
    {
        await using FileStream file = File.OpenRead(path);
        await using Stream tar = path.EndsWith("gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
        await foreach (PictureFile picture in OfTarAsync(tar, path, abort)) { yield return picture; }
    }

    private static async IAsyncEnumerable<PictureFile> OfInputAsync(Stream input, [EnumeratorCancellation] CancellationToken abort)
    {
        byte[] start = new byte[TarBlock];
        int read = await input.ReadAtLeastAsync(start, TarBlock, throwOnEndOfStream: false, abort);
        await using var whole = new PrefixedStream(start.AsMemory(0, read), input);
        if (read == TarBlock && start.AsSpan(TarMark, 5).SequenceEqual("ustar"u8))
        {
            await foreach (PictureFile picture in OfTarAsync(whole, StandardInput, abort)) { yield return picture; }
            yield break;
        }

        using var bytes = new MemoryStream();
        await whole.CopyToAsync(bytes, abort);
        yield return new PictureFile(StandardInput, bytes.ToArray());
    }

    /// <summary>The pictures of a tar. A tar that is truncated or not a tar ends with one error line.</summary>
    private static async IAsyncEnumerable<PictureFile> OfTarAsync(Stream stream, string name, [EnumeratorCancellation] CancellationToken abort)
    {
        await using var tar = new TarReader(stream);
        while (true)
        {
            (PictureFile? picture, bool isEnd) = await NextAsync(tar, name, abort);
            if (picture is { } found) { yield return found; }
            if (isEnd) { yield break; }
        }
    }

    private static async Task<(PictureFile? Picture, bool IsEnd)> NextAsync(TarReader tar, string name, CancellationToken abort)
    {
        try
        {
            if (await tar.GetNextEntryAsync(copyData: false, abort) is not { } entry) { return (null, true); }
            if (entry.DataStream is not { } data || !IsPicture(entry.Name)) { return (null, false); }

            using var bytes = new MemoryStream();
            await data.CopyToAsync(bytes, abort);
            return (new PictureFile($"{name}/{entry.Name}", bytes.ToArray()), false);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or FormatException)
        {
            return (new PictureFile(name, null, $"the tar cannot be read further: {e.Message}"), true);
        }
    }
}
