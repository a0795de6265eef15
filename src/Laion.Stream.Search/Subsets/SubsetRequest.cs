using LaionStream.Search.Sql;

namespace LaionStream.Search.Subsets;

/// <summary>Which rows of which outputs are written where, and as what.</summary>
public sealed record SubsetRequest
{
    /// <summary>Output folders, Parquet files, folders of them, and patterns.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>The file to write.</summary>
    public required string Output { get; init; }

    /// <summary>What it is written as.</summary>
    public SubsetFormat Format { get; init; }

    /// <summary>Presets, as <see cref="SubsetPresets.Parse"/> reads them; a row must be in all of them.</summary>
    public IReadOnlyList<string> Presets { get; init; } = [];

    /// <summary>Output sets to take; none means all.</summary>
    public IReadOnlyList<string> Sets { get; init; } = [];

    /// <summary>A condition in SQL; null for none.</summary>
    public string? Where { get; init; }

    /// <summary>What the rows' pictures must be like; null for anything.</summary>
    public LikeCondition? Like { get; init; }

    /// <summary>Of which rows only the first is taken.</summary>
    public DistinctBy Distinct { get; init; }

    /// <summary>At most so many rows of a domain, taken at random; null for all.</summary>
    public long? PerDomain { get; init; }

    /// <summary>A sample of what is left; null for all.</summary>
    public SubsetSample? Sample { get; init; }

    /// <summary>Number that the random choices depend on.</summary>
    public long Seed { get; init; }

    /// <summary>Columns to write, in this order; none means all of the inputs.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Whether a file that exists is replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Whether parts of the inputs may have been moved away.</summary>
    public bool IsShipped { get; init; }

    /// <summary>What the query may use.</summary>
    public SqlLimits Limits { get; init; } = new();
}
