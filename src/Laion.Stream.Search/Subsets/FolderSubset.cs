using LaionStream.Dataset.Cutting;
using LaionStream.Dataset.Disk;
using LaionStream.Dataset.Manifest;
using LaionStream.Search.Outputs;
using LaionStream.Search.Sql;

namespace LaionStream.Search.Subsets;

/// <summary>
/// Writes a subset as a folder like that of an output: of each part the chosen rows, with their pictures or their vectors, under the part's own names, so that the
/// rows' keys stay valid. Several inputs get a folder each, <c>0</c>, <c>1</c> …
/// </summary>
/// <param name="folder">The folder to fill; exists.</param>
/// <param name="format">Pictures or vectors.</param>
internal sealed class FolderSubset(string folder, SubsetFormat format)
{
    private static readonly string[] PictureRoles = [FileRole.Images, FileRole.ImageMetadata, FileRole.ImageStats];
    private static readonly string[] VectorRoles = [FileRole.ImageEmbeddings, FileRole.TextEmbeddings, FileRole.EmbeddingMetadata];

    private string[] Roles => format == SubsetFormat.Shards ? PictureRoles : VectorRoles;

    /// <summary>Refuses inputs without pictures or vectors, before anything is written.</summary>
    /// <exception cref="RequestException">An input has none; it is named.</exception>
    public void Check(IEnumerable<RowsFile> files)
    {
        string first = Roles[0];
        foreach (RowsFile file in files)
        {
            if (file.Part is not { } part) { throw new RequestException($"'{file.Path}' belongs to no output folder: only outputs have pictures and vectors"); }
            if (part.Entry.FileOf(first) is null)
            {
                throw new RequestException(format == SubsetFormat.Shards
                    ? $"'{part.Folder}' has no tars of pictures (Writing:Images with Writing:Container=tar)"
                    : $"'{part.Folder}' has no vectors (Writing:Embeddings)");
            }
        }
    }

    /// <summary>Writes the chosen rows of each part that has some.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="chosen">The files with chosen rows and which; in the order of the rows.</param>
    /// <param name="abort">Ends it early.</param>
    /// <exception cref="RequestException">A file of a part is not here.</exception>
    public async Task WriteAsync(IReadOnlyList<RowsInput> inputs, IEnumerable<(RowsFile File, long[] Rows)> chosen, CancellationToken abort)
    {
        var lines = new Dictionary<string, List<byte>>(StringComparer.Ordinal);
        var sizes = new Dictionary<string, SortedDictionary<string, long>>(StringComparer.Ordinal);
        foreach ((RowsFile file, long[] rows) in chosen)
        {
            string root = RootOf(inputs, file.Part!);
            ManifestEntry entry = await WritePartAsync(root, file.Part!, rows, abort);
            if (!lines.TryGetValue(root, out List<byte>? line)) { lines[root] = line = []; }
            line.AddRange(entry.ToLine());
            line.Add((byte)'\n');
            if (entry.FileOf(FileRole.Images) is not { } tar) { continue; }

            string images = Path.GetDirectoryName(Path.Combine(root, tar.Path))!;
            if (!sizes.TryGetValue(images, out SortedDictionary<string, long>? counts)) { sizes[images] = counts = new(StringComparer.Ordinal); }
            counts[Path.GetFileName(tar.Path)] = entry.Rows;
        }

        foreach ((string images, SortedDictionary<string, long> counts) in sizes)
        {
            AtomicFile.Write(Path.Combine(images, "sizes.json"), ShardSizesJson.Of(counts));
        }

        foreach ((string root, List<byte> line) in lines)
        {
            Directory.CreateDirectory(Path.Combine(root, "state"));
            AtomicFile.Write(Path.Combine(root, "state", "manifest.jsonl"), line.ToArray());
        }

        foreach (string made in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories)) { FolderFlush.Names(made); }
    }

    private string RootOf(IReadOnlyList<RowsInput> inputs, OutputPart part)
    {
        int number = inputs.Select((input, i) => (input, i)).First(pair => pair.input.Files.Any(file => ReferenceEquals(file.Part, part))).i;
        return inputs.Count == 1 ? folder : Path.Combine(folder, SqlText.Number(number));
    }

    private async Task<ManifestEntry> WritePartAsync(string root, OutputPart part, long[] rows, CancellationToken abort)
    {
        var files = new List<ManifestFile>();
        foreach (ManifestFile file in part.Entry.Files.Where(file => file.Role == FileRole.Rows || Roles.Contains(file.Role)))
        {
            string source = part.PathOf(file.Role) ?? throw new RequestException($"'{Path.Combine(part.Folder, file.Path)}' is not here");
            string path = Path.Combine(root, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using (FileStream output = File.Create(path))
            {
                await CutAsync(file.Role, source, output, FilterOf(rows), abort);
                output.Flush(flushToDisk: true);
            }

            (long bytes, string sha256) = FileDigest.Of(path);
            files.Add(new ManifestFile(file.Path, file.Path, bytes, sha256) { Role = file.Role });
        }

        return new ManifestEntry(part.Entry.Commit, part.Entry.Set, part.Entry.At, rows.Length, files, new Dictionary<int, string>());
    }

    private static Task CutAsync(string role, string source, Stream output, RowFilter rows, CancellationToken abort) => role switch
    {
        FileRole.Images => TarCut.CopyAsync(source, output, rows, end: true, abort),
        FileRole.ImageStats => StatsCut.CopyAsync(source, output, rows, abort),
        FileRole.ImageEmbeddings or FileRole.TextEmbeddings => VectorsCut.CopyAsync(source, output, rows, abort),
        _ => RowsCut.CopyAsync(source, output, rows, abort),
    };

    private static RowFilter FilterOf(long[] rows) => new(row => Array.BinarySearch(rows, row) >= 0, rows.Length);
}
