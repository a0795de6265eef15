using System.Diagnostics;
using LaionStream.Explorer.Data;
using LaionStream.Explorer.Http;
using LaionStream.Search.Rows;

namespace LaionStream.Explorer.Queries;

/// <summary>Answers searches. Safe to use from several threads.</summary>
/// <param name="data">The folders.</param>
/// <param name="query">Makes vectors of queries.</param>
/// <param name="gate">Limits how many searches run at once.</param>
internal sealed class Searcher(ExplorerData data, QueryVector query, WorkGate gate)
{
    private const int MostRows = 500;
    private const int MostDepth = 10_000;

    // By weight: an output of a hundred million rows has masks of 25 MB, and strangers choose the filters.
    private readonly Known<(string, long), RowMask> _masks = new(256 << 20, mask => mask.Weight);
    private readonly Known<(string, long), (RowMask Rows, IReadOnlyDictionary<long, int> Copies)> _folded =
        new(128 << 20, known => known.Rows.Weight + (known.Copies.Count * 48L));
    private readonly Known<long, PictureCopies> _copies = new(1);
    private readonly Lock _findsCopies = new(); // it reads every hash, with tables for all: requests that come meanwhile wait for the first one's
    private readonly Known<ResultKey, IReadOnlyList<(VectorHit Hit, int Copies)>> _results = new(500_000, results => results.Count + 200);

    // The share of results that are no copies, of the last searches: how many more than a page are searched at first. A wrong one costs a second search.
    private double _kept = 0.8;

    /// <summary>Answers a search.</summary>
    /// <exception cref="ApiException">The request has a mistake.</exception>
    public async Task<SearchAnswer> SearchAsync(SearchRequest request, CancellationToken abort)
    {
        long began = Stopwatch.GetTimestamp();
        int limit = request.Limit ?? 60;
        if (limit is < 1 or > MostRows) { throw ApiException.Bad($"A limit from 1 to {MostRows} is wanted.", "limit"); }
        var filter = new RowFilter(request.Filter, HidesUnsafe(request.Safe));
        long place = Cursor.Read(request.Cursor);
        using RowSnapshot rows = data.Rows.Acquire();
        if (request.Query is not { Count: > 0 } terms) { return await gate.RunAsync(() => Walk(rows, filter, request.Distinct ?? true, place, limit, began), abort); }

        IVectors vectors = AnyIndexOf(request.Index);
        if (place > MostDepth) { throw ApiException.Bad($"A search goes at most {MostDepth} rows deep.", "cursor"); }
        float[] vector = await query.OfAsync(terms, vectors, abort);
        return await gate.RunAsync(
            () => Page(Find(vector, vectors, rows, filter, request.Distinct ?? true, (int)place + limit + 1, abort), rows, (int)place, limit, began), abort);
    }

    /// <summary>The rows that look most like a row, without itself and its copies.</summary>
    /// <exception cref="ApiException">There is no such row, or it has no vector.</exception>
    public async Task<SearchAnswer> SimilarAsync(long row, int limit, string? safe, CancellationToken abort)
    {
        long began = Stopwatch.GetTimestamp();
        if (limit is < 1 or > MostRows) { throw ApiException.Bad($"A limit from 1 to {MostRows} is wanted.", "limit"); }
        using RowSnapshot rows = data.Rows.Acquire();
        if (rows.Find(row) is null) { throw ApiException.Missing("There is no such row."); }
        IVectors vectors = IndexOf(null);
        float[] vector = await query.OfAsync([new QueryTerm { Row = row }], vectors, abort);
        IReadOnlyList<(VectorHit Hit, int Copies)> found =
            await gate.RunAsync(() => Find(vector, vectors, rows, new RowFilter(null, HidesUnsafe(safe)), true, limit + 2, abort), abort);
        return Page([.. found.Where(result => result.Hit.Row != row)], rows, 0, limit, began) with { Cursor = null };
    }

