namespace LaionStream.Explorer.Queries;

/// <summary>A part of a query: exactly one of text, picture, URL, row or vector.</summary>
internal sealed record QueryTerm
{
    /// <summary>A text.</summary>
    public string? Text { get; init; }

    /// <summary>A picture's file in base64, with or without <c>data:…,</c> before it.</summary>
    public string? Picture { get; init; }

    /// <summary>Address of a picture.</summary>
    public string? Url { get; init; }

    /// <summary>Number of a row, for its vector.</summary>
    public long? Row { get; init; }

    /// <summary>A vector of the index's width, of any length but 0.</summary>
    public IReadOnlyList<float>? Vector { get; init; }

    /// <summary>How much it counts; negative: unlike it.</summary>
    /// <value>Default 1.</value>
    public double? Weight { get; init; }
}
