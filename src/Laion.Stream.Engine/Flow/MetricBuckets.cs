namespace LaionStream.Engine.Flow;

/// <summary>The edges of the meter's histograms: three to a decade, because an exporter keeps one series per edge and tag.</summary>
internal static class MetricBuckets
{
    /// <summary>For times in seconds, from a tenth of a millisecond to a minute.</summary>
    public static IReadOnlyList<double> Seconds { get; } = [0.0001, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60];

    /// <summary>For sizes in bytes, from a kilobyte to 64 megabytes.</summary>
    public static IReadOnlyList<long> Bytes { get; } =
        [1 << 10, 1 << 12, 1 << 14, 1 << 15, 1 << 16, 1 << 17, 1 << 18, 1 << 19, 1 << 20, 1 << 22, 1 << 24, 1 << 26];

    /// <summary>For rows of a batch.</summary>
    public static IReadOnlyList<int> Rows { get; } = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096];
}
