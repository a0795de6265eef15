namespace LaionStream.Dataset.Summary;

/// <summary>How long fetched rows took, in milliseconds, waits of our own not counted.</summary>
/// <param name="P50">Half took at most this long.</param>
/// <param name="P90">Nine tenths.</param>
/// <param name="P99">99 in a hundred.</param>
/// <param name="Histogram">Buckets that are not empty.</param>
public sealed record LatencyReport(double P50, double P90, double P99, IReadOnlyList<LatencyBucket> Histogram);
