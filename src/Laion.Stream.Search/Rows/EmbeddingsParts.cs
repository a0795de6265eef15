using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LaionStream.Dataset.Manifest;
using LaionStream.Search.Outputs;
using LaionStream.Search.Vectors;

namespace LaionStream.Search.Rows;

/// <summary>The files of a folder of another program's embeddings as the parts of an output: one for each file of vectors, numbered from 0 like those of an index.</summary>
internal static class EmbeddingsParts
{
    /// <summary>The set that their rows have.</summary>
    public const string Set = "embeddings";

    /// <summary>Finds them. The file of a part's rows is that of their metadata; without metadata that of the vectors, which says how many rows there are.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="InvalidDataException">It holds no vectors, or a file is broken; the message names folder or file.</exception>
    public static OutputPart[] Of(string folder)
    {
        var found = EmbeddingsFolder.Find(folder);
        if (!found.HasVectors)
        {
            throw new InvalidDataException(
                $"'{folder}' has no state/manifest.jsonl: it is not the output of a run; and it has no img_emb/*.npy: it is no folder of embeddings.");
        }

        IReadOnlyList<string> vectors = found.Pictures.Count > 0 ? found.Pictures : found.Captions;
        found.CheckPairs(folder, vectors);
        long first = 0;
        return [.. vectors.Select((path, i) =>
        {
            var part = new OutputPart(folder, EntryOf(folder, i, path, found.Metadata.Count > 0 ? found.Metadata[i] : path)) { FirstRow = first };
            first += part.Entry.Rows;
            return part;
        })];
    }

    private static ManifestEntry EntryOf(string folder, int number, string vectors, string rows)
    {
        var file = new FileInfo(rows);
        string name = Path.GetRelativePath(folder, rows).Replace(Path.DirectorySeparatorChar, '/');
        long count = MappedVectors.ShapeOf(vectors).Rows;

        // The bytes are not read: a file that was changed has another time.
        string identity = string.Create(CultureInfo.InvariantCulture, $"{name} {count} {file.Length} {file.LastWriteTimeUtc.Ticks}");
        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)));
        return new ManifestEntry(number, Set, file.LastWriteTimeUtc, count, [new ManifestFile(name, name, file.Length, digest)], new Dictionary<int, string>());
    }
}
