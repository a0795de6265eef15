namespace LaionStream.Search.Subsets;

/// <summary>What a subset is written as.</summary>
public enum SubsetFormat
{
    /// <summary>One Parquet file, compressed with zstd.</summary>
    Parquet,

    /// <summary>Comma-separated values with a head line.</summary>
    Csv,

    /// <summary>One JSON object a line.</summary>
    Jsonl,

    /// <summary>One address a line, which img2dataset reads as <c>--input_format txt</c>.</summary>
    Urls,

    /// <summary>A folder like that of an output: the rows, and tars of their pictures, with their metadata, in img2dataset's layout.</summary>
    Shards,

    /// <summary>A folder like that of an output: the rows, and their vectors, with their metadata, in clip-retrieval's layout.</summary>
    Embeddings,
}
