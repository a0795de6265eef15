namespace LaionStream.Text.Idna;

/// <summary>What UTS 46 makes of a code point; numbered as in <c>idna.bin</c>.</summary>
internal enum IdnaStatus : byte
{
    /// <summary>No domain may hold it.</summary>
    Disallowed = 0,

    /// <summary>It stays; deviations too, as non-transitional processing has it.</summary>
    Valid = 1,

    /// <summary>It is left out.</summary>
    Ignored = 2,

    /// <summary>Other text takes its place.</summary>
    Mapped = 3,
}
