namespace LaionStream.Engine.Download.Fetching;

/// <summary>Counts durations in buckets, four per doubling, from one millisecond to some minutes. Thread-safe.</summary>
internal sealed class LatencyHistogram
{
    private const int PerDoubling = 4;
    private const int Buckets = 20 * PerDoubling;

    private readonly long[] _counts = new long[Buckets];

    /// <summary>Number of durations.</summary>
    public long Count => _counts.Sum();

    /// <summary>Adds a duration.</summary>
    public void Note(TimeSpan time)
    {
        int bucket = time.TotalMilliseconds <= 1 ? 0 : (int)Math.Ceiling(Math.Log2(time.TotalMilliseconds) * PerDoubling);
        Interlocked.Increment(ref _counts[Math.Min(bucket, Buckets - 1)]);
    }

    /// <summary>The upper edge of the bucket that contains a quantile; zero when there are no durations.</summary>
    /// <param name="share">0 to 1: 0.99 for the 99th percentile.</param>
    public TimeSpan Percentile(double share)
    {
        long[] counts = Snapshot();
        long rank = (long)Math.Ceiling(counts.Sum() * share);
        long seen = 0;
        for (int i = 0; i < Buckets && rank > 0; i++)
        {
            if ((seen += counts[i]) >= rank) { return Edge(i); }
        }

        return TimeSpan.Zero;
    }

    /// <summary>The non-empty buckets: upper edge and count.</summary>
    public IReadOnlyList<KeyValuePair<TimeSpan, long>> Filled()
    {
        long[] counts = Snapshot();
        return [.. Enumerable.Range(0, Buckets).Where(i => counts[i] > 0).Select(i => KeyValuePair.Create(Edge(i), counts[i]))];
    }

    private static TimeSpan Edge(int bucket) => TimeSpan.FromMilliseconds(Math.Pow(2, (double)bucket / PerDoubling));

    private long[] Snapshot() => [.. Enumerable.Range(0, Buckets).Select(i => Interlocked.Read(ref _counts[i]))];
}
