namespace LaionStream.Soak.Results;

/// <summary>Statistics over the rounds of one measurement.</summary>
/// <param name="Median">The middle value.</param>
/// <param name="Min">The minimum.</param>
/// <param name="Max">The maximum.</param>
internal readonly record struct Spread(double Median, double Min, double Max)
{
    /// <summary>Computes them.</summary>
    /// <param name="rounds">At least one value.</param>
    public static Spread Of(IEnumerable<double> rounds)
    {
        double[] sorted = [.. rounds.Order()];
        int middle = sorted.Length / 2;
        double median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[^1]);
    }
}
