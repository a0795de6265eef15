namespace LaionStream.Search.Index;

/// <summary>The best k of the hits that it is given; of equal scores the lower row number. Used by one thread.</summary>
internal sealed class NearestRows(int k)
{
    // The worst of those kept comes out first.
    private readonly PriorityQueue<Hit, Hit> _kept = new(Comparer<Hit>.Create((a, b) => Order(b, a)));

    /// <summary>Orders hits for a reader: the best first.</summary>
    public static int Order(Hit a, Hit b) => a.Score == b.Score ? a.Row.CompareTo(b.Row) : b.Score.CompareTo(a.Score);

    /// <summary>Takes a hit; one without a score is left out.</summary>
    public void Add(Hit hit)
    {
        if (float.IsNaN(hit.Score)) { return; }

        if (_kept.Count < k) { _kept.Enqueue(hit, hit); }
        else if (Order(hit, _kept.Peek()) < 0) { _kept.EnqueueDequeue(hit, hit); }
    }

    /// <summary>Takes the hits of another.</summary>
    public void AddAll(NearestRows other)
    {
        foreach ((Hit hit, _) in other._kept.UnorderedItems) { Add(hit); }
    }

    /// <summary>The hits, the best first.</summary>
    public Hit[] Sorted()
    {
        Hit[] hits = [.. _kept.UnorderedItems.Select(item => item.Element)];
        Array.Sort(hits, Order);
        return hits;
    }
}
