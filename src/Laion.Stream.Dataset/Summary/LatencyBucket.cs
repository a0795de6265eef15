namespace LaionStream.Dataset.Summary;

/// <summary>One bucket of a histogram of times.</summary>
/// <param name="UpToMs">Its upper edge in milliseconds; its lower edge is that of the bucket before.</param>
/// <param name="Rows">Rows in it.</param>
public sealed record LatencyBucket(double UpToMs, long Rows);
