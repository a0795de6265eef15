namespace LaionStream.Explorer.Queries;

/// <summary>A search, or without a query a walk through the rows in their order.</summary>
internal record SearchRequest
{
    /// <summary>What the rows are to be like: the weighted sum of the terms. None: all rows in their order.</summary>
    public IReadOnlyList<QueryTerm>? Query { get; init; }

    /// <summary>Which vectors are compared: <c>image</c> or <c>text</c>.</summary>
    /// <value>Default the first index of the output.</value>
    public string? Index { get; init; }

    /// <summary>Which rows are looked at.</summary>
    public FilterBody? Filter { get; init; }

    /// <summary>Unsafe rows: <c>hide</c>, <c>blur</c> or <c>show</c>; the last two return them, marked.</summary>
    /// <value>Default hide.</value>
    public string? Safe { get; init; }

    /// <summary>Whether near copies are folded into the nearest of them.</summary>
    /// <value>Default true.</value>
    public bool? Distinct { get; init; }

    /// <summary>Most rows of the answer, 1 to 500.</summary>
    /// <value>Default 60.</value>
    public int? Limit { get; init; }

    /// <summary>Where to go on: the cursor of the answer before, with the same request.</summary>
    public string? Cursor { get; init; }
}
