namespace LaionStream.TestWorld.Wats;

/// <summary>How a <see cref="CuttingServer"/> misbehaves.</summary>
/// <param name="Seed">Of the places where it cuts.</param>
/// <param name="MinBytes">Fewest bytes of an answer before the cut.</param>
/// <param name="MaxBytes">One more than the most.</param>
public sealed record CuttingServerManners(int Seed, int MinBytes, int MaxBytes)
{
    /// <summary>Whether it sends the whole file whatever range is asked for.</summary>
    public bool IgnoresRange { get; init; }

    /// <summary>How many of the first requests it answers with 503.</summary>
    public int BusyAnswers { get; init; }

    /// <summary>After how many requests the file is another one; null for never.</summary>
    public int? ChangesAfter { get; init; }
}
