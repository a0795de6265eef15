namespace LaionStream.Search.Index;

/// <summary>A row that a search found.</summary>
/// <param name="Row">Its row number in the <see cref="VectorIndex"/> that was searched.</param>
/// <param name="Score">Cosine of the query and the stored vector, from −1 to 1, computed in float32 from the stored float16 or float32 numbers: never the estimate of an approximate index.</param>
public readonly record struct Hit(long Row, float Score);
