using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>Transforms rows of coefficient blocks into samples, with the widest vectors of the machine.</summary>
internal static class InverseDct
{
    /// <summary>Arranges numbers of a block, such as quantisation factors, like the coefficients of a group of four blocks.</summary>
    /// <param name="quantisers">64 numbers in natural order.</param>
    public static short[] Spread(ReadOnlySpan<short> quantisers)
    {
        var spread = new short[ZigZag.GroupSize];
        for (int i = 0; i < spread.Length; i++) { spread[i] = quantisers[((i >> 5) * 8) + (i & 7)]; }
        return spread;
    }

    /// <summary>Transforms a row of blocks.</summary>
    /// <param name="coefficients">The blocks, in groups of four.</param>
    /// <param name="quantisers">The result of <see cref="Spread"/>.</param>
    /// <param name="samples">Eight rows of samples.</param>
    /// <param name="stride">Samples from one row to the next, at least 32 for each group.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TransformRow(ReadOnlySpan<short> coefficients, ReadOnlySpan<short> quantisers, Span<byte> samples, int stride)
    {
        for (int group = 0; group * ZigZag.GroupSize < coefficients.Length; group++)
        {
            ReadOnlySpan<short> blocks = coefficients.Slice(group * ZigZag.GroupSize, ZigZag.GroupSize);
            Span<byte> target = samples[(group * 32)..];
            bool done = Avx512BW.IsSupported
                ? VectorInverseDct.TryTransform<Lanes512, Vector512<short>, Vector512<int>, Vector512<byte>>(blocks, quantisers, target, stride)
                : Avx2.IsSupported ? VectorInverseDct.TryTransform<Lanes256, Vector256<short>, Vector256<int>, Vector256<byte>>(blocks, quantisers, target,
                    stride)
                : Vector128.IsHardwareAccelerated
                    && VectorInverseDct.TryTransform<Lanes128, Vector128<short>, Vector128<int>, Vector128<byte>>(blocks, quantisers, target, stride);
            if (!done) { ScalarInverseDct.TransformGroup(blocks, quantisers, target, stride); }
        }
    }
}
