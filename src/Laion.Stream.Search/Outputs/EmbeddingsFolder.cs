namespace LaionStream.Search.Outputs;

/// <summary>The files of a folder of embeddings that clip-retrieval or autofaiss made, in the order that gives rows their numbers: that of their names as text.</summary>
/// <param name="Pictures">Vectors of pictures: <c>img_emb/*.npy</c>, else <c>*.npy</c>.</param>
/// <param name="Captions">Vectors of captions: <c>text_emb/*.npy</c>.</param>
/// <param name="Metadata">Columns of the rows: <c>metadata/*.parquet</c>, else, beside vectors that lie in the folder itself, <c>*.parquet</c>.</param>
internal sealed record EmbeddingsFolder(IReadOnlyList<string> Pictures, IReadOnlyList<string> Captions, IReadOnlyList<string> Metadata)
{
    /// <summary>Whether the folder has vectors.</summary>
    public bool HasVectors => Pictures.Count + Captions.Count > 0;

    /// <summary>Looks for the files. A folder that is not there has none.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static EmbeddingsFolder Find(string folder)
    {
        string[] pictures = Names(folder, "img_emb", "*.npy");
        string[] captions = Names(folder, "text_emb", "*.npy");
        string[] metadata = Names(folder, "metadata", "*.parquet");
        if (pictures.Length > 0) { return new EmbeddingsFolder(pictures, captions, metadata); }

        string[] loose = Names(folder, "", "*.npy");
        return new EmbeddingsFolder(loose, captions, metadata.Length > 0 || loose.Length == 0 ? metadata : Names(folder, "", "*.parquet"));
    }

    /// <summary>Refuses metadata that do not belong to vectors: clip-retrieval pairs the files by the order of their names.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="vectors">The vectors' files.</param>
    /// <exception cref="InvalidDataException">There are metadata, and not one file for each of vectors.</exception>
    public void CheckPairs(string folder, IReadOnlyList<string> vectors)
    {
        if (Metadata.Count == 0 || Metadata.Count == vectors.Count) { return; }

        throw new InvalidDataException($"'{folder}' has {vectors.Count} files of vectors and {Metadata.Count} of metadata: they cannot be paired.");
    }

    private static string[] Names(string folder, string inner, string pattern)
    {
        string path = Path.Combine(folder, inner);
        if (!Directory.Exists(path)) { return []; }

        string[] names = [.. Directory.GetFiles(path, pattern).Where(name => !Path.GetFileName(name).StartsWith('.'))];
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }
}
