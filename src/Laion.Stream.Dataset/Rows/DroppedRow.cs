namespace LaionStream.Dataset.Rows;

/// <summary>One dropped row: why it was dropped, and what was known of it by then.</summary>
public sealed record DroppedRow
{
    /// <summary>File number &lt;&lt; 32 | ordinal.</summary>
    public required long SampleId { get; init; }

    /// <summary>The link's address after the URL rules, or as it was found when the rules rejected it; null where there was none.</summary>
    public string? Url { get; init; }

    /// <summary>The caption after the caption rules, or as it was found when the rules rejected the link; null where there was none.</summary>
    public string? Text { get; init; }

    /// <summary>Why it was dropped.</summary>
    public required DropOutcome Outcome { get; init; }

    /// <summary>1 for a row that was dropped for the first time, one more for each time that <c>retry</c> tried it again.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>When it was dropped, UTC.</summary>
    public required DateTimeOffset DroppedAt { get; init; }

    /// <summary>Position among the links of the input file.</summary>
    public required long Ordinal { get; init; }

    /// <summary>Name of the input file.</summary>
    public required string Source { get; init; }

    /// <summary>The page that contained the link.</summary>
    public string? PageUrl { get; init; }

    /// <summary>MurmurHash3 of URL + TEXT; null for a link that never became a candidate.</summary>
    public long? Hash { get; init; }

    /// <summary>CLD3's code without script suffix, or <c>nolang</c>; null before the language was determined.</summary>
    public string? Language { get; init; }

    /// <summary>Creative Commons licence link of the page, else <c>?</c>; null for a link that never became a candidate.</summary>
    public string? License { get; init; }

    /// <summary>Values of a list's other columns, in the order of the file's extra-column schema.</summary>
    public IReadOnlyList<object?>? Extras { get; init; }

    /// <summary>What the download found; null when it was dropped before or by the download.</summary>
    public FetchFacts? Fetch { get; init; }

    /// <summary>What the decode found; null when it was dropped before or by the decode.</summary>
    public PictureFacts? Picture { get; init; }

    /// <summary>What the models had found by then.</summary>
    public Scores Scores { get; init; } = Scores.None;
}
