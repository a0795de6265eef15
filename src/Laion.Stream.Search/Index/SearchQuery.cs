using LaionStream.Search.Vectors;

namespace LaionStream.Search.Index;

/// <summary>A query in the forms that a search needs. Read by several threads.</summary>
/// <param name="Unit">With length 1.</param>
/// <param name="Int8">Quantised.</param>
internal sealed record SearchQuery(float[] Unit, sbyte[] Int8)
{
    /// <summary>Prepares a query.</summary>
    /// <exception cref="ArgumentException">It is zero or not finite.</exception>
    public static SearchQuery Of(ReadOnlySpan<float> query)
    {
        float[] unit = CosineScorer.Unit(query);
        sbyte[] numbers = new sbyte[unit.Length];
        Native.Int8.TryQuantise(unit, numbers); // a unit vector has a direction
        return new SearchQuery(unit, numbers);
    }
}
