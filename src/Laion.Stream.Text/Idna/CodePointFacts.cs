namespace LaionStream.Text.Idna;

/// <summary>The facts about one code point, packed as in <c>idna.bin</c>: status 2 bits, mark 1, bidi class 4, joining type 3, combining rank 6.</summary>
/// <param name="word">The packed facts.</param>
internal readonly struct CodePointFacts(ushort word)
{
    /// <summary>How UTS 46 treats it.</summary>
    public IdnaStatus Status => (IdnaStatus)(word & 3);

    /// <summary>Whether its general category is Mark.</summary>
    public bool IsMark => (word & 4) != 0;

    /// <summary>Its bidi class.</summary>
    public BidiClass Bidi => (BidiClass)((word >> 3) & 15);

    /// <summary>Its joining type.</summary>
    public JoiningType Joining => (JoiningType)((word >> 7) & 7);

    /// <summary>Rank of its canonical combining class among all classes; 0 for class 0.</summary>
    public int CombiningRank => word >> 10;
}
