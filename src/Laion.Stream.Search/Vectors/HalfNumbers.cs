using System.Numerics.Tensors;

namespace LaionStream.Search.Vectors;

/// <summary>float16 to float32, with the machine's vector instructions.</summary>
internal static class HalfNumbers
{
    /// <summary>Widens numbers exactly.</summary>
    /// <param name="from">float16.</param>
    /// <param name="to">float32, as many.</param>
    public static void Widen(ReadOnlySpan<Half> from, Span<float> to) => TensorPrimitives.ConvertToSingle(from, to);
}
