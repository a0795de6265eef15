using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LaionStream.Models.Pictures.Jpeg;

namespace LaionStream.Models.Pictures.JpegEncoding;

/// <summary>Transforms rows of samples into quantised coefficients, with the widest vectors of the machine.</summary>
internal static class ForwardDct
{
    /// <summary>Samples of a group of four blocks in one row.</summary>
    public const int GroupWidth = 32;

    /// <summary>Transforms eight rows.</summary>
    /// <param name="samples">Eight rows of samples.</param>
    /// <param name="stride">Samples of a row, a multiple of <see cref="GroupWidth"/>.</param>
    /// <param name="quantiser">The component's quantiser.</param>
    /// <param name="coefficients">The blocks, in groups of four (<see cref="ZigZag"/>).</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TransformRow(ReadOnlySpan<byte> samples, int stride, Quantiser quantiser, Span<short> coefficients)
    {
        for (int group = 0; group * GroupWidth < stride; group++)
        {
            ReadOnlySpan<byte> source = samples[(group * GroupWidth)..];
            Span<short> target = coefficients.Slice(group * ZigZag.GroupSize, ZigZag.GroupSize);
            if (Avx512BW.IsSupported)
            {
                VectorForwardDct.TransformGroup<Lanes512, Vector512<short>, Vector512<int>, Vector512<byte>>(source, stride, quantiser, target);
            }
            else if (Avx2.IsSupported)
            {
                VectorForwardDct.TransformGroup<Lanes256, Vector256<short>, Vector256<int>, Vector256<byte>>(source, stride, quantiser, target);
            }
            else if (Vector128.IsHardwareAccelerated)
            {
                VectorForwardDct.TransformGroup<Lanes128, Vector128<short>, Vector128<int>, Vector128<byte>>(source, stride, quantiser, target);
            }
            else
            {
                ScalarForwardDct.TransformGroup(source, stride, quantiser, target);
            }
        }
    }
}
