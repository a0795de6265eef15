namespace LaionStream.Explorer.Queries;

/// <summary>Which rows are counted.</summary>
/// <param name="Filter">Which rows.</param>
/// <param name="Safe">Unsafe rows: <c>hide</c> leaves them out. Default hide.</param>
internal sealed record FacetsRequest(FilterBody? Filter = null, string? Safe = null)
{
    /// <summary>Not used: facets count the rows that a filter lets pass, whatever the query. Accepted so that a search's body can be sent as it is.</summary>
    public IReadOnlyList<QueryTerm>? Query { get; init; }
}
