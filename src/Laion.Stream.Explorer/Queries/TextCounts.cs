using LaionStream.Search.Rows;

namespace LaionStream.Explorer.Queries;

/// <summary>
/// The distinct texts of a column over all files of a snapshot, and for each file the numbers of its own among them: a count adds numbers up and makes texts of
/// the most frequent alone.
/// </summary>
internal sealed class TextCounts
{
    private readonly List<string> _texts = [];
    private readonly int[][] _numbers;

    private TextCounts(int[][] numbers) => _numbers = numbers;

    /// <summary>How many bytes this takes in memory, about.</summary>
    public long Weight => 1000 + _numbers.Sum(file => file.Length * 4L) + (_texts.Count * 80L);

    /// <summary>Reads the texts.</summary>
    public static TextCounts Of(RowSnapshot rows, RowText column)
    {
        var counts = new TextCounts(new int[rows.Files.Count][]);
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int file = 0; file < rows.Files.Count; file++)
        {
            RowTexts texts = rows.Files[file].File.Texts(column);
            int[] numbers = counts._numbers[file] = new int[texts.Count];
            for (int place = 0; place < numbers.Length; place++)
            {
                string text = texts[place];
                if (!known.TryGetValue(text, out numbers[place]))
                {
                    known[text] = numbers[place] = counts._texts.Count;
                    counts._texts.Add(text);
                }
            }
        }

        return counts;
    }

    /// <summary>Counts the rows of each text.</summary>
    /// <param name="rows">The snapshot that the texts were read of.</param>
    /// <param name="mask">The rows that count.</param>
    /// <param name="column">The column.</param>
    /// <param name="most">Most texts: the most frequent, of equal ones the first by their characters.</param>
    public FacetCount[] Count(RowSnapshot rows, Data.RowMask mask, RowText column, int most)
    {
        long[] all = new long[_texts.Count];
        for (int file = 0; file < _numbers.Length; file++)
        {
            int[] numbers = _numbers[file];
            int[] own = new int[numbers.Length];
            Add(rows.Files[file].File.Places(column), mask.Bits(file), own);
            for (int place = 0; place < own.Length; place++) { all[numbers[place]] += own[place]; }
        }

        return Most(all, most);
    }

    private static void Add(ReadOnlySpan<int> places, ReadOnlySpan<ulong> bits, int[] counts)
    {
        for (int word = 0; word < bits.Length; word++)
        {
            if (bits[word] == ulong.MaxValue)
            {
                foreach (int place in places.Slice(word * 64, 64)) { counts[place]++; }
                continue;
            }

            for (ulong left = bits[word]; left != 0; left &= left - 1) { counts[places[(word * 64) + System.Numerics.BitOperations.TrailingZeroCount(left)]]++; }
        }
    }

    private FacetCount[] Most(long[] counts, int most)
    {
        // The least of the most frequent comes out first.
        var kept = new PriorityQueue<int, (long Count, string Text)>(Comparer<(long Count, string Text)>.Create(
            static (a, b) => a.Count != b.Count ? a.Count.CompareTo(b.Count) : string.CompareOrdinal(b.Text, a.Text)));
        for (int i = 0; i < counts.Length; i++)
        {
            if (counts[i] == 0) { continue; }
            if (kept.Count < most) { kept.Enqueue(i, (counts[i], _texts[i])); }
            else if (kept.TryPeek(out _, out (long Count, string Text) least) && counts[i] >= least.Count) { kept.EnqueueDequeue(i, (counts[i], _texts[i])); }
        }

        var found = new FacetCount[kept.Count];
        for (int i = found.Length - 1; kept.TryDequeue(out int text, out (long Count, string Text) of); i--) { found[i] = new FacetCount(_texts[text], of.Count); }
        return found;
    }
}
