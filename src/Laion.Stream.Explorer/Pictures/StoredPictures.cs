using LaionStream.Dataset.Manifest;
using LaionStream.Explorer.Data;
using LaionStream.Explorer.Queries;
using LaionStream.Search.Rows;

namespace LaionStream.Explorer.Pictures;

/// <summary>
/// Reads pictures that are stored with the rows. Which file is read follows from the manifest and the row alone: nothing of a request becomes a path.
/// </summary>
internal sealed class StoredPictures
{
    private const int MostBytes = 64 << 20;
    private static readonly string[] Extensions = ["jpg", "webp", "png", "gif", "tiff", "avif", "heic"];

    private readonly Known<string, TarPictures> _tars = new(32 << 20, tar => tar.Weight);

    /// <summary>Reads a row's picture.</summary>
    /// <param name="span">Its part.</param>
    /// <param name="at">Its position in the part.</param>
    /// <param name="abort">Ends the reading.</param>
    /// <returns>Null when none is stored.</returns>
    public byte[]? Read(RowSpan span, int at, CancellationToken abort)
    {
        if (span.Part.PathOf(FileRole.Images) is { } tar) { return TarOf(tar, abort).Read(tar, at); }

        string? folder = FolderOf(span);
        if (folder is null || RowViews.TextOf(span.File, span.File.Read(at), RowMeaning.Key) is not { } key || !key.All(char.IsAsciiDigit)) { return null; }
        return Extensions.Select(extension => Path.Combine(folder, $"{key}.{extension}")).FirstOrDefault(File.Exists) is { } path
            && new FileInfo(path).Length <= MostBytes
            ? File.ReadAllBytes(path)
            : null;
    }

    private static string? FolderOf(RowSpan span)
    {
        if (span.Part.Entry.FileOf(FileRole.ImageFolder) is not { } folder) { return null; }
        string path = Path.Combine(span.Part.Folder, folder.Path);
        return Directory.Exists(path) ? path : null;
    }

    private TarPictures TarOf(string path, CancellationToken abort) =>
        _tars.TryGet(path, out TarPictures known) ? known : _tars.Keep(path, TarPictures.Read(path, MostBytes, abort));
}