    /// <summary>Numbers of the rows that a search finds, without pages.</summary>
    /// <param name="request">The search; its limit and cursor do not count.</param>
    /// <param name="rows">The snapshot.</param>
    /// <param name="most">Most rows.</param>
    /// <param name="abort">Ends the search.</param>
    /// <exception cref="ApiException">The request has a mistake.</exception>
    public async Task<IReadOnlyList<long>> IdsAsync(SearchRequest request, RowSnapshot rows, int most, CancellationToken abort)
    {
        var filter = new RowFilter(request.Filter, HidesUnsafe(request.Safe));
        if (request.Query is not { Count: > 0 } terms)
        {
            return await gate.RunAsync<IReadOnlyList<long>>(() => [.. Folded(rows, filter, request.Distinct ?? true).Rows.From(0).Take(most)], abort);
        }

        IVectors vectors = AnyIndexOf(request.Index);
        float[] vector = await query.OfAsync(terms, vectors, abort);
        int depth = Math.Min(most, MostDepth);
        return await gate.RunAsync<IReadOnlyList<long>>(
            () => [.. Find(vector, vectors, rows, filter, request.Distinct ?? true, depth, abort).Take(depth).Select(result => result.Hit.Row)], abort);
    }

    /// <summary>The rows that a filter lets pass.</summary>
    public RowMask MaskOf(RowSnapshot rows, RowFilter filter) => _masks.TryGet((filter.Key, rows.Version), out RowMask known)
        ? known
        : _masks.Keep((filter.Key, rows.Version), RowMask.Of(rows, span => filter.Bits(span.File, data.FolderOf(span.First).Name)));

    /// <summary>An index by its name; the first without one.</summary>
    /// <param name="name">The name.</param>
    /// <param name="ofCaptions">Of the name of a folder, whether its captions are meant.</param>
    /// <exception cref="ApiException">There is no such index.</exception>
    public IVectors IndexOf(string? name, bool ofCaptions = false)
    {
        if (data.Vectors.Count == 0) { throw new ApiException(501, "This output has no vectors (Writing:Embeddings): its rows can be filtered, not searched."); }
        return data.Find(name, ofCaptions)
            ?? throw new ApiException(404, $"There is no index of that name; there are: {string.Join(", ", data.IndexNames)}.", "index");
    }

    /// <summary>As <see cref="IndexOf"/>; of the name of a folder its pictures, or, where it has vectors of captions only, those.</summary>
    /// <exception cref="ApiException">There is no such index.</exception>
    public IVectors AnyIndexOf(string? name) => data.Find(name) ?? IndexOf(name, ofCaptions: true);

    /// <summary>Whether unsafe rows are left out.</summary>
    /// <exception cref="ApiException">There is no such mode.</exception>
    public static bool HidesUnsafe(string? safe) => safe switch
    {
        null or "hide" => true,
        "blur" or "show" => false,
        _ => throw ApiException.Bad("One of hide, blur and show is wanted.", "safe"),
    };

    private SearchAnswer Walk(RowSnapshot rows, RowFilter filter, bool distinct, long from, int limit, long began)
    {
        (RowMask mask, IReadOnlyDictionary<long, int> copies) = Folded(rows, filter, distinct);
        long[] found = [.. mask.From(from).Take(limit + 1)];
        RowAnswer[] answers = [.. found.Take(limit).Select(row => RowViews.Of(rows, row, null, copies.GetValueOrDefault(row))).OfType<RowAnswer>()];
        return new SearchAnswer(answers, found.Length > limit ? Cursor.Write(found[limit]) : null, Milliseconds(began));
    }

    /// <summary>The rows that a filter lets pass, without those that have the picture of an earlier one of them.</summary>
    private (RowMask Rows, IReadOnlyDictionary<long, int> Copies) Folded(RowSnapshot rows, RowFilter filter, bool distinct)
    {
        RowMask mask = MaskOf(rows, filter);
        if (!distinct) { return (mask, new Dictionary<long, int>()); }
        if (_folded.TryGet((filter.Key, rows.Version), out (RowMask Rows, IReadOnlyDictionary<long, int> Copies) known)) { return known; }
        return _folded.Keep((filter.Key, rows.Version), CopiesOf(rows).Fold(mask, rows));
    }

