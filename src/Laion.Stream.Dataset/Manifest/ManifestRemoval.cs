using System.Text.Json.Serialization;

namespace LaionStream.Dataset.Manifest;

/// <summary>The rows that a commit lacks against the one that it replaces. Their content is nowhere in it.</summary>
/// <param name="By">Which lists asked for it: what they list, and the SHA-256 of each.</param>
/// <param name="Count">How many kept rows.</param>
/// <param name="Rows">The rows by input file: file number to ordinals, as <see cref="RowRanges"/> writes them.</param>
/// <param name="Gone">Paths of the replaced commit that this one has no file for: they are deleted.</param>
public sealed record ManifestRemoval(string By, long Count, IReadOnlyDictionary<int, string> Rows, IReadOnlyList<string> Gone)
{
    /// <summary>How many dropped rows. A commit lacks either these or kept rows.</summary>
    /// <value>0 for kept rows, whose line does not have the field.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Dropped { get; init; }
}
