namespace LaionStream.Engine.Run;

/// <summary>The rates of a run over its last seconds.</summary>
internal sealed record RunRates
{
    /// <summary>Links read a second.</summary>
    public required double Links { get; init; }

    /// <summary>Pictures fetched a second; null for a graph without downloads.</summary>
    public required double? Pictures { get; init; }

    /// <summary>Rows written a second.</summary>
    public required double Kept { get; init; }

    /// <summary>Bytes a second: of pictures, or of inputs for a graph without downloads.</summary>
    public required double Bytes { get; init; }

    /// <summary>Bytes of the inputs read a second.</summary>
    public required double InputBytes { get; init; }

    /// <summary>Share of the downloads that ended lately which gave a picture, 0 to 1; null when none did.</summary>
    public required double? Success { get; init; }

    /// <summary>Time until the inputs are read; null when no size is known, or nothing is read.</summary>
    public required TimeSpan? Left { get; init; }
}
