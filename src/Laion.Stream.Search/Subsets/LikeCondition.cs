namespace LaionStream.Search.Subsets;

/// <summary>A condition on the vector of a row's picture.</summary>
/// <param name="Query">What was asked for, as a manifest names it: the text, or the digest of the picture.</param>
/// <param name="Vector">Its vector, in the space of the rows' vectors; its length does not matter.</param>
/// <param name="Least">The lowest cosine of a row that is taken, −1 to 1.</param>
public sealed record LikeCondition(string Query, IReadOnlyList<float> Vector, float Least);
