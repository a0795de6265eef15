namespace LaionStream.Explorer.Queries;

/// <summary>Rows that a search found.</summary>
/// <param name="Rows">The rows, the best first.</param>
/// <param name="Cursor">Where to go on; null at the end.</param>
/// <param name="TookMs">Time of the search in milliseconds.</param>
internal sealed record SearchAnswer(IReadOnlyList<RowAnswer> Rows, string? Cursor, double TookMs);
