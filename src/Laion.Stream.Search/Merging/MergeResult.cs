namespace LaionStream.Search.Merging;

/// <summary>What was written.</summary>
/// <param name="Rows">Rows of the merged output.</param>
/// <param name="Of">Rows of the inputs.</param>
/// <param name="Parts">Parts of the merged output.</param>
public sealed record MergeResult(long Rows, long Of, int Parts)
{
    /// <summary>Lists of what was made of an input that could not be written, with the reasons: a removal from the input will not find the merged output.</summary>
    public IReadOnlyList<string> Unregistered { get; init; } = [];
}
