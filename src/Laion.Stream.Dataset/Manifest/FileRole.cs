namespace LaionStream.Dataset.Manifest;

/// <summary>The contents of a file of a part, as named in the manifest. Readers of an output ignore files of an unknown role.</summary>
public static class FileRole
{
    /// <summary>The rows, as Parquet. Each commit has exactly one such file.</summary>
    public const string Rows = "rows";

    /// <summary>The pictures with captions and metadata, as a tar: three entries per row, in the order of the rows.</summary>
    public const string Images = "images";

    /// <summary>
    /// The pictures with captions and metadata, as a folder of loose files: three per row, named by keys in the order of the rows. Its size is that of all
    /// files, its digest covers their names and bytes (docs/output-format.md).
    /// </summary>
    public const string ImageFolder = "image-folder";

    /// <summary>The contents of the tar's <c>.json</c> entries, as Parquet, in the order of the rows; with a column of the pictures when there is no tar.</summary>
    public const string ImageMetadata = "image-metadata";

    /// <summary>The tar's number of samples and the time it was made, as JSON.</summary>
    public const string ImageStats = "image-stats";

    /// <summary>The vectors of the pictures, as NumPy: one per row, in the order of the rows.</summary>
    public const string ImageEmbeddings = "image-embeddings";

    /// <summary>The vectors of the captions, as NumPy: one per row, in the order of the rows.</summary>
    public const string TextEmbeddings = "text-embeddings";

    /// <summary>The metadata of each row for an index over the vectors, as Parquet, in the order of the rows.</summary>
    public const string EmbeddingMetadata = "embedding-metadata";

    /// <summary>Dropped rows, as Parquet. The only file of its commit, which lists no kept row.</summary>
    public const string Dropped = "dropped";
}
