namespace LaionStream.Models.Catalog.Pull;

/// <summary>One file to pull.</summary>
internal sealed record PullFile
{
    /// <summary>Address below the set's base.</summary>
    public required string From { get; init; }

    /// <summary>Where it goes below the models folder.</summary>
    public required string To { get; init; }

    /// <summary>Lower-case hex where it is known; else the server must name a digest.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Its size where it is known; what a server sends beyond it is refused.</summary>
    public long? Bytes { get; init; }
}
