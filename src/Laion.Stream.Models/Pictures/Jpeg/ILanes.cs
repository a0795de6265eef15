namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>
/// The vector operations of the JPEG kernels, for one vector width: each works within lanes of 128 bits, so that one wider vector does the work of several
/// narrow ones. Implementations are empty structs; a kernel is compiled for each.
/// </summary>
/// <typeparam name="TShort">A vector of 16-bit numbers.</typeparam>
/// <typeparam name="TInt">A vector of 32-bit numbers, with as many bits.</typeparam>
/// <typeparam name="TByte">A vector of bytes, with as many bits.</typeparam>
internal interface ILanes<TShort, TInt, TByte>
    where TShort : struct
    where TInt : struct
    where TByte : struct
{
    /// <summary>Number of 128-bit lanes.</summary>
    static abstract int Count { get; }

    /// <summary>Repeats a number.</summary>
    static abstract TShort All(short value);

    /// <summary>Repeats a pair of numbers, the first in the even positions.</summary>
    static abstract TShort Pairs(short even, short odd);

    /// <summary>Loads numbers.</summary>
    static abstract TShort Load(ref short source);

    /// <summary>Loads bytes.</summary>
    static abstract TByte Load(ref byte source);

    /// <summary>Adds, wrapping.</summary>
    static abstract TShort Add(TShort a, TShort b);

    /// <summary>Subtracts, wrapping.</summary>
    static abstract TShort Subtract(TShort a, TShort b);

    /// <summary>Multiplies, keeping the low halves.</summary>
    static abstract TShort Multiply(TShort a, TShort b);

    /// <summary>Multiplies, keeping the high halves.</summary>
    static abstract TShort MultiplyHigh(TShort a, TShort b);

    /// <summary>Shifts left.</summary>
    static abstract TShort ShiftLeft(TShort a, int bits);

    /// <summary>Shifts right with the sign.</summary>
    static abstract TShort ShiftRight(TShort a, int bits);

    /// <summary>Or, bit by bit.</summary>
    static abstract TShort Or(TShort a, TShort b);

    /// <summary>Exclusive or, bit by bit.</summary>
    static abstract TShort Xor(TShort a, TShort b);

    /// <summary>Whether all numbers are zero.</summary>
    static abstract bool IsZero(TShort a);

    /// <summary>Whether a number is below -8192 or above 8191.</summary>
    static abstract bool AnyBeyond13Bits(TShort a);

    /// <summary>The lower halves of both, interleaved.</summary>
    static abstract TShort UnpackLow(TShort a, TShort b);

    /// <summary>The upper halves of both, interleaved.</summary>
    static abstract TShort UnpackHigh(TShort a, TShort b);

    /// <summary>The lower halves of both, interleaved as 32-bit numbers.</summary>
    static abstract TShort UnpackLow32(TShort a, TShort b);

    /// <summary>The upper halves of both, interleaved as 32-bit numbers.</summary>
    static abstract TShort UnpackHigh32(TShort a, TShort b);

    /// <summary>The lower halves of both, interleaved as 64-bit numbers.</summary>
    static abstract TShort UnpackLow64(TShort a, TShort b);

    /// <summary>The upper halves of both, interleaved as 64-bit numbers.</summary>
    static abstract TShort UnpackHigh64(TShort a, TShort b);

    /// <summary>Multiplies pairs and adds the two products.</summary>
    static abstract TInt MultiplyAdd(TShort a, TShort b);

    /// <summary>Reinterprets 16-bit numbers as 32-bit ones.</summary>
    static abstract TInt AsInts(TShort a);

    /// <summary>Adds, wrapping.</summary>
    static abstract TInt Add(TInt a, TInt b);

    /// <summary>Subtracts, wrapping.</summary>
    static abstract TInt Subtract(TInt a, TInt b);

    /// <summary>Repeats a number.</summary>
    static abstract TInt AllInts(int value);

    /// <summary>Shifts right with the sign.</summary>
    static abstract TInt ShiftRight(TInt a, int bits);

    /// <summary>Narrows both with saturation, the first to the lower half.</summary>
    static abstract TShort Pack(TInt a, TInt b);

    /// <summary>Narrows both to unsigned bytes with saturation, the first to the lower half.</summary>
    static abstract TByte PackBytes(TShort a, TShort b);

    /// <summary>The bytes in even positions as 16-bit numbers.</summary>
    static abstract TShort EvenBytes(TByte a);

    /// <summary>The bytes in odd positions as 16-bit numbers.</summary>
    static abstract TShort OddBytes(TByte a);

    /// <summary>Writes two rows of eight samples per lane: numbers saturated to -128 to 127, with 128 added.</summary>
    static abstract void StoreSamples(TShort a, TShort b, ref byte rowA, ref byte rowB);

    /// <summary>Writes pixels: 16 per lane, each component's even ones in the lower half.</summary>
    static abstract void StoreRgb(TByte red, TByte green, TByte blue, ref byte pixels);

    /// <summary>Loads eight bytes per lane as 16-bit numbers, in order.</summary>
    static abstract TShort LoadWide(ref byte source);

    /// <summary>Bytes of numbers 0 to 255: the first ones in even positions. The inverse of <see cref="EvenBytes"/> and <see cref="OddBytes"/>.</summary>
    static abstract TByte JoinBytes(TShort even, TShort odd);

    /// <summary>Writes numbers.</summary>
    static abstract void Store(TShort a, ref short target);

    /// <summary>Writes bytes.</summary>
    static abstract void Store(TByte a, ref byte target);

    /// <summary>Writes numbers 0 to 255 as bytes, in order: eight per lane.</summary>
    static abstract void StoreNarrow(TShort a, ref byte target);
}
