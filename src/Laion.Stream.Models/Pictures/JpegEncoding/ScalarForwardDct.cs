using LaionStream.Models.Pictures.Jpeg;
using static LaionStream.Models.Pictures.Jpeg.DctFactors;

namespace LaionStream.Models.Pictures.JpegEncoding;

/// <summary>The accurate integer forward DCT (jfdctint.c) and quantisation, one block at a time.</summary>
internal static class ScalarForwardDct
{
    /// <summary>Transforms a group of four blocks.</summary>
    /// <param name="samples">Starts at the first block's first sample; eight rows of 32 samples are read.</param>
    /// <param name="stride">Samples from one row to the next.</param>
    /// <param name="quantiser">The component's quantiser.</param>
    /// <param name="coefficients">256 coefficients.</param>
    public static void TransformGroup(ReadOnlySpan<byte> samples, int stride, Quantiser quantiser, Span<short> coefficients)
    {
        Span<int> work = stackalloc int[64];
        for (int block = 0; block < 4; block++)
        {
            for (int i = 0; i < 64; i++) { work[i] = samples[((i >> 3) * stride) + (block * 8) + (i & 7)] - 128; }
            for (int row = 0; row < 8; row++) { Pass(work.Slice(row * 8, 8), 1, 11, -2); }
            for (int column = 0; column < 8; column++) { Pass(work[column..], 8, 15, 2); }
            for (int i = 0; i < 64; i++)
            {
                int place = ((i >> 3) * ZigZag.RowStride) + (block * 8) + (i & 7);
                coefficients[place] = Quantiser.Divide(work[i], quantiser.Half[place], quantiser.Reciprocal[place], quantiser.Scale[place]);
            }
        }
    }

    /// <summary>
    /// One pass. The even sums are shifted right by <paramref name="sumShift"/>, or left where it is negative; the products by <paramref name="shift"/>.
    /// </summary>
    private static void Pass(Span<int> v, int step, int shift, int sumShift)
    {
        int sum0 = v[0] + v[7 * step], sum1 = v[step] + v[6 * step], sum2 = v[2 * step] + v[5 * step], sum3 = v[3 * step] + v[4 * step];
        int odd7 = v[0] - v[7 * step], odd6 = v[step] - v[6 * step], odd5 = v[2 * step] - v[5 * step], odd4 = v[3 * step] - v[4 * step];
        int even0 = sum0 + sum3, even3 = sum0 - sum3, even1 = sum1 + sum2, even2 = sum1 - sum2;
        v[0] = sumShift < 0 ? (even0 + even1) << -sumShift : Descale(even0 + even1, sumShift);
        v[4 * step] = sumShift < 0 ? (even0 - even1) << -sumShift : Descale(even0 - even1, sumShift);
        v[2 * step] = Descale((even3 * (F0541 + F0765)) + (even2 * F0541), shift);
        v[6 * step] = Descale((even3 * F0541) + (even2 * (F0541 - F1847)), shift);

        int z3 = odd4 + odd6, z4 = odd5 + odd7;
        int odds3 = (z3 * (F1175 - F1961)) + (z4 * F1175), odds4 = (z3 * F1175) + (z4 * (F1175 - F0390));
        v[7 * step] = Descale((odd4 * (F0298 - F0899)) - (odd7 * F0899) + odds3, shift);
        v[5 * step] = Descale((odd5 * (F2053 - F2562)) - (odd6 * F2562) + odds4, shift);
        v[3 * step] = Descale((odd6 * (F3072 - F2562)) - (odd5 * F2562) + odds3, shift);
        v[step] = Descale((odd7 * (F1501 - F0899)) - (odd4 * F0899) + odds4, shift);
    }

    private static int Descale(int value, int shift) => (value + (1 << (shift - 1))) >> shift;
}
