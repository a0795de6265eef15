using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LaionStream.Models.Pictures.Jpeg;

namespace LaionStream.Models.Pictures.JpegEncoding;

/// <summary>The arithmetic of <see cref="ForwardColour"/> for 16 pixels per lane: even and odd pixels separately.</summary>
internal static class VectorForwardColour
{
    /// <summary>Converts a row whose samples are a multiple of those of a vector.</summary>
    public static void ToYcc<TLanes, TShort, TInt, TByte>(ReadOnlySpan<byte> red, ReadOnlySpan<byte> green, ReadOnlySpan<byte> blue, Span<byte> y,
        Span<byte> cb, Span<byte> cr)
        where TLanes : struct, ILanes<TShort, TInt, TByte>
        where TShort : struct
        where TInt : struct
        where TByte : struct
    {
        // The slices contain all samples, or throw; each iteration reads and writes `step` of them and starts only when that many are left.
        int samples = y.Length, step = 16 * TLanes.Count;
        ref byte reds = ref MemoryMarshal.GetReference(red[..samples]);
        ref byte greens = ref MemoryMarshal.GetReference(green[..samples]);
        ref byte blues = ref MemoryMarshal.GetReference(blue[..samples]);
        ref byte lumas = ref MemoryMarshal.GetReference(y);
        ref byte cbs = ref MemoryMarshal.GetReference(cb[..samples]);
        ref byte crs = ref MemoryMarshal.GetReference(cr[..samples]);
        for (int x = 0; x <= samples - step; x += step)
        {
            TByte r = TLanes.Load(ref Unsafe.Add(ref reds, x)), g = TLanes.Load(ref Unsafe.Add(ref greens, x)), b = TLanes.Load(ref Unsafe.Add(ref blues, x));
            Convert<TLanes, TShort, TInt, TByte>(TLanes.EvenBytes(r), TLanes.EvenBytes(g), TLanes.EvenBytes(b), out TShort y0, out TShort cb0, out TShort cr0);
            Convert<TLanes, TShort, TInt, TByte>(TLanes.OddBytes(r), TLanes.OddBytes(g), TLanes.OddBytes(b), out TShort y1, out TShort cb1, out TShort cr1);
            TLanes.Store(TLanes.JoinBytes(y0, y1), ref Unsafe.Add(ref lumas, x));
            TLanes.Store(TLanes.JoinBytes(cb0, cb1), ref Unsafe.Add(ref cbs, x));
            TLanes.Store(TLanes.JoinBytes(cr0, cr1), ref Unsafe.Add(ref crs, x));
        }
    }

    /// <summary>Means of two by two samples, of rows whose samples are a multiple of those of a vector.</summary>
    public static void Halve<TLanes, TShort, TInt, TByte>(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, Span<byte> half)
        where TLanes : struct, ILanes<TShort, TInt, TByte>
        where TShort : struct
        where TInt : struct
        where TByte : struct
    {
        int samples = half.Length * 2, step = 16 * TLanes.Count;
        ref byte above = ref MemoryMarshal.GetReference(upper[..samples]);
        ref byte below = ref MemoryMarshal.GetReference(lower[..samples]);
        ref byte target = ref MemoryMarshal.GetReference(half);
        for (int x = 0; x <= samples - step; x += step)
        {
            TByte a = TLanes.Load(ref Unsafe.Add(ref above, x)), b = TLanes.Load(ref Unsafe.Add(ref below, x));
            TShort sum = TLanes.Add(TLanes.Add(TLanes.EvenBytes(a), TLanes.OddBytes(a)), TLanes.Add(TLanes.EvenBytes(b), TLanes.OddBytes(b)));
            TLanes.StoreNarrow(TLanes.ShiftRight(TLanes.Add(sum, TLanes.Pairs(1, 2)), 2), ref Unsafe.Add(ref target, x / 2));
        }
    }

    // A factor of a half is two quarters of the same sample, 38470 = 22086 + 16384: factors are signed 16-bit numbers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Convert<TLanes, TShort, TInt, TByte>(TShort red, TShort green, TShort blue, out TShort y, out TShort cb, out TShort cr)
        where TLanes : struct, ILanes<TShort, TInt, TByte>
        where TShort : struct
        where TInt : struct
        where TByte : struct
    {
        Half<TLanes, TShort, TInt, TByte>(TLanes.UnpackLow(red, green), TLanes.UnpackLow(blue, green), TLanes.UnpackLow(blue, blue), TLanes.UnpackLow(red, red),
            out TInt y0, out TInt cb0, out TInt cr0);
        Half<TLanes, TShort, TInt, TByte>(TLanes.UnpackHigh(red, green), TLanes.UnpackHigh(blue, green), TLanes.UnpackHigh(blue, blue),
            TLanes.UnpackHigh(red, red), out TInt y1, out TInt cb1, out TInt cr1);
        (y, cb, cr) = (TLanes.Pack(y0, y1), TLanes.Pack(cb0, cb1), TLanes.Pack(cr0, cr1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Half<TLanes, TShort, TInt, TByte>(TShort redGreen, TShort blueGreen, TShort blues, TShort reds, out TInt y, out TInt cb, out TInt cr)
        where TLanes : struct, ILanes<TShort, TInt, TByte>
        where TShort : struct
        where TInt : struct
        where TByte : struct
    {
        TInt rounding = TLanes.AllInts(32768), centre = TLanes.AllInts((128 << 16) + 32767);
        TShort half = TLanes.All(16384);
        y = TLanes.Add(TLanes.MultiplyAdd(redGreen, TLanes.Pairs(19595, 22086)), TLanes.MultiplyAdd(blueGreen, TLanes.Pairs(7471, 16384)));
        cb = TLanes.Add(TLanes.MultiplyAdd(redGreen, TLanes.Pairs(-11059, -21709)), TLanes.MultiplyAdd(blues, half));
        cr = TLanes.Add(TLanes.MultiplyAdd(blueGreen, TLanes.Pairs(-5329, -27439)), TLanes.MultiplyAdd(reds, half));
        y = TLanes.ShiftRight(TLanes.Add(y, rounding), 16);
        cb = TLanes.ShiftRight(TLanes.Add(cb, centre), 16);
        cr = TLanes.ShiftRight(TLanes.Add(cr, centre), 16);
    }
}
