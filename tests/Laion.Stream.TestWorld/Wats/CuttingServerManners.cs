namespace LaionStream.TestWorld.Wats;

/// <summary>How a <see cref="CuttingServer"/> misbehaves.</summary>
/// <param name="Seed">Seed of the offsets at which it resets.</param>
/// <param name="MinBytes">Minimum bytes of an answer before the reset.</param>
/// <param name="MaxBytes">One more than the maximum.</param>
public sealed record CuttingServerManners(int Seed, int MinBytes, int MaxBytes)
{
    /// <summary>Whether it sends the whole file whatever range is requested.</summary>
    public bool IgnoresRange { get; init; }

    /// <summary>Number of first requests that it answers with 503.</summary>
    public int BusyAnswers { get; init; }

    /// <summary>Number of requests after which the file changes; null for never.</summary>
    public int? ChangesAfter { get; init; }
}
