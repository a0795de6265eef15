namespace LaionStream.Text.Idna;

/// <summary>Unicode's Bidi_Class, as far as RFC 5893 tells classes apart; numbered as in <c>idna.bin</c>.</summary>
internal enum BidiClass : byte
{
    /// <summary>A class that no label of a bidi domain may hold.</summary>
    Other = 0,
    L = 1,
    R = 2,
    AL = 3,
    AN = 4,
    EN = 5,
    ES = 6,
    CS = 7,
    ET = 8,
    ON = 9,
    BN = 10,
    NSM = 11,
}
