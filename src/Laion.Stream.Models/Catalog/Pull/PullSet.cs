using System.Text.Json;

namespace LaionStream.Models.Catalog.Pull;

/// <summary>Files that are pulled together.</summary>
internal sealed record PullSet
{
    /// <summary>The name that is asked for.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, in one line.</summary>
    public required string About { get; init; }

    /// <summary>Whose it is and under which licence.</summary>
    public required string Licence { get; init; }

    /// <summary>Start of its addresses.</summary>
    public required string Base { get; init; }

    /// <summary>Its files.</summary>
    public required IReadOnlyList<PullFile> Files { get; init; }

    /// <summary>What <c>models.json</c> must say for the files to be used; nothing where they are found by looking.</summary>
    public JsonElement? Manifest { get; init; }
}
