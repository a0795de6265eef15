namespace LaionStream.Dataset.Rows;

/// <summary>What is known about a row after its bytes were fetched.</summary>
/// <param name="FinalUrl">The address after all redirects.</param>
/// <param name="FetchedAt">When the body was complete, UTC.</param>
public sealed record FetchFacts(string FinalUrl, DateTimeOffset FetchedAt)
{
    /// <summary>Address of the conditions for text and data mining (<c>tdm-policy</c>); null when none is given.</summary>
    public string? TdmPolicy { get; init; }
}
