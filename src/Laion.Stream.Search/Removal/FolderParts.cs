using LaionStream.Dataset.Cutting;
using LaionStream.Dataset.Disk;
using LaionStream.Dataset.Manifest;
using LaionStream.Search.Index;
using LaionStream.Search.Outputs;
using LaionStream.Search.Subsets;

namespace LaionStream.Search.Removal;

/// <summary>
/// The parts of a folder that <c>subset --to</c> or <c>merge</c> made. They are replaced as those of an output are: files under temp names → manifest line, the
/// commit point → files renamed over the old ones → those without a successor deleted.
/// </summary>
internal sealed class FolderParts : IDisposable
{
    private const string SizesName = "sizes.json";

    private readonly FileStream? _lock;
    private readonly string _root;
    private readonly Action<string> _step;

    /// <summary>Opens the folder.</summary>
    /// <param name="root">The folder; has <c>state/manifest.jsonl</c>.</param>
    /// <param name="isRead">Whether it is only read; otherwise no other removal can open it.</param>
    /// <param name="step">For tests: called before each step that changes the disk.</param>
    /// <exception cref="IOException">Another process uses it.</exception>
    public FolderParts(string root, bool isRead, Action<string> step)
    {
        (_root, _step) = (root, step);
        _lock = isRead ? null : RemovalLock.Take(Path.Combine(root, "state", "lock"), isKept: true);
    }

    /// <summary>The parts that are valid now.</summary>
    public IEnumerable<ManifestEntry> Current => ManifestReader.ReadCurrent(ManifestPath);

    /// <summary>All removals so far.</summary>
    public IEnumerable<DerivedRemovalNote> Removals => ManifestReader.Read(ManifestPath).Where(entry => entry.Removal is not null)
        .Select(entry => new DerivedRemovalNote(entry.At, entry.Removal!.By, entry.Removal.Count));

    private string ManifestPath => Path.Combine(_root, "state", "manifest.jsonl");

    /// <summary>Ends what a crash interrupted.</summary>
    /// <exception cref="InvalidDataException">A file is damaged.</exception>
    public void EndEarlier()
    {
        ManifestEntry[] current = [.. Current];
        HashSet<string> waiting =
            [.. current.Where(entry => entry.Replaces is not null).SelectMany(entry => entry.Files).Select(file => Path.Combine(_root, file.Temp))];
        string[] folders = [.. ManifestReader.Read(ManifestPath).SelectMany(entry => entry.Files)
            .Select(file => Path.GetDirectoryName(Path.Combine(_root, file.Path))!).Distinct().Where(Directory.Exists)];
        foreach (string temp in folders.SelectMany(folder => Directory.EnumerateFiles(folder, $".*{AtomicFile.TempEnd}"))
            .Where(temp => !waiting.Contains(temp)))
        {
            _step("drop");
            File.Delete(temp);
        }

        // The last line only could be unfinished; to look at all of them costs nothing.
        foreach (ManifestEntry entry in ManifestReader.Read(ManifestPath).Where(entry => entry.Removal is not null)) { MakeVisible(entry); }
        WriteSizes();
    }

    /// <summary>Replaces a part.</summary>
    /// <param name="old">The part.</param>
    /// <param name="gone">The rows that do not stay.</param>
    /// <param name="by">Which lists ask for it.</param>
    /// <param name="at">When, UTC.</param>
    /// <param name="abort">Ends it early; the part is as it was then.</param>
    /// <exception cref="InvalidDataException">A file of the part is not here, or damaged.</exception>
    public void Replace(ManifestEntry old, ChosenRows gone, string by, DateTimeOffset at, CancellationToken abort)
    {
        LinkedFiles.Refuse(old.Files.Select(file => Path.Combine(_root, file.Path)));
        long commit = ManifestReader.Read(ManifestPath).Max(entry => entry.Commit) + 1;
        long left = old.Rows - gone.Count;
        ManifestFile[] files = left == 0 ? [] : [.. old.Files.Select(file => Cut(file, commit, new RowFilter(row => !gone.Has(0, 0, row), left), abort))];
        foreach (string folder in files.Select(file => Path.GetDirectoryName(Path.Combine(_root, file.Path))!).Distinct()) { FolderFlush.Names(folder); }

        var entry = new ManifestEntry(commit, old.Set, at, left, files, new Dictionary<int, string>())
        {
            Replaces = old.Commit,
            Removal = new ManifestRemoval(by, gone.Count, new Dictionary<int, string>(), files.Length > 0 ? [] : [.. old.Files.Select(file => file.Path)]),
        };
        _step("line");
        Append([.. entry.ToLine(), (byte)'\n']);
        MakeVisible(entry);
        _step("sizes");
        WriteSizes();
        _step("index");
        IndexRemoval.Remove(_root, old.Commit, [.. gone.Of(0, 0).Select(row => (int)row)], commit);
    }

