using System.Text.Json.Serialization;
using LaionStream.Dataset.Manifest;

namespace LaionStream.Search.Index;

/// <summary>Rows of a part that no search may find any more.</summary>
/// <param name="Commit">The part's commit.</param>
/// <param name="Rows">Their positions in the part, as <see cref="RowRanges"/> writes them.</param>
internal sealed record RemovalEntry(long Commit, string Rows)
{
    private const int LongestPart = 1 << 27;

    /// <summary>The commit of the part that has the other rows, in the same order.</summary>
    /// <value>Null when the part was not rewritten.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? ReplacedBy { get; init; }

    /// <summary>Whether the ranges can be read, and are of a part that memory can follow.</summary>
    [JsonIgnore]
    public bool IsValid
    {
        get
        {
            try
            {
                return Rows is not null && Ranges().All(range => range.First >= 0 && range.Count > 0 && range.First <= LongestPart - range.Count);
            }
            catch (Exception e) when (e is FormatException or OverflowException)
            {
                return false;
            }
        }
    }

    /// <summary>The positions, ascending.</summary>
    public IEnumerable<(int First, int Count)> Ranges() => Rows.Length == 0 ? [] : RowRanges.Parse(Rows);
}
