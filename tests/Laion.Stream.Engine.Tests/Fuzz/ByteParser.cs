namespace LaionStream.Engine.Tests.Fuzz;

/// <summary>A parser of untrusted bytes, with valid files to damage and its limits for each damaged one.</summary>
/// <param name="Name">For the report.</param>
/// <param name="Seeds">Valid files.</param>
/// <param name="Parse">Reads one file and asserts what must hold. Throws what <see cref="Allowed"/> lists, and nothing else.</param>
internal sealed record ByteParser(string Name, Func<IReadOnlyList<byte[]>> Seeds, Action<byte[]> Parse)
{
    /// <summary>Exceptions that the parser documents.</summary>
    public IReadOnlyList<Type> Allowed { get; init; } = [];

    /// <summary>Most managed bytes that one input may allocate, in addition to a hundred times its own length.</summary>
    public long MostBytes { get; init; } = 4 << 20;

    /// <summary>Offsets from a seed's start at which each number is tried; none when one input costs milliseconds.</summary>
    public int SweptPlaces { get; init; } = 400;

    /// <summary>Inputs with random damage in the default suite.</summary>
    public int Rounds { get; init; } = 2000;
}
