using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LaionStream.Models.Pictures.Jpeg;
using static LaionStream.Models.Pictures.Jpeg.DctFactors;

namespace LaionStream.Models.Pictures.JpegEncoding;

/// <summary>The forward DCT and quantisation of as many blocks at once as a vector has lanes; the arithmetic of <see cref="ScalarForwardDct"/>.</summary>
internal static class VectorForwardDct
{
    /// <summary>Transforms a group of four blocks.</summary>
    /// <param name="samples">Starts at the first block's first sample; eight rows of 32 samples are read.</param>
    /// <param name="stride">Samples from one row to the next.</param>
    /// <param name="quantiser">The component's quantiser.</param>
    /// <param name="coefficients">256 coefficients.</param>
    public static void TransformGroup<TLanes, TShort, TInt, TByte>(ReadOnlySpan<byte> samples, int stride, Quantiser quantiser, Span<short> coefficients)
        where TLanes : struct, ILanes<TShort, TInt, TByte>
        where TShort : struct
        where TInt : struct
        where TByte : struct
    {
        // The slices contain everything that is read and written below, or throw.
        ref byte source = ref MemoryMarshal.GetReference(samples[..((7 * stride) + 32)]);
        ref short half = ref MemoryMarshal.GetReference(quantiser.Half.AsSpan()[..ZigZag.GroupSize]);
        ref short reciprocal = ref MemoryMarshal.GetReference(quantiser.Reciprocal.AsSpan()[..ZigZag.GroupSize]);
        ref short scale = ref MemoryMarshal.GetReference(quantiser.Scale.AsSpan()[..ZigZag.GroupSize]);
        ref short target = ref MemoryMarshal.GetReference(coefficients[..ZigZag.GroupSize]);
        for (int block = 0; block < 4; block += TLanes.Count)
        {
            Blocks<TLanes, TShort, TInt, TByte>(ref Unsafe.Add(ref source, block * 8), stride, ref Unsafe.Add(ref half, block * 8),
                ref Unsafe.Add(ref reciprocal, block * 8), ref Unsafe.Add(ref scale, block * 8), ref Unsafe.Add(ref target, block * 8));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Blocks<TLanes, TShort, TInt, TByte>(ref byte source, int stride, ref short half, ref short reciprocal, ref short scale,
        ref short target)
        where TLanes : struct, ILanes<TShort, TInt, TByte>
        where TShort : struct
        where TInt : struct
        where TByte : struct
    {
        TShort centre = TLanes.All(128);
        TShort r0 = TLanes.Subtract(TLanes.LoadWide(ref source), centre);
        TShort r1 = TLanes.Subtract(TLanes.LoadWide(ref Unsafe.Add(ref source, stride)), centre);
        TShort r2 = TLanes.Subtract(TLanes.LoadWide(ref Unsafe.Add(ref source, 2 * stride)), centre);
        TShort r3 = TLanes.Subtract(TLanes.LoadWide(ref Unsafe.Add(ref source, 3 * stride)), centre);
        TShort r4 = TLanes.Subtract(TLanes.LoadWide(ref Unsafe.Add(ref source, 4 * stride)), centre);
        TShort r5 = TLanes.Subtract(TLanes.LoadWide(ref Unsafe.Add(ref source, 5 * stride)), centre);
        TShort r6 = TLanes.Subtract(TLanes.LoadWide(ref Unsafe.Add(ref source, 6 * stride)), centre);
        TShort r7 = TLanes.Subtract(TLanes.LoadWide(ref Unsafe.Add(ref source, 7 * stride)), centre);

        BlockTranspose.Run<TLanes, TShort, TInt, TByte>(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
        Pass<TLanes, TShort, TInt, TByte>(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7, 11);
        r0 = TLanes.ShiftLeft(r0, 2);
        r4 = TLanes.ShiftLeft(r4, 2);
        BlockTranspose.Run<TLanes, TShort, TInt, TByte>(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
        Pass<TLanes, TShort, TInt, TByte>(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7, 15);
        r0 = TLanes.ShiftRight(TLanes.Add(r0, TLanes.All(2)), 2);
        r4 = TLanes.ShiftRight(TLanes.Add(r4, TLanes.All(2)), 2);

        Quantise<TLanes, TShort, TInt, TByte>(r0, 0, ref half, ref reciprocal, ref scale, ref target);
        Quantise<TLanes, TShort, TInt, TByte>(r1, 32, ref half, ref reciprocal, ref scale, ref target);
        Quantise<TLanes, TShort, TInt, TByte>(r2, 64, ref half, ref reciprocal, ref scale, ref target);
        Quantise<TLanes, TShort, TInt, TByte>(r3, 96, ref half, ref reciprocal, ref scale, ref target);
        Quantise<TLanes, TShort, TInt, TByte>(r4, 128, ref half, ref reciprocal, ref scale, ref target);
        Quantise<TLanes, TShort, TInt, TByte>(r5, 160, ref half, ref reciprocal, ref scale, ref target);
        Quantise<TLanes, TShort, TInt, TByte>(r6, 192, ref half, ref reciprocal, ref scale, ref target);
        Quantise<TLanes, TShort, TInt, TByte>(r7, 224, ref half, ref reciprocal, ref scale, ref target);
    }

    /// <summary>One pass; of the first and the fifth output the caller scales the sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pass<TLanes, TShort, TInt, TByte>(
        ref TShort r0, ref TShort r1, ref TShort r2, ref TShort r3, ref TShort r4, ref TShort r5, ref TShort r6, ref TShort r7, int shift)
        where TLanes : struct, ILanes<TShort, TInt, TByte>
        where TShort : struct
        where TInt : struct
        where TByte : struct
    {
        TShort sum0 = TLanes.Add(r0, r7), sum1 = TLanes.Add(r1, r6), sum2 = TLanes.Add(r2, r5), sum3 = TLanes.Add(r3, r4);
        TShort odd7 = TLanes.Subtract(r0, r7), odd6 = TLanes.Subtract(r1, r6), odd5 = TLanes.Subtract(r2, r5), odd4 = TLanes.Subtract(r3, r4);
        TShort even0 = TLanes.Add(sum0, sum3), even3 = TLanes.Subtract(sum0, sum3), even1 = TLanes.Add(sum1, sum2), even2 = TLanes.Subtract(sum1, sum2);
        (r0, r4) = (TLanes.Add(even0, even1), TLanes.Subtract(even0, even1));

        TShort z3 = TLanes.Add(odd4, odd6), z4 = TLanes.Add(odd5, odd7);
        Products<TLanes, TShort, TInt, TByte>(
            TLanes.UnpackLow(even3, even2), TLanes.UnpackLow(z3, z4), TLanes.UnpackLow(odd4, odd7), TLanes.UnpackLow(odd5, odd6), shift,
            out TInt a1, out TInt a2, out TInt a3, out TInt a5, out TInt a6, out TInt a7);
        Products<TLanes, TShort, TInt, TByte>(
            TLanes.UnpackHigh(even3, even2), TLanes.UnpackHigh(z3, z4), TLanes.UnpackHigh(odd4, odd7), TLanes.UnpackHigh(odd5, odd6), shift,
            out TInt b1, out TInt b2, out TInt b3, out TInt b5, out TInt b6, out TInt b7);
        (r1, r2, r3) = (TLanes.Pack(a1, b1), TLanes.Pack(a2, b2), TLanes.Pack(a3, b3));
        (r5, r6, r7) = (TLanes.Pack(a5, b5), TLanes.Pack(a6, b6), TLanes.Pack(a7, b7));
    }

    /// <summary>The outputs that are sums of products, for half of the columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Products<TLanes, TShort, TInt, TByte>(TShort pair32, TShort pairZ, TShort pair47, TShort pair56, int shift,
        out TInt v1, out TInt v2, out TInt v3, out TInt v5, out TInt v6, out TInt v7)
        where TLanes : struct, ILanes<TShort, TInt, TByte>
        where TShort : struct
        where TInt : struct
        where TByte : struct
    {
        TInt rounding = TLanes.AllInts(1 << (shift - 1));
        v2 = TLanes.ShiftRight(TLanes.Add(TLanes.MultiplyAdd(pair32, TLanes.Pairs(F0541 + F0765, F0541)), rounding), shift);
        v6 = TLanes.ShiftRight(TLanes.Add(TLanes.MultiplyAdd(pair32, TLanes.Pairs(F0541, F0541 - F1847)), rounding), shift);
        TInt odds3 = TLanes.Add(TLanes.MultiplyAdd(pairZ, TLanes.Pairs(F1175 - F1961, F1175)), rounding);
        TInt odds4 = TLanes.Add(TLanes.MultiplyAdd(pairZ, TLanes.Pairs(F1175, F1175 - F0390)), rounding);
        v7 = TLanes.ShiftRight(TLanes.Add(TLanes.MultiplyAdd(pair47, TLanes.Pairs(F0298 - F0899, -F0899)), odds3), shift);
        v1 = TLanes.ShiftRight(TLanes.Add(TLanes.MultiplyAdd(pair47, TLanes.Pairs(-F0899, F1501 - F0899)), odds4), shift);
        v5 = TLanes.ShiftRight(TLanes.Add(TLanes.MultiplyAdd(pair56, TLanes.Pairs(F2053 - F2562, -F2562)), odds4), shift);
        v3 = TLanes.ShiftRight(TLanes.Add(TLanes.MultiplyAdd(pair56, TLanes.Pairs(-F2562, F3072 - F2562)), odds3), shift);
    }

    /// <summary>The arithmetic of <see cref="Quantiser.Divide"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quantise<TLanes, TShort, TInt, TByte>(TShort coefficients, int row, ref short half, ref short reciprocal, ref short scale,
        ref short target)
        where TLanes : struct, ILanes<TShort, TInt, TByte>
        where TShort : struct
        where TInt : struct
        where TByte : struct
    {
        TShort sign = TLanes.ShiftRight(coefficients, 15);
        TShort magnitude = TLanes.Add(TLanes.Subtract(TLanes.Xor(coefficients, sign), sign), TLanes.Load(ref Unsafe.Add(ref half, row)));
        magnitude = TLanes.MultiplyHigh(TLanes.ShiftLeft(TLanes.ShiftRight(magnitude, 3), 4), TLanes.Load(ref Unsafe.Add(ref reciprocal, row)));
        magnitude = TLanes.MultiplyHigh(magnitude, TLanes.Load(ref Unsafe.Add(ref scale, row)));
        TLanes.Store(TLanes.Subtract(TLanes.Xor(magnitude, sign), sign), ref Unsafe.Add(ref target, row));
    }
}