    /// <inheritdoc/>
    public void Dispose() => _lock?.Dispose();

    private ManifestFile Cut(ManifestFile file, long commit, RowFilter rows, CancellationToken abort)
    {
        string source = Path.Combine(_root, file.Path);
        if (!File.Exists(source)) { throw new InvalidDataException($"'{source}' is not here, but its part is: nothing was removed from this part"); }

        string temp = FormattableString.Invariant(
            $"{file.Path[..(file.Path.LastIndexOf('/') + 1)]}.{Path.GetFileName(file.Path)}.{commit}{AtomicFile.TempEnd}");
        string path = Path.Combine(_root, temp);
        _step("cut");
        using (FileStream output = File.Create(path))
        {
            (file.Role switch
            {
                FileRole.Images => TarCut.CopyAsync(source, output, rows, end: true, abort),
                FileRole.ImageStats => StatsCut.CopyAsync(source, output, rows, abort),
                FileRole.ImageEmbeddings or FileRole.TextEmbeddings => VectorsCut.CopyAsync(source, output, rows, abort),
                FileRole.Rows or FileRole.ImageMetadata or FileRole.EmbeddingMetadata => RowsCut.CopyAsync(source, output, rows, abort),
                _ => throw new InvalidDataException($"'{source}' has the role {file.Role}, which this version does not know: a newer one wrote it"),
            }).GetAwaiter().GetResult();
            output.Flush(flushToDisk: true);
        }

        (long bytes, string sha256) = FileDigest.Of(path);
        return new ManifestFile(file.Path, temp, bytes, sha256) { Role = file.Role };
    }

    private void Append(byte[] line)
    {
        using FileStream manifest = new(ManifestPath, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        manifest.SetLength(LengthOfLines(manifest)); // without what a crash left of a line
        manifest.Seek(0, SeekOrigin.End);
        manifest.Write(line);
        manifest.Flush(flushToDisk: true);
    }

    private static long LengthOfLines(FileStream manifest)
    {
        byte[] last = new byte[1];
        for (long end = manifest.Length; end > 0; end--)
        {
            manifest.Position = end - 1;
            manifest.ReadExactly(last);
            if (last[0] == '\n') { return end; }
        }

        return 0;
    }

    private void MakeVisible(ManifestEntry entry)
    {
        foreach (ManifestFile file in entry.Files)
        {
            string temp = Path.Combine(_root, file.Temp);
            if (!File.Exists(temp)) { continue; }

            if (new FileInfo(temp).Length != file.Bytes)
            {
                throw new InvalidDataException($"'{temp}' has {new FileInfo(temp).Length} bytes, and {file.Bytes} were committed");
            }
            _step("rename");
            File.Move(temp, Path.Combine(_root, file.Path), overwrite: true);
        }

        foreach (string path in entry.Removal!.Gone)
        {
            _step("delete");
            File.Delete(Path.Combine(_root, path));
        }

        string[] folders = [.. entry.Files.Select(file => file.Path).Concat(entry.Removal.Gone)
            .Select(path => Path.GetDirectoryName(Path.Combine(_root, path))!).Distinct().Where(Directory.Exists)];
        foreach (string folder in folders) { FolderFlush.Names(folder); }
    }

    /// <summary>Writes the lists of tars that open_clip reads, where they differ from the manifest.</summary>
    private void WriteSizes()
    {
        var sizes = new Dictionary<string, SortedDictionary<string, long>>(StringComparer.Ordinal);
        foreach (string tar in ManifestReader.Read(ManifestPath).Select(entry => entry.FileOf(FileRole.Images)?.Path).OfType<string>())
        {
            sizes.TryAdd(Path.GetDirectoryName(Path.Combine(_root, tar))!, new SortedDictionary<string, long>(StringComparer.Ordinal));
        }

        foreach (ManifestEntry entry in Current)
        {
            if (entry.FileOf(FileRole.Images)?.Path is { } tar) { sizes[Path.GetDirectoryName(Path.Combine(_root, tar))!][Path.GetFileName(tar)] = entry.Rows; }
        }

        foreach ((string folder, SortedDictionary<string, long> counts) in sizes)
        {
            string path = Path.Combine(folder, SizesName);
            byte[] json = ShardSizesJson.Of(counts);
            if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(json)) { AtomicFile.Write(path, json); }
        }
    }
}
