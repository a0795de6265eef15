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
        int width = vectors.Dimensions;
        var kept = new List<VectorHit>();
        var copies = new List<int>();
        var byHash = new Dictionary<long, int>();
        float[] all = new float[Math.Min(hits.Count, MostCompared) * width];
        var places = new List<int>(); // of the kept rows that have a vector in all
        foreach (VectorHit hit in hits)
        {
            abort.ThrowIfCancellationRequested();
            long hash = rows.Find(hit.Row) is var (file, at) ? rows.Files[file].File.Longs(RowLong.PHash)[at] : 0;
            if (hash != 0 && byHash.TryGetValue(hash, out int first))
            {
                copies[first]++;
                continue;
            }

            bool isCompared = places.Count < MostCompared && (places.Count + 1) * width <= all.Length;
            Span<float> vector = isCompared ? all.AsSpan(places.Count * width, width) : new float[width];
            bool hasVector = vectors.TryRead(hit.Row, vector);
            int copyOf = hasVector ? CopyOf(vector, all, places) : -1;
            if (copyOf >= 0)
            {
                copies[copyOf]++;
                if (hash != 0) { byHash[hash] = copyOf; }
                continue;
            }

            if (hash != 0) { byHash[hash] = kept.Count; }
            if (hasVector && isCompared) { places.Add(kept.Count); }
            kept.Add(hit);
            copies.Add(0);
        }

        return [.. kept.Zip(copies)];
    }

    /// <summary>
    /// The first kept row that a vector is a copy of; −1 for none. Most pairs are told apart by their first quarter: the rest can add no more than the product
    /// of its lengths.
    /// </summary>
    private static int CopyOf(ReadOnlySpan<float> vector, float[] all, List<int> places)
    {
        int width = vector.Length;
        int quarter = width / 4;
        float rest = TensorPrimitives.Norm(vector[quarter..]);
        for (int i = 0; i < places.Count; i++)
        {
            ReadOnlySpan<float> other = all.AsSpan(i * width, width);
            float part = TensorPrimitives.Dot(vector[..quarter], other[..quarter]);
            float bound = part + (rest * MathF.Sqrt(MathF.Max(0, 1.01f - TensorPrimitives.SumOfSquares(other[..quarter]))));
            if (bound >= Copy && part + TensorPrimitives.Dot(vector[quarter..], other[quarter..]) >= Copy) { return places[i]; }
        }

        return -1;
    }
}
