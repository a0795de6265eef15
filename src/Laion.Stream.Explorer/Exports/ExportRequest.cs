using LaionStream.Explorer.Queries;

namespace LaionStream.Explorer.Exports;

/// <summary>Which rows are exported: those of a list of ids, else those that a search finds. Without <c>limit</c>: as many as the service gives.</summary>
internal sealed record ExportRequest : SearchRequest
{
    /// <summary>Numbers of rows.</summary>
    public IReadOnlyList<long>? Ids { get; init; }

    /// <summary><c>parquet</c>, <c>csv</c>, <c>jsonl</c> or <c>urls</c>.</summary>
    public string? Format { get; init; }
}
