using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LaionStream.Models.Pictures.JpegEncoding;

/// <summary>
/// The bits that follow a coefficient's code, with their number: the number in the lowest 16 bits, the bits themselves in the upper 16. Those of a negative
/// value are the ones' complement of its magnitude (T.81 F.1.2.1). A block's are computed at once, in vectors, so that the writer's loop has less to do.
/// </summary>
internal static class ValueBits
{
    private const int ExponentBias = 126; // of a float32, less one: the exponent of 1 gives 1, the number of its bits

    /// <summary>Computes those of a block.</summary>
    /// <param name="coefficients">64 values, -32767 to 32767.</param>
    /// <param name="bits">Receives 64; those of zeros have no meaning.</param>
    public static void Of(ReadOnlySpan<short> coefficients, Span<uint> bits)
    {
        ref short from = ref MemoryMarshal.GetReference(coefficients[..64]);
        ref uint to = ref MemoryMarshal.GetReference(bits[..64]);
        for (nuint i = 0; i < 64; i += (nuint)Vector256<short>.Count)
        {
            (Vector256<int> low, Vector256<int> high) = Vector256.Widen(Vector256.LoadUnsafe(ref from, i));
            Of(low).StoreUnsafe(ref to, i);
            Of(high).StoreUnsafe(ref to, i + (nuint)Vector256<int>.Count);
        }
    }

    private static Vector256<uint> Of(Vector256<int> values)
    {
        // The exponent of the magnitude as a float is the number of its bits; with the fraction cleared, the float is the highest of them.
        Vector256<int> floats = Vector256.ConvertToSingle(Vector256.Abs(values)).AsInt32();
        Vector256<int> highest = Vector256.ConvertToInt32Native((floats & Vector256.Create(0x7F800000)).AsSingle());
        Vector256<int> below = (values + (values >> 31)) & (highest + highest - Vector256<int>.One);
        return ((below << 16) | ((floats >>> 23) - Vector256.Create(ExponentBias))).AsUInt32();
    }
}
