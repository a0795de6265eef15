namespace LaionStream.Dataset.Summary;

/// <summary>
/// How many rows of a set had which similarity, kept or not: shows what another threshold would keep. Statistics, no accounting: a row that is scored again
/// after a crash counts twice.
/// </summary>
/// <param name="From">Lower end of the first bin, −1..1.</param>
/// <param name="Width">Width of each bin.</param>
/// <param name="Counts">Rows per bin, from the lowest that has one to the highest.</param>
public sealed record SimilarityHistogram(double From, double Width, IReadOnlyList<long> Counts);
