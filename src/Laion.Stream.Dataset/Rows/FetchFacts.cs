namespace LaionStream.Dataset.Rows;

/// <summary>What is known of a row once its bytes were fetched.</summary>
/// <param name="FinalUrl">Where redirects ended.</param>
/// <param name="FetchedAt">When the body was complete, UTC.</param>
public sealed record FetchFacts(string FinalUrl, DateTimeOffset FetchedAt);
