using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>
/// YCbCr to RGB, 16 pixels per lane: even and odd pixels separately, combined by the shuffle that also interleaves the components. The constants are those of
/// libjpeg-turbo's vector code (jdcolext-avx2.asm), whose results equal its tables'.
/// </summary>
internal static class VectorColour
{
    /// <summary>Converts as many pixels as fill vectors.</summary>
    /// <returns>Pixels converted.</returns>
    public static int ToRgb<TLanes, TShort, TInt, TByte>(ReadOnlySpan<byte> y, ReadOnlySpan<byte> cb, ReadOnlySpan<byte> cr, Span<byte> rgb)
        where TLanes : struct, ILanes<TShort, TInt, TByte>
        where TShort : struct
        where TInt : struct
        where TByte : struct
    {
        int pixels = rgb.Length / 3, step = 16 * TLanes.Count, x = 0;

        // The slices contain all pixels, or throw; each iteration reads and writes `step` of them and starts only when that many are left. The last one
        // starts earlier than where the one before ended, if need be: the same pixels are then written twice.
        if (pixels < step) { return 0; }
        ref byte lumas = ref MemoryMarshal.GetReference(y[..pixels]);
        ref byte blues = ref MemoryMarshal.GetReference(cb[..pixels]);
        ref byte reds = ref MemoryMarshal.GetReference(cr[..pixels]);
        ref byte target = ref MemoryMarshal.GetReference(rgb);
        while (true)
        {
            TByte luma = TLanes.Load(ref Unsafe.Add(ref lumas, x)), blue = TLanes.Load(ref Unsafe.Add(ref blues, x)), red =
                TLanes.Load(ref Unsafe.Add(ref reds, x));
            Convert<TLanes, TShort, TInt, TByte>(TLanes.EvenBytes(luma), TLanes.EvenBytes(blue), TLanes.EvenBytes(red), out TShort r0, out TShort g0,
                out TShort b0);
            Convert<TLanes, TShort, TInt, TByte>(TLanes.OddBytes(luma), TLanes.OddBytes(blue), TLanes.OddBytes(red), out TShort r1, out TShort g1,
                out TShort b1);
            TLanes.StoreRgb(TLanes.PackBytes(r0, r1), TLanes.PackBytes(g0, g1), TLanes.PackBytes(b0, b1), ref Unsafe.Add(ref target, 3 * x));
            if (x == pixels - step) { return pixels; }
            x = Math.Min(x + step, pixels - step);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Convert<TLanes, TShort, TInt, TByte>(TShort y, TShort cb, TShort cr, out TShort red, out TShort green, out TShort blue)
        where TLanes : struct, ILanes<TShort, TInt, TByte>
        where TShort : struct
        where TInt : struct
        where TByte : struct
    {
        TShort centre = TLanes.All(128), one = TLanes.All(1);
        cb = TLanes.Subtract(cb, centre);
        cr = TLanes.Subtract(cr, centre);
        TShort twiceBlue = TLanes.Add(cb, cb), twiceRed = TLanes.Add(cr, cr);

        // 1.402 = 1 + 26345 / 65536; 1.772 = 2 - 14942 / 65536, halved after rounding
        TShort forRed = TLanes.ShiftRight(TLanes.Add(TLanes.MultiplyHigh(twiceRed, TLanes.All(26345)), one), 1);
        TShort forBlue = TLanes.ShiftRight(TLanes.Add(TLanes.MultiplyHigh(twiceBlue, TLanes.All(-14942)), one), 1);
        red = TLanes.Add(TLanes.Add(y, cr), forRed);
        blue = TLanes.Add(TLanes.Add(y, twiceBlue), forBlue);

        // -0.344 cb - 0.714 cr = (-22554 cb + 18734 cr) / 65536 - cr
        TShort factors = TLanes.Pairs(-22554, 18734);
        TInt half = TLanes.AllInts(32768);
        TInt low = TLanes.ShiftRight(TLanes.Add(TLanes.MultiplyAdd(TLanes.UnpackLow(cb, cr), factors), half), 16);
        TInt high = TLanes.ShiftRight(TLanes.Add(TLanes.MultiplyAdd(TLanes.UnpackHigh(cb, cr), factors), half), 16);
        green = TLanes.Subtract(TLanes.Add(y, TLanes.Pack(low, high)), cr);
    }
}
