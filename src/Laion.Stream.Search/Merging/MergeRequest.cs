using LaionStream.Search.Sql;

namespace LaionStream.Search.Merging;

/// <summary>Which outputs become one.</summary>
public sealed record MergeRequest
{
    /// <summary>Output folders, or patterns for them. Of equal rows the one of the input named first wins; in an input, that of the earlier commit.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>The folder to write; must not exist.</summary>
    public required string Output { get; init; }

    /// <summary>Whether rows with the same URL are equal too, whatever their captions.</summary>
    public bool ByUrl { get; init; }

    /// <summary>Whether rows whose pictures have the same perceptual hash are equal too.</summary>
    public bool ByPHash { get; init; }

    /// <summary>Whether parts of the inputs may have been moved away.</summary>
    public bool IsShipped { get; init; }

    /// <summary>What the queries may use.</summary>
    public SqlLimits Limits { get; init; } = new();
}
