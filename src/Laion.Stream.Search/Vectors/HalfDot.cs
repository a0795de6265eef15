using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LaionStream.Search.Vectors;

/// <summary>Products of a float32 vector and a stored float16 vector, without an array of the widened numbers in between.</summary>
internal static class HalfDot
{
    private const int Step = 32;
    private const float NotSurelyFinite = 65504f * 65504f; // the square of the largest float16

    /// <summary>The inner product, and the stored vector's own.</summary>
    /// <param name="query">float32.</param>
    /// <param name="row">float16, as many.</param>
    /// <param name="buffer">As many numbers, for processors without 512-bit vectors.</param>
    public static (float Dot, float Squares) Of(ReadOnlySpan<float> query, ReadOnlySpan<Half> row, Span<float> buffer)
    {
        if (Vector512.IsHardwareAccelerated && row.Length % Step == 0)
        {
            (float dot, float squares) = Wide(query, MemoryMarshal.Cast<Half, short>(row));
            if (squares < NotSurelyFinite) { return (dot, squares); }
        }

        TensorPrimitives.ConvertToSingle(row, buffer);
        return (TensorPrimitives.Dot(query, buffer), TensorPrimitives.SumOfSquares<float>(buffer));
    }

    // There is no instruction for the conversion in .NET: sign and magnitude are moved to float32's places and the exponent is raised by 112. Wrong for numbers
    // below 2^-14, which Tiny mends, and for those that are not finite, whose squares show it.
    private static (float Dot, float Squares) Wide(ReadOnlySpan<float> query, ReadOnlySpan<short> row)
    {
        Vector512<float> dots0 = default, dots1 = default, squares0 = default, squares1 = default;
        ref float queryAt = ref MemoryMarshal.GetReference(query);
        ref short rowAt = ref MemoryMarshal.GetReference(row);
        for (nuint i = 0; i < (nuint)row.Length; i += Step)
        {
            var halves = Vector512.LoadUnsafe(ref rowAt, i);
            (Vector512<int> low, Vector512<int> high) = Vector512.Widen(halves);
            Vector512<float> numbers0 = Raise(low);
            Vector512<float> numbers1 = Raise(high);
            if (Vector512.EqualsAny(halves & Vector512.Create((short)0x7C00), Vector512<short>.Zero))
            {
                numbers0 = Tiny(numbers0);
                numbers1 = Tiny(numbers1);
            }

            dots0 = Vector512.FusedMultiplyAdd(numbers0, Vector512.LoadUnsafe(ref queryAt, i), dots0);
            dots1 = Vector512.FusedMultiplyAdd(numbers1, Vector512.LoadUnsafe(ref queryAt, i + (Step / 2)), dots1);
            squares0 = Vector512.FusedMultiplyAdd(numbers0, numbers0, squares0);
            squares1 = Vector512.FusedMultiplyAdd(numbers1, numbers1, squares1);
        }

        return (Vector512.Sum(dots0 + dots1), Vector512.Sum(squares0 + squares1));
    }

    private static Vector512<float> Raise(Vector512<int> halves) =>
        (((halves << 13) & Vector512.Create(unchecked((int)0x8FFFE000))) + Vector512.Create(112 << 23)).AsSingle();

    // With exponent 0 a float16 is m · 2^-24, and Raise has made ±(2^-15 + m · 2^-25) of it.
    private static Vector512<float> Tiny(Vector512<float> numbers)
    {
        Vector512<float> signs = numbers & Vector512.Create(-0f);
        Vector512<float> mended = numbers + numbers - (signs | Vector512.Create(1f / 16384));
        return Vector512.ConditionalSelect(Vector512.LessThan(Vector512.Abs(numbers), Vector512.Create(1f / 16384)), mended, numbers);
    }
}
