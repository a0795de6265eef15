namespace LaionStream.Engine.Download.Fetching;

/// <summary>
/// The hosts with most failures in bounded memory: the space-saving sketch of Metwally, Agrawal and El Abbadi (2005). A count may be too high by
/// up to the smallest count held, but is never too low.
/// </summary>
/// <param name="capacity">Maximum number of hosts.</param>
internal sealed class TopHosts(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _counts = new(capacity, StringComparer.Ordinal);
    private readonly PriorityQueue<string, long> _smallest = new();

    /// <summary>Adds one to a host's count.</summary>
    public void Note(string host)
    {
        lock (_gate)
        {
            if (_counts.TryGetValue(host, out long count))
            {
                _counts[host] = count + 1; // its position in the queue is corrected when it reaches the front
                return;
            }

            long floor = _counts.Count < capacity ? 0 : EvictSmallest();
            _counts[host] = floor + 1;
            _smallest.Enqueue(host, floor + 1);
        }
    }

    /// <summary>The hosts with the highest counts, highest first.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Top(int count)
    {
        lock (_gate)
        {
            return [.. _counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(count)];
        }
    }

    private long EvictSmallest()
    {
        while (true)
        {
            _smallest.TryDequeue(out string? host, out long noted);
            long count = _counts[host!];
            if (count == noted)
            {
                _counts.Remove(host!);
                return count;
            }

            _smallest.Enqueue(host!, count);
        }
    }
}
