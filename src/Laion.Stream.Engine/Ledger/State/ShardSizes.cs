using System.Text.Json;
using LaionStream.Dataset.Manifest;
using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Ledger.State;

/// <summary>
/// <c>sizes.json</c> beside the tars of a set: tar → samples, as open_clip reads it. It is derived from the manifest and is rewritten as the last step of a
/// commit, before any other write to the ledger: a reader that sees a tar in it finds the tar, and it contains every commit before the current segment.
/// </summary>
/// <param name="disk">The disk.</param>
/// <param name="root">The output folder.</param>
/// <param name="readManifest">Every commit, for a file that is missing or damaged.</param>
internal sealed class ShardSizes(IDisk disk, string root, Func<IEnumerable<ManifestEntry>> readManifest)
{
    /// <summary>The folder of the tars, below the set's.</summary>
    public const string Folder = "images";

    /// <summary>The file's name in that folder.</summary>
    public const string Name = "sizes.json";

    private readonly Dictionary<string, SortedDictionary<string, long>> _byFolder = new(StringComparer.Ordinal);

    /// <summary>Adds a commit's tar, if it has one, and writes the file.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public void Add(ManifestEntry entry)
    {
        if (TarOf(entry) is var (folder, name) && !(Of(folder).TryGetValue(name, out long rows) && rows == entry.Rows)) { Write(folder, name, entry.Rows); }
    }

    /// <summary>Takes tars out that are no more.</summary>
    /// <param name="paths">Files that were deleted, tars or others.</param>
    /// <exception cref="IOException">The disk failed.</exception>
    public void Remove(IEnumerable<string> paths)
    {
        foreach (string path in paths)
        {
            int slash = path.LastIndexOf('/');
            bool isTar = slash >= 0 && path.EndsWith(".tar", StringComparison.Ordinal);
            if (isTar && Of(path[..slash]) is { } sizes && sizes.Remove(path[(slash + 1)..])) { Write(path[..slash], sizes); }
        }
    }

    /// <summary>Writes the files that a crash left unwritten, and those that are missing or damaged.</summary>
    /// <param name="sets">The sets of the output.</param>
    /// <param name="commits">The commits of the current segment.</param>
    /// <exception cref="IOException">The disk failed.</exception>
    public void Complete(IEnumerable<string> sets, IReadOnlyList<ManifestEntry> commits)
    {
        foreach (string folder in sets.Select(set => $"{set}/{Folder}").Where(folder => Directory.Exists(Path.Combine(root, folder)))) { Of(folder); }

        foreach (ManifestEntry entry in commits) { Add(entry); }
    }

    /// <summary>Whether a file is one of these rather than a file of a part.</summary>
    /// <param name="path">Relative to the output folder, with forward slashes.</param>
    public static bool IsOne(string path) => path.EndsWith("/" + Name, StringComparison.Ordinal);

    /// <summary>Reads such a file.</summary>
    /// <exception cref="JsonException">It is not such a file.</exception>
    public static SortedDictionary<string, long> Parse(ReadOnlySpan<byte> json) =>
        new(JsonSerializer.Deserialize(json, CheckpointJson.Default.DictionaryStringInt64) ?? [], StringComparer.Ordinal);

    private static (string Folder, string Name)? TarOf(ManifestEntry entry) =>
        entry.FileOf(FileRole.Images)?.Path is { } path && path.LastIndexOf('/') is >= 0 and int slash ? (path[..slash], path[(slash + 1)..]) : null;

    private SortedDictionary<string, long> Of(string folder)
    {
        if (!_byFolder.TryGetValue(folder, out SortedDictionary<string, long>? sizes))
        {
            sizes = Read(folder) ?? Recount(folder);
            _byFolder[folder] = sizes;
        }

        return sizes;
    }

    private SortedDictionary<string, long>? Read(string folder)
    {
        string path = PathOf(folder);
        if (!File.Exists(path)) { return null; }

        try
        {
            return Parse(File.ReadAllBytes(path));
        }
        catch (JsonException)
        {
            return null; // damaged by something else: the manifest has all of it
        }
    }

    private SortedDictionary<string, long> Recount(string folder)
    {
        var sizes = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (ManifestEntry entry in readManifest())
        {
            if (TarOf(entry) is var (where, name) && where == folder) { sizes[name] = entry.Rows; }
        }

        if (sizes.Count > 0) { Write(folder, sizes); }
        return sizes;
    }

    private void Write(string folder, string name, long rows)
    {
        SortedDictionary<string, long> sizes = Of(folder);
        sizes[name] = rows;
        Write(folder, sizes);
    }

    private void Write(string folder, SortedDictionary<string, long> sizes)
    {
        string path = PathOf(folder);
        string temp = Path.Combine(root, TempNames.Of($"{folder}/{Name}"));
        using (Stream file = disk.Create(temp))
        {
            file.Write(JsonSerializer.SerializeToUtf8Bytes(sizes, CheckpointJson.Default.SortedDictionaryStringInt64));
            disk.Flush(file);
        }

        disk.Rename(temp, path);
        disk.FlushFolder(Path.GetDirectoryName(path)!);
    }

    private string PathOf(string folder) => Path.Combine(root, folder, Name);
}
