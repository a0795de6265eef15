namespace LaionStream.Explorer.Queries;

/// <summary>A row in the answer to a search.</summary>
internal record RowAnswer
{
    /// <summary>Its number, which stays the same while the output grows.</summary>
    public required long Id { get; init; }

    /// <summary>Where the picture was found.</summary>
    public required string? Url { get; init; }

    /// <summary>The caption.</summary>
    public required string? Caption { get; init; }

    /// <summary>Width in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Height in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Its output set.</summary>
    public required string Set { get; init; }

    /// <summary>Language of the caption.</summary>
    public required string? Language { get; init; }

    /// <summary>The licence.</summary>
    public required string? Licence { get; init; }

    /// <summary>Host of the address.</summary>
    public required string Domain { get; init; }

    /// <summary>Cosine to the query; null without one.</summary>
    public required float? Score { get; init; }

    /// <summary>Its scores, null where it has none.</summary>
    public required IReadOnlyDictionary<string, float?> Scores { get; init; }

    /// <summary>LAION's tag.</summary>
    public required string? Nsfw { get; init; }

    /// <summary>Whether it is unsafe.</summary>
    public required bool Unsafe { get; init; }

    /// <summary>Near copies that were folded into it.</summary>
    public int Duplicates { get; init; }

    /// <summary>Address of its thumbnail.</summary>
    public required string Thumbnail { get; init; }
}
