namespace LaionStream.Models.Catalog.Pull;

/// <summary>One file to pull.</summary>
internal sealed record PullFile
{
    /// <summary>Address relative to the set's base.</summary>
    public required string From { get; init; }

    /// <summary>Path relative to the models folder.</summary>
    public required string To { get; init; }

    /// <summary>Lower-case hex when it is known; else the server must give a digest.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Its size when it is known; a server's bytes beyond it are refused.</summary>
    public long? Bytes { get; init; }
}
