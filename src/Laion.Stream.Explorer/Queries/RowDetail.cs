using System.Diagnostics.CodeAnalysis;

namespace LaionStream.Explorer.Queries;

/// <summary>All that is known of a row.</summary>
internal sealed record RowDetail : RowAnswer
{
    /// <summary>Adds to a row as a search answers it.</summary>
    [SetsRequiredMembers]
    public RowDetail(RowAnswer row) : base(row)
    {
    }

    /// <summary>Every column of its Parquet file.</summary>
    public IReadOnlyDictionary<string, object?> Columns { get; init; } = new Dictionary<string, object?>();

    /// <summary>The run's thresholds and its values.</summary>
    public IReadOnlyList<WhyKept> Why { get; init; } = [];

    /// <summary>Name of the output.</summary>
    public string Folder { get; init; } = "";

    /// <summary>The Parquet file that it is in, relative to the output.</summary>
    public string Part { get; init; } = "";

    /// <summary>Its position in the part.</summary>
    public int Position { get; init; }
}
