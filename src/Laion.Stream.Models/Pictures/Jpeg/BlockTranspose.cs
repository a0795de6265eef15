using System.Runtime.CompilerServices;

namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>Exchanges rows and columns of as many 8 × 8 blocks as a vector has lanes.</summary>
internal static class BlockTranspose
{
    /// <summary>Transposes the blocks; each vector has one row of all of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TLanes, TShort, TInt, TByte>(
        ref TShort r0, ref TShort r1, ref TShort r2, ref TShort r3, ref TShort r4, ref TShort r5, ref TShort r6, ref TShort r7)
        where TLanes : struct, ILanes<TShort, TInt, TByte>
        where TShort : struct
        where TInt : struct
        where TByte : struct
    {
        TShort a0 = TLanes.UnpackLow(r0, r1), a1 = TLanes.UnpackHigh(r0, r1), a2 = TLanes.UnpackLow(r2, r3), a3 = TLanes.UnpackHigh(r2, r3);
        TShort a4 = TLanes.UnpackLow(r4, r5), a5 = TLanes.UnpackHigh(r4, r5), a6 = TLanes.UnpackLow(r6, r7), a7 = TLanes.UnpackHigh(r6, r7);
        TShort b0 = TLanes.UnpackLow32(a0, a2), b1 = TLanes.UnpackHigh32(a0, a2), b2 = TLanes.UnpackLow32(a1, a3), b3 = TLanes.UnpackHigh32(a1, a3);
        TShort b4 = TLanes.UnpackLow32(a4, a6), b5 = TLanes.UnpackHigh32(a4, a6), b6 = TLanes.UnpackLow32(a5, a7), b7 = TLanes.UnpackHigh32(a5, a7);
        (r0, r1, r2, r3) = (TLanes.UnpackLow64(b0, b4), TLanes.UnpackHigh64(b0, b4), TLanes.UnpackLow64(b1, b5), TLanes.UnpackHigh64(b1, b5));
        (r4, r5, r6, r7) = (TLanes.UnpackLow64(b2, b6), TLanes.UnpackHigh64(b2, b6), TLanes.UnpackLow64(b3, b7), TLanes.UnpackHigh64(b3, b7));
    }
}
