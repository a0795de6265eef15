using LaionStream.Explorer.Data;
using LaionStream.Search.Rows;

namespace LaionStream.Explorer.Queries;

/// <summary>The rows of a snapshot whose perceptual hash another row has too: what is folded where there is no query whose results could be compared.</summary>
internal sealed class PictureCopies
{
    private const int BitsARow = 8;
    private const int MostBits = 1 << 30;
    private const int MostCandidates = 4_000_000;

    private readonly List<(long Row, long Hash)> _rows;

    private PictureCopies(List<(long, long)> rows) => _rows = rows;

    /// <summary>
    /// Finds them, in two passes over the hashes: 2 B a row, and at most 256 MB, tell which hashes may be there twice, and only those are kept:
    /// 16 B a row, and 28 B for each of their hashes while they are counted, before what lists grow ahead. Where they are more than a limit, none is: then no row is folded.
    /// </summary>
    /// <param name="rows">The snapshot.</param>
    /// <param name="most">Most rows that are kept.</param>
    public static PictureCopies Of(RowSnapshot rows, int most = MostCandidates)
    {
        int bits = (int)Math.Min(MostBits, System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)Math.Max(1024, rows.Rows * BitsARow)));
        var once = new ulong[bits / 64];
        var twice = new ulong[bits / 64];
        foreach (RowSpan span in rows.Files)
        {
            foreach (long hash in span.File.Longs(RowLong.PHash))
            {
                (int word, ulong bit) = PlaceOf(hash, bits);
                if (hash == 0) { continue; }
                twice[word] |= once[word] & bit;
                once[word] |= bit;
            }
        }

        return new PictureCopies(Candidates(rows, twice, bits, most));
    }

    /// <summary>The rows of a mask, of equal hashes only the first.</summary>
    /// <returns>The rows, and for each that others were folded into how many.</returns>
    public (RowMask Rows, IReadOnlyDictionary<long, int> Copies) Fold(RowMask mask, RowSnapshot rows)
    {
        var firsts = new Dictionary<long, long>();
        var copies = new Dictionary<long, int>();
        var folded = new List<long>();
        foreach ((long row, long hash) in _rows)
        {
            if (!mask.Has(row, rows)) { continue; }
            if (firsts.TryAdd(hash, row)) { continue; }
            folded.Add(row);
            copies[firsts[hash]] = copies.GetValueOrDefault(firsts[hash]) + 1;
        }

        return (folded.Count == 0 ? mask : mask.Without(folded, rows), copies);
    }

    // The second pass leaves out hashes whose place in the table only looked taken.
    private static List<(long, long)> Candidates(RowSnapshot rows, ulong[] twice, int bits, int most)
    {
        var found = new List<(long Row, long Hash)>();
        var counts = new Dictionary<long, int>();
        foreach (RowSpan span in rows.Files)
        {
            ReadOnlySpan<long> hashes = span.File.Longs(RowLong.PHash);
            for (int at = 0; at < hashes.Length; at++)
            {
                (int word, ulong bit) = PlaceOf(hashes[at], bits);
                if (hashes[at] == 0 || (twice[word] & bit) == 0) { continue; }
                if (found.Count == most) { return []; } // those of a part of the rows would make a row's copies depend on where it is
                found.Add((span.First + at, hashes[at]));
                counts[hashes[at]] = counts.GetValueOrDefault(hashes[at]) + 1;
            }
        }

        found.RemoveAll(one => counts[one.Hash] < 2);
        return found;
    }

    private static (int Word, ulong Bit) PlaceOf(long hash, int bits)
    {
        ulong place = unchecked((ulong)hash * 0x9E3779B97F4A7C15) >> 20 & (ulong)(bits - 1);
        return ((int)(place >> 6), 1UL << (int)(place & 63));
    }
}
