namespace LaionStream.Host.Verbs;

/// <summary>A row whose picture is like one that was asked for.</summary>
/// <param name="Commit">The commit of its part.</param>
/// <param name="Position">Its place in the part.</param>
/// <param name="Similarity">Cosine of the two vectors.</param>
internal readonly record struct LikeRow(long Commit, int Position, float Similarity);
