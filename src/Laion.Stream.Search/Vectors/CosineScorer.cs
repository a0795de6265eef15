using System.Numerics.Tensors;

namespace LaionStream.Search.Vectors;

/// <summary>Compares one query with stored vectors. Used by one thread.</summary>
internal sealed class CosineScorer
{
    private readonly float[] _query;
    private readonly float[] _row;

    /// <summary>Starts with a query of length 1.</summary>
    /// <param name="unitQuery">Not changed and not copied.</param>
    public CosineScorer(float[] unitQuery) => (_query, _row) = (unitQuery, new float[unitQuery.Length]);

    /// <summary>The cosine of the query and a stored vector, in float32.</summary>
    /// <returns>NaN where the vector has no direction: it is zero, as the text vector of a row without caption is, or not finite.</returns>
    public float Score(MappedVectors vectors, long row)
    {
        (float dot, float squares) = vectors.Shape.IsHalf ? HalfDot.Of(_query, vectors.Halves(row), _row) : Singles(vectors.Singles(row));
        return squares > 0 && float.IsFinite(squares) ? dot / MathF.Sqrt(squares) : float.NaN;
    }

    /// <summary>A copy of a vector with length 1.</summary>
    /// <exception cref="ArgumentException">It is zero or not finite.</exception>
    public static float[] Unit(ReadOnlySpan<float> query)
    {
        // In double: the squares of very large or very small numbers leave float32's range.
        double squares = 0;
        foreach (float number in query) { squares += (double)number * number; }
        if (!(squares > 0) || !double.IsFinite(squares)) { throw new ArgumentException("The query has no direction: it is zero, or has numbers that are not finite.", nameof(query)); }

        float[] unit = new float[query.Length];
        double length = Math.Sqrt(squares);
        for (int i = 0; i < unit.Length; i++) { unit[i] = (float)(query[i] / length); }
        return unit;
    }

    private (float Dot, float Squares) Singles(ReadOnlySpan<float> row) => (TensorPrimitives.Dot(_query, row), TensorPrimitives.SumOfSquares(row));
}
