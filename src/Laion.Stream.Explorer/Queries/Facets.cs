using System.Numerics;
using LaionStream.Explorer.Data;
using LaionStream.Explorer.Http;
using LaionStream.Search.Rows;

namespace LaionStream.Explorer.Queries;

/// <summary>Counts the rows that a filter lets pass. Safe to use from several threads.</summary>
/// <param name="data">The folders.</param>
/// <param name="searcher">Knows which rows pass.</param>
/// <param name="gate">Limits how many counts run at once.</param>
internal sealed class Facets(ExplorerData data, Searcher searcher, WorkGate gate)
{
    private const int Bins = 64;
    private const int MostValues = 100;

    private readonly Known<(string, long), (float Min, float Max)> _bounds = new(128);
    private readonly Known<(string, long), FacetsAnswer> _answers = new(64);
    private readonly Known<(RowText, long), TextCounts> _texts = new(128 << 20, texts => texts.Weight);

    private delegate ReadOnlySpan<T> ColumnOf<T>(RowFile file);

    /// <summary>Counts them.</summary>
    /// <exception cref="ApiException">The filter has a mistake.</exception>
    public Task<FacetsAnswer> OfAsync(FilterBody? body, string? safe, CancellationToken abort)
    {
        var filter = new RowFilter(body, Searcher.HidesUnsafe(safe));
        return gate.RunAsync(() => Of(filter, abort), abort);
    }

    private FacetsAnswer Of(RowFilter filter, CancellationToken abort)
    {
        using RowSnapshot rows = data.Rows.Acquire();
        if (_answers.TryGet((filter.Key, rows.Version), out FacetsAnswer known)) { return known; }

        RowMask mask = searcher.MaskOf(rows, filter);
        var facets = new Dictionary<string, IReadOnlyList<FacetCount>>(StringComparer.Ordinal);
        foreach ((string name, RowText column) in new[] { ("set", RowText.Set), ("language", RowText.Language), ("licence", RowText.Licence),
            ("domain", RowText.Domain) })
        {
            abort.ThrowIfCancellationRequested();
            (RowText, long) key = (column, rows.Version);
            if (!_texts.TryGet(key, out TextCounts texts)) { texts = _texts.Keep(key, TextCounts.Of(rows, column)); }
            facets[name] = texts.Count(rows, mask, column, MostValues);
        }

        if (data.Folders.Count > 1) { facets["folder"] = CountFolders(rows, mask); }

        var histograms = new Dictionary<string, Histogram>(StringComparer.Ordinal);
        foreach (string score in rows.Files.SelectMany(file => file.File.Scores).Distinct(StringComparer.Ordinal))
        {
            abort.ThrowIfCancellationRequested();
            Add<float>(histograms, score, rows, mask, file => file.Score(score));
        }

        Add<int>(histograms, "width", rows, mask, file => file.Numbers(RowNumber.Width));
        Add<int>(histograms, "height", rows, mask, file => file.Numbers(RowNumber.Height));
        return _answers.Keep((filter.Key, rows.Version), new FacetsAnswer(mask.Count, facets, histograms));
    }

    private FacetCount[] CountFolders(RowSnapshot rows, RowMask mask)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        for (int place = 0; place < rows.Files.Count; place++)
        {
            long count = 0;
            foreach (ulong word in mask.Bits(place)) { count += BitOperations.PopCount(word); }
            string name = data.FolderOf(rows.Files[place].First).Name;
            if (count > 0) { counts[name] = counts.GetValueOrDefault(name) + count; }
        }

        return Most(counts);
    }

    private static FacetCount[] Most(Dictionary<string, long> counts) =>
        [.. counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(MostValues).Select(pair => new FacetCount(pair.Key, pair.Value))];

    private void Add<T>(Dictionary<string, Histogram> to, string name, RowSnapshot rows, RowMask mask, ColumnOf<T> of) where T : unmanaged, INumber<T>
    {
        // The bounds are those of all rows, so that bins keep their place while a filter changes.
        (float min, float max) = _bounds.TryGet((name, rows.Version), out (float, float) known) ? known : _bounds.Keep((name, rows.Version), Bounds(rows, of));
        if (min > max) { return; } // no row has one
        double scale = 1 / Math.Max((max - min) / Bins, 1e-9);
        var counts = new long[Bins];
        for (int place = 0; place < rows.Files.Count; place++)
        {
            ReadOnlySpan<T> values = of(rows.Files[place].File);
            ReadOnlySpan<ulong> bits = mask.Bits(place);
            for (int word = 0; word < bits.Length && word * 64 < values.Length; word++) // a part may lack the column
            {
                for (ulong left = bits[word]; left != 0; left &= left - 1)
                {
                    float value = float.CreateTruncating(values[(word * 64) + BitOperations.TrailingZeroCount(left)]);
                    if (float.IsFinite(value)) { counts[Math.Clamp((int)((value - min) * scale), 0, Bins - 1)]++; }
                }
            }
        }

        to[name] = new Histogram(min, max, counts);
    }

    private static (float Min, float Max) Bounds<T>(RowSnapshot rows, ColumnOf<T> of) where T : unmanaged, INumber<T>
    {
        (float min, float max) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (RowSpan span in rows.Files)
        {
            foreach (T one in of(span.File))
            {
                float value = float.CreateTruncating(one);
                if (float.IsFinite(value)) { (min, max) = (Math.Min(min, value), Math.Max(max, value)); }
            }
        }

        return (min, max);
    }
}
