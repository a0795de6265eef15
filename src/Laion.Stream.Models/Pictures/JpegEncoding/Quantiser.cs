using LaionStream.Models.Pictures.Jpeg;

namespace LaionStream.Models.Pictures.JpegEncoding;

/// <summary>
/// A quantisation table, and the numbers that divide by it: a coefficient is 8 times as large as its quantiser's unit, and is rounded half away from zero.
/// Division by q is a multiplication by ceil(2^(12 + s) / q) and a shift, which is exact for the magnitudes of a forward DCT of 8-bit samples (at most 8,192).
/// </summary>
internal sealed class Quantiser
{
    /// <summary>Prepares a table.</summary>
    /// <param name="table">64 quantisers of 1 to 255 in natural order.</param>
    public Quantiser(ReadOnlySpan<byte> table)
    {
        Span<short> half = stackalloc short[64], reciprocal = stackalloc short[64], scale = stackalloc short[64];
        for (int i = 0; i < 64; i++)
        {
            int divisor = table[i], shift = int.Log2(divisor) + 2;
            InFile[i] = table[ZigZag.Natural(i)];
            half[i] = (short)(divisor * 4);
            reciprocal[i] = (short)(((1 << (12 + shift)) + divisor - 1) / divisor);
            scale[i] = (short)(1 << (16 - shift));
        }

        (Half, Reciprocal, Scale) = (InverseDct.Spread(half), InverseDct.Spread(reciprocal), InverseDct.Spread(scale));
    }

    /// <summary>The table as a DQT segment has it, in zigzag order.</summary>
    public byte[] InFile { get; } = new byte[64];

    /// <summary>Half of 8 quantisers each, arranged like a group of four blocks (<see cref="ZigZag"/>).</summary>
    public short[] Half { get; }

    /// <summary>Reciprocals, arranged likewise.</summary>
    public short[] Reciprocal { get; }

    /// <summary>The shift after the reciprocal, as a factor of 2^-16, arranged likewise.</summary>
    public short[] Scale { get; }

    /// <summary>Quantises a coefficient by the numbers of one position.</summary>
    public static short Divide(int coefficient, short half, short reciprocal, short scale)
    {
        int magnitude = ((Math.Abs(coefficient) + half) >> 3) << 4;
        magnitude = (((magnitude * reciprocal) >> 16) * scale) >> 16;
        return (short)(coefficient < 0 ? -magnitude : magnitude);
    }
}
