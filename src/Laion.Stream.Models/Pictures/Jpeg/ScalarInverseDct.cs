using static LaionStream.Models.Pictures.Jpeg.DctFactors;

namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>
/// The accurate integer inverse DCT, one block at a time, with the word sizes of libjpeg-turbo's vector code (jidctint-avx2.asm): products and sums of inputs
/// wrap at 16 bits, both passes saturate to 16 bits. For extreme coefficients jidctint.c gives other samples, but it is not what its users run.
/// </summary>
internal static class ScalarInverseDct
{
    /// <summary>Transforms a group of four blocks.</summary>
    /// <param name="coefficients">256 coefficients.</param>
    /// <param name="quantisers">256 factors, arranged like the coefficients.</param>
    /// <param name="samples">Starts at the first block's first sample; eight rows of 32 samples are written.</param>
    /// <param name="stride">Samples from one row to the next.</param>
    public static void TransformGroup(ReadOnlySpan<short> coefficients, ReadOnlySpan<short> quantisers, Span<byte> samples, int stride)
    {
        for (int block = 0; block < 4; block++) { Transform(coefficients[(block * 8)..], quantisers, samples[(block * 8)..], stride); }
    }

    private static void Transform(ReadOnlySpan<short> coefficients, ReadOnlySpan<short> quantisers, Span<byte> samples, int stride)
    {
        Span<short> work = stackalloc short[64];
        bool firstRowOnly = true;
        for (int row = 0; row < 8; row++)
        {
            for (int column = 0; column < 8; column++)
            {
                int coefficient = coefficients[(row * ZigZag.RowStride) + column];
                firstRowOnly &= row == 0 || coefficient == 0;
                work[(row * 8) + column] = (short)(coefficient * quantisers[(row * ZigZag.RowStride) + column]);
            }
        }

        for (int column = 0; column < 8; column++)
        {
            if (firstRowOnly)
            {
                short value = (short)(work[column] << 2); // what the pass below gives, except for its saturation
                for (int row = 0; row < 8; row++) { work[(row * 8) + column] = value; }
            }
            else
            {
                Pass(work[column..], 8, 11);
            }
        }

        for (int row = 0; row < 8; row++)
        {
            Span<short> line = work.Slice(row * 8, 8);
            Pass(line, 1, 18);
            for (int column = 0; column < 8; column++) { samples[(row * stride) + column] = (byte)(Math.Clamp((int)line[column], -128, 127) + 128); }
        }
    }

    private static void Pass(Span<short> v, int step, int shift)
    {
        short in1 = v[step], in2 = v[2 * step], in3 = v[3 * step], in5 = v[5 * step], in6 = v[6 * step], in7 = v[7 * step];
        int sum = (short)(v[0] + v[4 * step]) << 13, difference = (short)(v[0] - v[4 * step]) << 13;
        int even3 = (in2 * (F0541 + F0765)) + (in6 * F0541), even2 = (in2 * F0541) + (in6 * (F0541 - F1847));
        short z3 = (short)(in7 + in3), z4 = (short)(in5 + in1);
        int odd3 = (z3 * (F1175 - F1961)) + (z4 * F1175), odd4 = (z3 * F1175) + (z4 * (F1175 - F0390));
        int odd0 = (in7 * (F0298 - F0899)) - (in1 * F0899) + odd3, odd1 = (in5 * (F2053 - F2562)) - (in3 * F2562) + odd4;
        int odd2 = (in3 * (F3072 - F2562)) - (in5 * F2562) + odd3, oddLast = (in1 * (F1501 - F0899)) - (in7 * F0899) + odd4;
        Put(v, 0, 7, sum + even3, oddLast, step, shift);
        Put(v, 1, 6, difference + even2, odd2, step, shift);
        Put(v, 2, 5, difference - even2, odd1, step, shift);
        Put(v, 3, 4, sum - even3, odd0, step, shift);
    }

    private static void Put(Span<short> v, int first, int mirror, int even, int odd, int step, int shift)
    {
        v[first * step] = Descale(even + odd, shift);
        v[mirror * step] = Descale(even - odd, shift);
    }

    private static short Descale(int value, int shift) => (short)Math.Clamp((value + (1 << (shift - 1))) >> shift, short.MinValue, short.MaxValue);
}
