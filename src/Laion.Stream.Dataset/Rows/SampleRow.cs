namespace LaionStream.Dataset.Rows;

/// <summary>One row of the dataset; its columns are those of LAION-5B's published files and our additions.</summary>
public sealed record SampleRow
{
    /// <summary>File number &lt;&lt; 32 | ordinal.</summary>
    public required long SampleId { get; init; }

    /// <summary>Position among the links of the input file.</summary>
    public required long Ordinal { get; init; }

    /// <summary>Where the picture was found.</summary>
    public required string Url { get; init; }

    /// <summary>The caption; null for lists without one.</summary>
    public string? Text { get; init; }

    /// <summary>MurmurHash3 of URL + TEXT.</summary>
    public required long Hash { get; init; }

    /// <summary>CLD3's code without script suffix, or <c>nolang</c>.</summary>
    public required string Language { get; init; }

    /// <summary>Creative Commons licence link of the page, else <c>?</c>.</summary>
    public required string License { get; init; }

    /// <summary>The page that contained the link.</summary>
    public string? PageUrl { get; init; }

    /// <summary>Name of the input file.</summary>
    public required string Source { get; init; }

    /// <summary>Values of a list's other columns, in the order of the file's extra-column schema.</summary>
    public IReadOnlyList<object?>? Extras { get; init; }

    /// <summary>Number of the part as text, and name of the tar that contains the picture; null when none is stored.</summary>
    public string? Shard { get; init; }

    /// <summary>The picture's key in the tar; null when none is stored.</summary>
    public string? Key { get; init; }

    /// <summary>What the download found.</summary>
    public required FetchFacts Fetch { get; init; }

    /// <summary>What the decode found.</summary>
    public required PictureFacts Picture { get; init; }

    /// <summary>What the models found.</summary>
    public required Scores Scores { get; init; }
}
