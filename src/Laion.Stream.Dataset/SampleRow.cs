namespace LaionStream.Dataset;

/// <summary>One row of the dataset; the columns are those of LAION-5B's published files and our additions (SPEC 9).</summary>
public sealed record SampleRow
{
    /// <summary>File number &lt;&lt; 32 | ordinal.</summary>
    public required long SampleId { get; init; }

    /// <summary>Where the picture was found.</summary>
    public required string Url { get; init; }

    /// <summary>The caption; null for lists without one.</summary>
    public string? Text { get; init; }

    /// <summary>Pixels across of the original.</summary>
    public required int Width { get; init; }

    /// <summary>Pixels down of the original.</summary>
    public required int Height { get; init; }

    /// <summary>Creative Commons licence link of the page, else <c>?</c>.</summary>
    public required string License { get; init; }

    /// <summary><c>UNLIKELY</c>, <c>UNSURE</c> or <c>NSFW</c>; null without such a model.</summary>
    public string? Nsfw { get; init; }

    /// <summary>CLD3's code without script suffix, or <c>nolang</c>.</summary>
    public required string Language { get; init; }

    /// <summary>Cosine of the CLIP embeddings; null without text.</summary>
    public double? Similarity { get; init; }

    /// <summary>MurmurHash3 of URL + TEXT.</summary>
    public required long Hash { get; init; }

    /// <summary>P(watermark).</summary>
    public float? Watermark { get; init; }

    /// <summary>P(NSFW).</summary>
    public float? Unsafe { get; init; }

    /// <summary>Aesthetic score.</summary>
    public float? Aesthetic { get; init; }

    /// <summary>P(inappropriate) by Q16.</summary>
    public float? Q16 { get; init; }

    /// <summary>P(toxic text).</summary>
    public float? Toxicity { get; init; }

    /// <summary>Hex MD5 of the fetched bytes.</summary>
    public required string Md5 { get; init; }

    /// <summary>Perceptual hash, 16 hex digits.</summary>
    public required string PHash { get; init; }

    /// <summary>The page that carried the link.</summary>
    public string? PageUrl { get; init; }

    /// <summary>Where redirects ended.</summary>
    public required string FinalUrl { get; init; }

    /// <summary>Name of the input file.</summary>
    public required string Source { get; init; }

    /// <summary>Place among the links of the input file.</summary>
    public required long Ordinal { get; init; }

    /// <summary>When the body was complete, UTC.</summary>
    public required DateTimeOffset FetchedAt { get; init; }

    /// <summary>Values of a list's other columns, in the order of the file's extra-column schema.</summary>
    public IReadOnlyList<object?>? Extras { get; init; }
}
