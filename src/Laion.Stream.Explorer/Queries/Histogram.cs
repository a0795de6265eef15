namespace LaionStream.Explorer.Queries;

/// <summary>How many rows have which value: bins of equal width from the least value of the output to the greatest.</summary>
/// <param name="Min">Lower end of the first bin.</param>
/// <param name="Max">Upper end of the last bin.</param>
/// <param name="Counts">Rows of each bin.</param>
internal sealed record Histogram(double Min, double Max, IReadOnlyList<long> Counts);
