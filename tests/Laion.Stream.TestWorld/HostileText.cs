namespace LaionStream.TestWorld;

/// <summary>Random text that is hard to normalise.</summary>
public static class HostileText
{
    /// <summary>A letter, a syllable, or (most often) a combining mark.</summary>
    public static string Character(Random random) => random.Next(8) switch
    {
        0 => char.ConvertFromUtf32(random.Next('a', 'z' + 1)),
        1 => char.ConvertFromUtf32(random.Next(0xC0, 0x180)),
        2 => char.ConvertFromUtf32(random.Next(0x1100, 0x1200)),
        3 => char.ConvertFromUtf32(random.Next(0xAC00, 0xAC40)),
        4 => char.ConvertFromUtf32(random.Next(0x900, 0xE00)),
        5 => char.ConvertFromUtf32(random.Next(0x1E00, 0x2000)),
        _ => char.ConvertFromUtf32(random.Next(0x300, 0x345)),
    };
}
