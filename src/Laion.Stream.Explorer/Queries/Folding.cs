using System.Buffers;
using System.Numerics.Tensors;
using LaionStream.Explorer.Data;
using LaionStream.Search.Rows;

namespace LaionStream.Explorer.Queries;

/// <summary>
/// Folds near copies among results into the first of them: equal perceptual hashes, or vectors of cosine 0.94 at least, as clip-retrieval has it. A row joins
/// the first row it is a copy of, so that a longer list of results begins with the same rows as a shorter one.
/// </summary>
internal static class Folding
{
    /// <summary>Least cosine of copies.</summary>
    public const float Copy = 0.94f;

    /// <summary>Most results that are compared by their vectors; the others by their hashes.</summary>
    private const int MostCompared = 4096;

    /// <summary>Folds results.</summary>
    /// <param name="hits">The results, the best first.</param>
    /// <param name="rows">The snapshot.</param>
    /// <param name="vectors">The vectors that were searched.</param>
    /// <param name="abort">Ends the work.</param>
    /// <returns>The rows that stay, with the copies folded into each.</returns>
    public static IReadOnlyList<(VectorHit Hit, int Copies)> Fold(IReadOnlyList<VectorHit> hits, RowSnapshot rows, IVectors vectors, CancellationToken abort)
    {
        int most = Math.Min(hits.Count, MostCompared);
        float[] numbers = ArrayPool<float>.Shared.Rent(most * (vectors.Dimensions + 1)); // of all, 300 KB for a page: fresh ones would be collected with the oldest objects
        try
        {
            return Fold(hits, rows, vectors, new Compared(numbers, vectors.Dimensions, most), abort);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(numbers);
        }
    }

    private static (VectorHit Hit, int Copies)[] Fold(IReadOnlyList<VectorHit> hits, RowSnapshot rows, IVectors vectors, Compared compared, CancellationToken abort)
    {
        var kept = new List<(VectorHit Hit, int Copies)>(hits.Count);
        var byHash = new Dictionary<long, int>();
        foreach (VectorHit hit in hits)
        {
            abort.ThrowIfCancellationRequested();
            long hash = rows.Find(hit.Row) is var (file, at) ? rows.Files[file].File.Longs(RowLong.PHash)[at] : 0;
            bool hasVector = false;
            if (hash == 0 || !byHash.TryGetValue(hash, out int copyOf))
            {
                Span<float> vector = compared.Next;
                hasVector = vectors.TryRead(hit.Row, vector);
                copyOf = hasVector ? compared.CopyOf(vector) : -1;
            }

            if (copyOf >= 0) { kept[copyOf] = (kept[copyOf].Hit, kept[copyOf].Copies + 1); }
            if (hash != 0) { byHash.TryAdd(hash, copyOf >= 0 ? copyOf : kept.Count); }
            if (copyOf >= 0) { continue; }

            if (hasVector) { compared.Keep(kept.Count); }
            kept.Add((hit, 0));
        }

        return [.. kept];
    }

    /// <summary>The vectors of the rows that were kept, side by side, and behind them what each can add to a product beyond its first quarter.</summary>
    private sealed class Compared(float[] numbers, int width, int most)
    {
        private readonly int _quarter = width / 4;
        private readonly List<int> _places = [];
        private float[]? _other;

        /// <summary>Where the next vector goes: it stays only if it is kept.</summary>
        public Span<float> Next => _places.Count < most ? numbers.AsSpan(_places.Count * width, width) : _other ??= new float[width];

        private Span<float> Beyond => numbers.AsSpan(most * width, most);

        /// <summary>Keeps the vector that <see cref="Next"/> received.</summary>
        /// <param name="place">The row's place among the kept.</param>
        public void Keep(int place)
        {
            if (_places.Count == most) { return; }

            Beyond[_places.Count] = MathF.Sqrt(MathF.Max(0, 1.01f - TensorPrimitives.SumOfSquares(Next[.._quarter])));
            _places.Add(place);
        }

        /// <summary>
        /// The place of the first kept row that a vector is a copy of; −1 for none. Most pairs are told apart by their first quarter: the rest can add no more
        /// than the product of its lengths.
        /// </summary>
        public int CopyOf(ReadOnlySpan<float> vector)
        {
            ReadOnlySpan<float> start = vector[.._quarter];
            ReadOnlySpan<float> end = vector[_quarter..];
            float rest = TensorPrimitives.Norm(end);
            for (int i = 0; i < _places.Count; i++)
            {
                ReadOnlySpan<float> other = numbers.AsSpan(i * width, width);
                float part = TensorPrimitives.Dot(start, other[.._quarter]);
                if (part + (rest * Beyond[i]) >= Copy && part + TensorPrimitives.Dot(end, other[_quarter..]) >= Copy) { return _places[i]; }
            }

            return -1;
        }
    }
}
