using System.Numerics.Tensors;

namespace LaionStream.Models.Towers;

/// <summary>Arithmetic on embedding vectors: float32 input, sums in double. Pure.</summary>
internal static class Embeddings
{
    /// <summary>Scales a vector to unit length in place. When it contains NaN or infinity, or is zero, the result contains NaN.</summary>
    public static void Normalise(Span<float> vector)
    {
        double scale = 1 / Math.Sqrt(Dot(vector, vector));
        for (int i = 0; i < vector.Length; i++) { vector[i] = (float)(vector[i] * scale); }
    }

    /// <summary>The vector scaled to unit length, as half floats.</summary>
    public static Half[] ToHalf(ReadOnlySpan<float> vector)
    {
        double scale = 1 / Math.Sqrt(Dot(vector, vector));
        var halves = new Half[vector.Length];
        for (int i = 0; i < halves.Length; i++) { halves[i] = (Half)(vector[i] * scale); }

        return halves;
    }

    /// <summary>Cosine of two vectors; NaN if either contains NaN or is zero.</summary>
    public static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b));

    /// <summary>Inner product, summed in double.</summary>
    public static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) { sum += (double)a[i] * b[i]; }

        return sum;
    }

    /// <summary>Whether every element is a finite number.</summary>
    public static bool IsFinite(ReadOnlySpan<float> vector)
    {
        foreach (float value in vector)
        {
            if (!float.IsFinite(value)) { return false; }
        }

        return true;
    }

    /// <summary>Softmax in place, in double.</summary>
    public static void Softmax(Span<double> logits)
    {
        double max = TensorPrimitives.Max<double>(logits);
        double sum = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            logits[i] = Math.Exp(logits[i] - max);
            sum += logits[i];
        }

        for (int i = 0; i < logits.Length; i++) { logits[i] /= sum; }
    }
}
