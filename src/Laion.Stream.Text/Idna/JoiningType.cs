namespace LaionStream.Text.Idna;

/// <summary>Unicode's Joining_Type, as far as the rule for ZWNJ needs it; numbered as in <c>idna.bin</c>.</summary>
internal enum JoiningType : byte
{
    /// <summary>Joins nothing, or in a way that does not matter here.</summary>
    None = 0,
    Transparent = 1,
    Left = 2,
    Right = 3,
    Dual = 4,
}
