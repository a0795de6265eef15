using System.Numerics.Tensors;

namespace LaionStream.Search.Native;

/// <summary>float32 to int8, each vector with a scale of its own: its largest number becomes 127.</summary>
internal static class Int8
{
    /// <summary>Quantises a vector.</summary>
    /// <param name="from">The vector, of any length.</param>
    /// <param name="to">Receives as many numbers.</param>
    /// <returns>False when it has no direction: it is zero, or has numbers that are not finite.</returns>
    public static bool TryQuantise(ReadOnlySpan<float> from, Span<sbyte> to)
    {
        float largest = MathF.Abs(TensorPrimitives.MaxMagnitude(from)); // NaN where there is one
        if (!(largest > 0) || !float.IsFinite(largest)) { return false; }

        for (int i = 0; i < from.Length; i++) { to[i] = (sbyte)MathF.Round(from[i] / largest * 127); }
        return true;
    }
}
