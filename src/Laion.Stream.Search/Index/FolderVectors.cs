using LaionStream.Dataset.Manifest;
using LaionStream.Search.Outputs;
using LaionStream.Search.Vectors;

namespace LaionStream.Search.Index;

/// <summary>Finds the vectors of a folder: of an output of this program by its manifest, of another program's embeddings by their names.</summary>
internal static class FolderVectors
{
    /// <summary>The parts of a folder, in the order that gives rows their numbers, with the mapped vectors of each.</summary>
    /// <param name="folder">An output, a folder with <c>img_emb</c> (and <c>text_emb</c>, <c>metadata</c>), or one with <c>.npy</c> files.</param>
    /// <param name="kind">Which vectors.</param>
    /// <param name="firstRow">The number of its first row.</param>
    /// <exception cref="InvalidDataException">It has no such vectors, or a file is broken; the message names folder or file.</exception>
    /// <exception cref="NoVectorsException">It has none of this kind; an output may have some later, and throws none.</exception>
    public static IEnumerable<(VectorPart Part, MappedVectors? Vectors)> Open(string folder, VectorKind kind, long firstRow)
    {
        if (!Directory.Exists(folder)) { throw new InvalidDataException($"'{folder}' is not there."); }

        return File.Exists(Path.Combine(folder, "state", "manifest.jsonl")) ? OfOutput(folder, kind, firstRow) : OfOthers(folder, kind, firstRow);
    }

    private static IEnumerable<(VectorPart Part, MappedVectors? Vectors)> OfOutput(string folder, VectorKind kind, long firstRow)
    {
        string role = kind == VectorKind.Image ? FileRole.ImageEmbeddings : FileRole.TextEmbeddings;
        var commits = new HashSet<long>();
        foreach (OutputPart output in OutputFolder.Parts(folder))
        {
            if (!commits.Add(output.Entry.Commit) || output.Entry.Rows is < 0 or > int.MaxValue)
            {
                throw new InvalidDataException($"'{Path.Combine(folder, "state", "manifest.jsonl")}' is damaged: commit {output.Entry.Commit} is there twice, or has {output.Entry.Rows} rows.");
            }

            string? path = output.PathOf(role);
            var part = new VectorPart(folder, output.Entry.Commit, output.Entry.FileOf(role)?.Path, firstRow + output.FirstRow, (int)output.Entry.Rows)
            {
                Output = output,
                MetadataPath = output.Entry.FileOf(FileRole.EmbeddingMetadata)?.Path,
            };
            yield return (part, path is null ? null : OpenWhole(path, part.Rows));
        }
    }

    private static MappedVectors OpenWhole(string path, int rows)
    {
        MappedVectors vectors = MappedVectors.Open(path);
        if (vectors.Shape.Rows == rows) { return vectors; }

        long found = vectors.Shape.Rows;
        vectors.Dispose();
        throw new InvalidDataException($"'{path}' has {found} vectors, its part has {rows} rows.");
    }

    private static IEnumerable<(VectorPart Part, MappedVectors? Vectors)> OfOthers(string folder, VectorKind kind, long firstRow)
    {
        string inner = kind == VectorKind.Image ? "img_emb" : "text_emb";
        var found = EmbeddingsFolder.Find(folder);
        IReadOnlyList<string> files = kind == VectorKind.Image ? found.Pictures : found.Captions;
        if (files.Count == 0)
        {
            throw new NoVectorsException(
                $"'{folder}' has no vectors of {(kind == VectorKind.Image ? "pictures" : "captions")}: neither state/manifest.jsonl of an output nor {inner}/*.npy{(kind == VectorKind.Image ? " nor *.npy" : "")}.");
        }

        found.CheckPairs(folder, files);
        for (int i = 0; i < files.Count; i++)
        {
            MappedVectors vectors = MappedVectors.Open(files[i]);
            var part = new VectorPart(folder, i, Relative(folder, files[i]), firstRow, (int)vectors.Shape.Rows)
            {
                MetadataPath = found.Metadata.Count > 0 ? Relative(folder, found.Metadata[i]) : null,
            };
            yield return (part, vectors);
            firstRow += part.Rows;
        }
    }

    private static string Relative(string folder, string path) => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
}
