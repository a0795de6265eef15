namespace LaionStream.Explorer.Queries;

/// <summary>A value of a column and how many rows have it.</summary>
/// <param name="Value">The value.</param>
/// <param name="Count">The rows.</param>
internal sealed record FacetCount(string Value, long Count);
