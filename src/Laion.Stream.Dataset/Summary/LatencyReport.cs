namespace LaionStream.Dataset.Summary;

/// <summary>Durations of fetched rows in milliseconds, without the waits that this program imposes.</summary>
/// <param name="P50">The median.</param>
/// <param name="P90">The 90th percentile.</param>
/// <param name="P99">The 99th percentile.</param>
/// <param name="Histogram">The non-empty buckets.</param>
public sealed record LatencyReport(double P50, double P90, double P99, IReadOnlyList<LatencyBucket> Histogram);
