namespace LaionStream.Host.Verbs.Explain;

/// <summary>One line of questions; a field that is missing or null is null.</summary>
internal sealed record Question
{
    /// <summary>A caption as found.</summary>
    public string? Text { get; init; }

    /// <summary>Whether to skip the caption rules.</summary>
    public bool Raw { get; init; }

    /// <summary>A URL as found.</summary>
    public string? Url { get; init; }

    /// <summary>The URL's base.</summary>
    public string? Base { get; init; }

    /// <summary>An address, a host in any spelling, or a URL for its host.</summary>
    public string? Address { get; init; }

    /// <summary>Content of a robots.txt.</summary>
    public string? Robots { get; init; }

    /// <summary>Content of a tdmrep.json.</summary>
    public string? Tdmrep { get; init; }

    /// <summary>The crawler that rules may be addressed to; null for ours.</summary>
    public string? Agent { get; init; }

    /// <summary>Headers of a response.</summary>
    public IReadOnlyList<(string Name, string Value)>? Headers { get; init; }

    /// <summary>Path of a picture file.</summary>
    public string? Image { get; init; }
}
