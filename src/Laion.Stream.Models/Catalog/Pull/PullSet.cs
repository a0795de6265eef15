using System.Text.Json;

namespace LaionStream.Models.Catalog.Pull;

/// <summary>Files that are pulled together.</summary>
internal sealed record PullSet
{
    /// <summary>The name given on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, in one line.</summary>
    public required string About { get; init; }

    /// <summary>Its owner and licence.</summary>
    public required string Licence { get; init; }

    /// <summary>Prefix of its addresses.</summary>
    public required string Base { get; init; }

    /// <summary>Its files.</summary>
    public required IReadOnlyList<PullFile> Files { get; init; }

    /// <summary>What <c>models.json</c> must contain for the files to be used; absent when they are found by inspection.</summary>
    public JsonElement? Manifest { get; init; }
}
