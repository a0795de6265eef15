namespace LaionStream.Explorer.Data;

/// <summary>A row that a search found.</summary>
/// <param name="Row">Its number.</param>
/// <param name="Cosine">Cosine of its vector and the query.</param>
internal readonly record struct VectorHit(long Row, float Cosine);
