namespace LaionStream.Text.Idna;

/// <summary>How UTS 46 treats a code point; numbered as in <c>idna.bin</c>.</summary>
internal enum IdnaStatus : byte
{
    /// <summary>No domain may contain it.</summary>
    Disallowed = 0,

    /// <summary>It is kept; deviations too, as in non-transitional processing.</summary>
    Valid = 1,

    /// <summary>It is removed.</summary>
    Ignored = 2,

    /// <summary>It is replaced by other text.</summary>
    Mapped = 3,
}