    private PictureCopies CopiesOf(RowSnapshot rows)
    {
        lock (_findsCopies)
        {
            return _copies.TryGet(rows.Version, out PictureCopies known) ? known : _copies.Keep(rows.Version, PictureCopies.Of(rows));
        }
    }

    /// <summary>Searches ever more results until enough rows are left, filtered and folded, or there are no more.</summary>
    private IReadOnlyList<(VectorHit Hit, int Copies)> Find(
        float[] vector, IVectors vectors, RowSnapshot rows, RowFilter filter, bool distinct, int wanted, CancellationToken abort)
    {
        RowMask? mask = filter.IsAll ? null : MaskOf(rows, filter);
        int first = distinct ? (int)(wanted / _kept) + 2 : wanted;
        for (int count = Math.Max(first, 40); ; count *= 4)
        {
            var key = new ResultKey(vectors.Name, vectors.IsOfCaptions, vector, filter.Key, distinct, rows.Version, vectors.Count, count);
            if (!_results.TryGet(key, out IReadOnlyList<(VectorHit Hit, int Copies)> results))
            {
                (IReadOnlyList<VectorHit> hits, bool isLast) = Nearest(vector, vectors, rows, mask, count, abort);
                results = distinct ? Folding.Fold(hits, rows, vectors, abort) : [.. hits.Select(hit => (hit, 0))];
                if (distinct && hits.Count > 0) { _kept = Math.Max(0.25, (0.9 * _kept) + (0.1 * results.Count / hits.Count)); }
                if (results.Count < wanted && !isLast && count < MostDepth * 2) { continue; }
                _results.Keep(key, results);
            }

            return results;
        }
    }

    /// <summary>
    /// The nearest rows of a mask. Of a mask that most rows are in, more are searched without it and the others left out: a graph that is walked with a mask
    /// costs several times as much.
    /// </summary>
    private static (IReadOnlyList<VectorHit> Hits, bool IsLast) Nearest(
        float[] vector, IVectors vectors, RowSnapshot rows, RowMask? mask, int count, CancellationToken abort)
    {
        long all = rows.Rows;
        bool isWide = mask is not null && mask.Count > all / 2;
        int asked = isWide ? (int)Math.Min(int.MaxValue, (count * (double)all / mask!.Count) + 2) : count;
        IReadOnlyList<VectorHit> hits = vectors.Search(vector, asked, isWide ? null : mask, abort);
        bool isLast = hits.Count < asked;

        // A vector may be known before its row is.
        return ([.. hits.Where(hit => isWide ? mask!.Has(hit.Row, rows) : rows.Find(hit.Row) is not null)], isLast);
    }

    private static SearchAnswer Page(IReadOnlyList<(VectorHit Hit, int Copies)> results, RowSnapshot rows, int from, int limit, long began)
    {
        RowAnswer[] answers =
        [
            .. results.Skip(from).Take(limit).Select(result => RowViews.Of(rows, result.Hit.Row, result.Hit.Cosine, result.Copies)).OfType<RowAnswer>(),
        ];
        bool isMore = results.Count > from + limit && from + limit <= MostDepth;
        return new SearchAnswer(answers, isMore ? Cursor.Write(from + limit) : null, Milliseconds(began));
    }

    private static double Milliseconds(long began) => Math.Round(Stopwatch.GetElapsedTime(began).TotalMilliseconds, 2);

    /// <summary>What results depend on. Vectors are equal number by number.</summary>
    private sealed record ResultKey(string Index, bool IsOfCaptions, float[] Vector, string Filter, bool Distinct, long Version, long Vectors, int Count)
    {
        public bool Equals(ResultKey? other) => other is not null && Index == other.Index && IsOfCaptions == other.IsOfCaptions
            && Filter == other.Filter && Distinct == other.Distinct
            && Version == other.Version && Vectors == other.Vectors && Count == other.Count && Vector.AsSpan().SequenceEqual(other.Vector);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(Vector.AsSpan()));
            hash.Add(Filter, StringComparer.Ordinal);
            hash.Add(Count);
            return hash.ToHashCode();
        }
    }
}
