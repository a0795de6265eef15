using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LaionStream.Search.Mapping;

/// <summary>
/// Sums over vectors in eight lanes, without fused operations and with one order of additions: they do not depend on how wide the registers of a processor are.
/// Lengths are multiples of eight.
/// </summary>
internal static class Lanes
{
    /// <summary>Numbers that are added side by side.</summary>
    public const int Count = 8;

    /// <summary>A length rounded up to whole lanes.</summary>
    public static int RoundUp(int length) => (length + Count - 1) / Count * Count;

    /// <summary>The dot product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ref float first = ref MemoryMarshal.GetReference(a);
        ref float second = ref MemoryMarshal.GetReference(b[..a.Length]);
        (Vector256<float> even, Vector256<float> odd) = (Vector256<float>.Zero, Vector256<float>.Zero);
        nuint at = 0;
        for (; at + (2 * Count) <= (nuint)a.Length; at += 2 * Count)
        {
            even += Vector256.LoadUnsafe(ref first, at) * Vector256.LoadUnsafe(ref second, at);
            odd += Vector256.LoadUnsafe(ref first, at + Count) * Vector256.LoadUnsafe(ref second, at + Count);
        }

        if (at < (nuint)a.Length) { even += Vector256.LoadUnsafe(ref first, at) * Vector256.LoadUnsafe(ref second, at); }
        return Sum(even + odd);
    }

    /// <summary>The square of the distance.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ref float first = ref MemoryMarshal.GetReference(a);
        ref float second = ref MemoryMarshal.GetReference(b[..a.Length]);
        (Vector256<float> even, Vector256<float> odd) = (Vector256<float>.Zero, Vector256<float>.Zero);
        nuint at = 0;
        for (; at + (2 * Count) <= (nuint)a.Length; at += 2 * Count)
        {
            Vector256<float> one = Vector256.LoadUnsafe(ref first, at) - Vector256.LoadUnsafe(ref second, at);
            Vector256<float> two = Vector256.LoadUnsafe(ref first, at + Count) - Vector256.LoadUnsafe(ref second, at + Count);
            even += one * one;
            odd += two * two;
        }

        if (at < (nuint)a.Length)
        {
            Vector256<float> one = Vector256.LoadUnsafe(ref first, at) - Vector256.LoadUnsafe(ref second, at);
            even += one * one;
        }

        return Sum(even + odd);
    }

    /// <summary>Adds a multiple of a vector to another.</summary>
    public static void AddScaled(Span<float> to, ReadOnlySpan<float> from, float scale)
    {
        ref float target = ref MemoryMarshal.GetReference(to);
        ref float source = ref MemoryMarshal.GetReference(from[..to.Length]);
        Vector256<float> factor = Vector256.Create(scale);
        for (nuint at = 0; at < (nuint)to.Length; at += Count)
        {
            (Vector256.LoadUnsafe(ref target, at) + (Vector256.LoadUnsafe(ref source, at) * factor)).StoreUnsafe(ref target, at);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Sum(Vector256<float> lanes)
    {
        Vector128<float> four = lanes.GetLower() + lanes.GetUpper();
        return (four[0] + four[1]) + (four[2] + four[3]);
    }
}
