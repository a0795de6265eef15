namespace LaionStream.Search.Removal;

/// <summary>What became of one subset or merged output.</summary>
/// <param name="Path">Where it is, or was written.</param>
/// <param name="State">How it ended.</param>
/// <param name="Rows">Rows removed now; of a trial those to remove.</param>
/// <param name="Reason">Why it failed; null otherwise.</param>
public sealed record DerivedReport(string Path, DerivedState State, long Rows, string? Reason = null)
{
    /// <summary>Its folders that have a manifest, and perhaps an index: itself, or one for each input; none of a file.</summary>
    public IReadOnlyList<string> Roots { get; init; } = [];
}
