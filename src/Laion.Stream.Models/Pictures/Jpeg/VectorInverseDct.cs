using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static LaionStream.Models.Pictures.Jpeg.DctFactors;

namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>The inverse DCT of as many blocks at once as a vector has lanes; the arithmetic of <see cref="ScalarInverseDct"/>.</summary>
internal static class VectorInverseDct
{
    /// <summary>Transforms a group of four blocks.</summary>
    /// <param name="coefficients">256 coefficients.</param>
    /// <param name="quantisers">256 factors, arranged like the coefficients.</param>
    /// <param name="samples">Starts at the first block's first sample; eight rows of 32 samples are written.</param>
    /// <param name="stride">Samples from one row to the next.</param>
    /// <returns>False when a coefficient is so large that the block needs the scalar code; the samples are then undefined.</returns>
    public static bool TryTransform<TLanes, TShort, TInt, TByte>(ReadOnlySpan<short> coefficients, ReadOnlySpan<short> quantisers, Span<byte> samples,
        int stride)
        where TLanes : struct, ILanes<TShort, TInt, TByte>
        where TShort : struct
        where TInt : struct
        where TByte : struct
    {
        // The three slices contain everything that is read and written below, or throw.
        ref short source = ref MemoryMarshal.GetReference(coefficients[..ZigZag.GroupSize]);
        ref short factors = ref MemoryMarshal.GetReference(quantisers[..ZigZag.GroupSize]);
        ref byte target = ref MemoryMarshal.GetReference(samples[..((7 * stride) + 32)]);
        for (int block = 0; block < 4; block += TLanes.Count)
        {
            if (!TryBlocks<TLanes, TShort, TInt, TByte>(ref Unsafe.Add(ref source, block * 8), ref Unsafe.Add(ref factors, block * 8),
                ref Unsafe.Add(ref target, block * 8), stride))
            {
                return false;
            }
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryBlocks<TLanes, TShort, TInt, TByte>(ref short source, ref short factors, ref byte target, int stride)
        where TLanes : struct, ILanes<TShort, TInt, TByte>
        where TShort : struct
        where TInt : struct
        where TByte : struct
    {
        TShort r0 = TLanes.Multiply(TLanes.Load(ref source), TLanes.Load(ref factors));
        TShort r1 = TLanes.Multiply(TLanes.Load(ref Unsafe.Add(ref source, 32)), TLanes.Load(ref Unsafe.Add(ref factors, 32)));
        TShort r2 = TLanes.Multiply(TLanes.Load(ref Unsafe.Add(ref source, 64)), TLanes.Load(ref Unsafe.Add(ref factors, 64)));
        TShort r3 = TLanes.Multiply(TLanes.Load(ref Unsafe.Add(ref source, 96)), TLanes.Load(ref Unsafe.Add(ref factors, 96)));
        TShort r4 = TLanes.Multiply(TLanes.Load(ref Unsafe.Add(ref source, 128)), TLanes.Load(ref Unsafe.Add(ref factors, 128)));
        TShort r5 = TLanes.Multiply(TLanes.Load(ref Unsafe.Add(ref source, 160)), TLanes.Load(ref Unsafe.Add(ref factors, 160)));
        TShort r6 = TLanes.Multiply(TLanes.Load(ref Unsafe.Add(ref source, 192)), TLanes.Load(ref Unsafe.Add(ref factors, 192)));
        TShort r7 = TLanes.Multiply(TLanes.Load(ref Unsafe.Add(ref source, 224)), TLanes.Load(ref Unsafe.Add(ref factors, 224)));

        // For a block with only one row libjpeg-turbo shifts, which differs from the sums below once they saturate.
        if (TLanes.AnyBeyond13Bits(r0)) { return false; }

        Pass<TLanes, TShort, TInt, TByte>(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7, 11);
        BlockTranspose.Run<TLanes, TShort, TInt, TByte>(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
        Pass<TLanes, TShort, TInt, TByte>(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7, 18);
        BlockTranspose.Run<TLanes, TShort, TInt, TByte>(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);

        TLanes.StoreSamples(r0, r1, ref target, ref Unsafe.Add(ref target, stride));
        TLanes.StoreSamples(r2, r3, ref Unsafe.Add(ref target, 2 * stride), ref Unsafe.Add(ref target, 3 * stride));
        TLanes.StoreSamples(r4, r5, ref Unsafe.Add(ref target, 4 * stride), ref Unsafe.Add(ref target, 5 * stride));
        TLanes.StoreSamples(r6, r7, ref Unsafe.Add(ref target, 6 * stride), ref Unsafe.Add(ref target, 7 * stride));
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pass<TLanes, TShort, TInt, TByte>(
        ref TShort r0, ref TShort r1, ref TShort r2, ref TShort r3, ref TShort r4, ref TShort r5, ref TShort r6, ref TShort r7, int shift)
        where TLanes : struct, ILanes<TShort, TInt, TByte>
        where TShort : struct
        where TInt : struct
        where TByte : struct
    {
        TShort sum = TLanes.Add(r0, r4), difference = TLanes.Subtract(r0, r4), z3 = TLanes.Add(r7, r3), z4 = TLanes.Add(r5, r1);
        Half<TLanes, TShort, TInt, TByte>(
            TLanes.UnpackLow(default, sum), TLanes.UnpackLow(default, difference), TLanes.UnpackLow(r2, r6), TLanes.UnpackLow(z3, z4),
            TLanes.UnpackLow(r7, r1), TLanes.UnpackLow(r5, r3), shift,
            out TInt a0, out TInt a1, out TInt a2, out TInt a3, out TInt a4, out TInt a5, out TInt a6, out TInt a7);
        Half<TLanes, TShort, TInt, TByte>(
            TLanes.UnpackHigh(default, sum), TLanes.UnpackHigh(default, difference), TLanes.UnpackHigh(r2, r6), TLanes.UnpackHigh(z3, z4),
            TLanes.UnpackHigh(r7, r1), TLanes.UnpackHigh(r5, r3), shift,
            out TInt b0, out TInt b1, out TInt b2, out TInt b3, out TInt b4, out TInt b5, out TInt b6, out TInt b7);
        (r0, r1, r2, r3) = (TLanes.Pack(a0, b0), TLanes.Pack(a1, b1), TLanes.Pack(a2, b2), TLanes.Pack(a3, b3));
        (r4, r5, r6, r7) = (TLanes.Pack(a4, b4), TLanes.Pack(a5, b5), TLanes.Pack(a6, b6), TLanes.Pack(a7, b7));
    }

    /// <summary>One pass over half of the columns: the sums are passed shifted by 16, the other inputs in pairs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Half<TLanes, TShort, TInt, TByte>(
        TShort sum, TShort difference, TShort pair26, TShort pairZ, TShort pair71, TShort pair53, int shift,
        out TInt v0, out TInt v1, out TInt v2, out TInt v3, out TInt v4, out TInt v5, out TInt v6, out TInt v7)
        where TLanes : struct, ILanes<TShort, TInt, TByte>
        where TShort : struct
        where TInt : struct
        where TByte : struct
    {
        TInt rounding = TLanes.AllInts(1 << (shift - 1));
        TInt sums = TLanes.Add(TLanes.ShiftRight(TLanes.AsInts(sum), 3), rounding), differences =
            TLanes.Add(TLanes.ShiftRight(TLanes.AsInts(difference), 3), rounding);
        TInt even3 = TLanes.MultiplyAdd(pair26, TLanes.Pairs(F0541 + F0765, F0541)), even2 = TLanes.MultiplyAdd(pair26, TLanes.Pairs(F0541, F0541 - F1847));
        TInt odd3 = TLanes.MultiplyAdd(pairZ, TLanes.Pairs(F1175 - F1961, F1175)), odd4 = TLanes.MultiplyAdd(pairZ, TLanes.Pairs(F1175, F1175 - F0390));
        TInt last = TLanes.Add(TLanes.MultiplyAdd(pair71, TLanes.Pairs(-F0899, F1501 - F0899)), odd4);
        TInt odd2 = TLanes.Add(TLanes.MultiplyAdd(pair53, TLanes.Pairs(-F2562, F3072 - F2562)), odd3);
        TInt odd1 = TLanes.Add(TLanes.MultiplyAdd(pair53, TLanes.Pairs(F2053 - F2562, -F2562)), odd4);
        TInt odd0 = TLanes.Add(TLanes.MultiplyAdd(pair71, TLanes.Pairs(F0298 - F0899, -F0899)), odd3);

        TInt even = TLanes.Add(sums, even3);
        (v0, v7) = (TLanes.ShiftRight(TLanes.Add(even, last), shift), TLanes.ShiftRight(TLanes.Subtract(even, last), shift));
        even = TLanes.Add(differences, even2);
        (v1, v6) = (TLanes.ShiftRight(TLanes.Add(even, odd2), shift), TLanes.ShiftRight(TLanes.Subtract(even, odd2), shift));
        even = TLanes.Subtract(differences, even2);
        (v2, v5) = (TLanes.ShiftRight(TLanes.Add(even, odd1), shift), TLanes.ShiftRight(TLanes.Subtract(even, odd1), shift));
        even = TLanes.Subtract(sums, even3);
        (v3, v4) = (TLanes.ShiftRight(TLanes.Add(even, odd0), shift), TLanes.ShiftRight(TLanes.Subtract(even, odd0), shift));
    }
}
