namespace LaionStream.Search.Mapping;

/// <summary>
/// Random numbers that depend on a seed only (SplitMix64). Each row of a map has a sequence of its own, so that threads do not change what it draws.
/// </summary>
internal struct MapRandom
{
    private const ulong Step = 0x9E3779B97F4A7C15;
    private ulong _state;

    /// <summary>Begins a sequence.</summary>
    /// <param name="seed">The map's seed.</param>
    /// <param name="use">What the numbers are for.</param>
    /// <param name="item">Whose they are.</param>
    public MapRandom(long seed, int use, long item) => _state = Mix(Mix((ulong)seed + Step) ^ Mix(((ulong)use * 0xD1B54A32D192ED03) + (ulong)item));

    /// <summary>The next 64 bits.</summary>
    public ulong Next() => Mix(_state += Step);

    /// <summary>A number from 0 on and below a limit, which is positive.</summary>
    public int Below(int limit) => (int)(((Next() >> 32) * (ulong)limit) >> 32);

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
