namespace LaionStream.Explorer.Queries;

/// <summary>Limits of a time, as dates or times in ISO 8601; a date as <c>to</c> includes its whole day, UTC.</summary>
/// <param name="From">Earliest.</param>
/// <param name="To">Latest.</param>
internal sealed record DateRange(string? From = null, string? To = null);
