using LaionStream.Explorer.Queries;

namespace LaionStream.Explorer.Maps;

/// <summary>Asks which points of a map a filter lets pass.</summary>
internal sealed record MapPassesRequest
{
    /// <summary>Name of the folder; null for the first that has a map.</summary>
    public string? Folder { get; init; }

    /// <summary><c>image</c> or <c>text</c>; null for the first that there is.</summary>
    public string? Kind { get; init; }

    /// <summary>The filter.</summary>
    public FilterBody? Filter { get; init; }

    /// <summary><c>hide</c> (as without it), <c>blur</c> or <c>show</c>: whether unsafe rows are left out of the map.</summary>
    public string? Safe { get; init; }
}
