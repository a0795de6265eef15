namespace LaionStream.Explorer.Maps;

/// <summary>The map of a folder: a place for each of its points, and what they can be coloured by. Lists of bytes are in the order of the ids.</summary>
internal sealed record MapAnswer
{
    /// <summary>The maps that there are; none when no folder has one.</summary>
    public required IReadOnlyList<MapInfo> Maps { get; init; }

    /// <summary>The folder of this one.</summary>
    public string? Folder { get; init; }

    /// <summary>Its vectors: <c>image</c> or <c>text</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>Differs from that of every other state of the map and its rows.</summary>
    public string? Version { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Rows that its points were drawn from.</summary>
    public long Vectors { get; init; }

    /// <summary>Ids of the points.</summary>
    public IReadOnlyList<long> Ids { get; init; } = [];

    /// <summary>Where each is from left to right, from 0 to 65535: two bytes each, little-endian.</summary>
    public byte[] X { get; init; } = [];

    /// <summary>Where each is from bottom to top, on the same scale.</summary>
    public byte[] Y { get; init; } = [];

    /// <summary>1 for points that are marked as unsafe.</summary>
    public byte[] Unsafe { get; init; } = [];

    /// <summary>Kinds of points: by set, language and domain.</summary>
    public IReadOnlyList<MapGroups> Groups { get; init; } = [];

    /// <summary>Scores of the points.</summary>
    public IReadOnlyList<MapScore> Scores { get; init; } = [];

    /// <summary>Words of dense regions, the densest first.</summary>
    public IReadOnlyList<MapLabel> Labels { get; init; } = [];
}
