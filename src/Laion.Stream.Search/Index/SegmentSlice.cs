using System.Text.Json.Serialization;

namespace LaionStream.Search.Index;

/// <summary>Adjacent rows of one part that a segment has. Their keys follow each other.</summary>
/// <param name="Commit">The part's commit; 0 for another program's embeddings.</param>
/// <param name="Path">The file of vectors, relative to the folder.</param>
/// <param name="From">Position of the first row in the part.</param>
/// <param name="Rows">How many.</param>
/// <param name="PartRows">Rows of the part.</param>
/// <param name="Bytes">Size of the file of vectors.</param>
internal sealed record SegmentSlice(long Commit, string Path, int From, int Rows, int PartRows, long Bytes)
{
    /// <summary>Digest of the file of vectors, as the output's manifest gives it.</summary>
    /// <value>Null for another program's embeddings.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Sha256 { get; init; }

    /// <summary>When another program's file was last changed, Unix milliseconds.</summary>
    /// <value>Null for an output of ours.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Changed { get; init; }

    /// <summary>Whether the numbers make sense.</summary>
    [JsonIgnore]
    public bool IsValid => Path is not null && From >= 0 && Rows > 0 && PartRows >= Rows && From <= PartRows - Rows;
}
