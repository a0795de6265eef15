namespace LaionStream.Search.Subsets;

/// <summary>What was written.</summary>
/// <param name="Rows">Rows of the subset.</param>
/// <param name="Of">Rows of the inputs.</param>
/// <param name="Bytes">Bytes of the subset.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Manifest">Where its manifest is.</param>
public sealed record SubsetResult(long Rows, long Of, long Bytes, string Path, string Manifest)
{
    /// <summary>Lists of what was made of an input that could not be written, with the reasons: a removal from the input will not find the subset.</summary>
    public IReadOnlyList<string> Unregistered { get; init; } = [];
}
