namespace LaionStream.Search.Subsets;

/// <summary>Of which rows only one is taken: the first, in the order of the sets (en, multi, nolang, others), the inputs, their parts and the rows of a part.</summary>
public enum DistinctBy
{
    /// <summary>All rows are taken.</summary>
    None,

    /// <summary>Rows with the same URL and caption.</summary>
    Hash,

    /// <summary>Rows with the same URL.</summary>
    Url,

    /// <summary>Rows whose pictures have the same perceptual hash.</summary>
    PHash,
}
