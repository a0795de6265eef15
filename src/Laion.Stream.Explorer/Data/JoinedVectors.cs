using System.Runtime.ExceptionServices;

namespace LaionStream.Explorer.Data;

/// <summary>The vectors of several folders as those of one: each is searched, and the nearest rows of all are kept by their exact cosines.</summary>
/// <param name="name">What requests call them.</param>
/// <param name="isOfCaptions">Whether they are those of captions.</param>
/// <param name="all">The folders' vectors of one kind, of which some may have none yet.</param>
internal sealed class JoinedVectors(string name, bool isOfCaptions, IReadOnlyList<IndexedVectors> all) : IVectors
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public bool IsOfCaptions => isOfCaptions;

    /// <inheritdoc/>
    public int Dimensions => all.FirstOrDefault(vectors => vectors.Count > 0)?.Dimensions ?? 0;

    /// <inheritdoc/>
    public long Count => Searched().Sum(vectors => vectors.Count);

    /// <inheritdoc/>
    public IReadOnlyList<VectorHit> Search(ReadOnlyMemory<float> query, int count, RowMask? mask, CancellationToken abort)
    {
        IndexedVectors[] searched = [.. Searched()];
        if (searched.Length == 1) { return searched[0].Search(query, count, mask, abort); }

        var found = new IReadOnlyList<VectorHit>[searched.Length];
        try
        {
            Parallel.For(0, searched.Length, new ParallelOptions { CancellationToken = abort }, i => found[i] = searched[i].Search(query, count, mask, abort));
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]); // callers catch what the search of one folder throws
        }

        VectorHit[] hits = [.. found.SelectMany(hits => hits)];
        Array.Sort(hits, static (a, b) => a.Cosine == b.Cosine ? a.Row.CompareTo(b.Row) : b.Cosine.CompareTo(a.Cosine));
        return hits.Length <= count ? hits : hits[..count];
    }

    /// <inheritdoc/>
    public bool TryRead(long row, Span<float> vector)
    {
        foreach (IndexedVectors vectors in all)
        {
            if (vectors.Has(row)) { return vectors.TryRead(row, vector); }
        }

        return false;
    }

    // A folder whose run has just begun may turn out to have other vectors than those before it.
    private IEnumerable<IndexedVectors> Searched()
    {
        int width = Dimensions;
        return all.Where(vectors => vectors.Count > 0 && vectors.Dimensions == width);
    }
}
