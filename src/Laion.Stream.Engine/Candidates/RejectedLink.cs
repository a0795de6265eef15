using LaionStream.Dataset.Rows;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Candidates;

/// <summary>A link that the rules rejected, as it was found.</summary>
/// <param name="Key">Input file and ordinal.</param>
/// <param name="Url">The address; null where there is none.</param>
/// <param name="Text">The caption; null where there is none.</param>
/// <param name="PageUrl">Address of the page that contained the link; null for lists that give none.</param>
/// <param name="Source">Name of the input file.</param>
public sealed record RejectedLink(RowKey Key, string? Url, string? Text, string? PageUrl, string Source) : IRow
{
    /// <summary>Values of a list's other columns, in the order of the run's extra-column schema; null for WAT and WARC.</summary>
    public IReadOnlyList<object?>? Extras { get; init; }
}
