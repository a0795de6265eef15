using System.Buffers;

namespace LaionStream.Models.Tokenizers;

/// <summary>
/// Merges the symbols of one word by rank: always the merge of lowest rank in the word, from the left (openai/CLIP clip/simple_tokenizer.py, <c>bpe</c>).
/// </summary>
internal static class BytePairs
{
    /// <summary>Words up to this many symbols are merged by scanning; longer ones with a priority queue, so that a long word is not quadratic.</summary>
    private const int ScanLimit = 64;

    /// <summary>Merges in place.</summary>
    /// <param name="vocabulary">Merges.</param>
    /// <param name="symbols">The word's byte symbols; overwritten.</param>
    /// <returns>How many symbols are left at the front of <paramref name="symbols"/>.</returns>
    public static int Join(ClipVocabulary vocabulary, Span<int> symbols) =>
        symbols.Length <= ScanLimit ? Scan(vocabulary, symbols) : Queue(vocabulary, symbols);

    private static int Scan(ClipVocabulary vocabulary, Span<int> symbols)
    {
        int count = symbols.Length;
        Span<ClipVocabulary.Merge> pairs = stackalloc ClipVocabulary.Merge[ScanLimit];
        for (int i = 0; i + 1 < count; i++) { pairs[i] = Pair(vocabulary, symbols[i], symbols[i + 1]); }

        while (count > 1)
        {
            int best = 0;
            for (int i = 1; i < count - 1; i++)
            {
                if (pairs[i].Rank < pairs[best].Rank) { best = i; }
            }

            if (pairs[best].Rank == int.MaxValue) { break; }

            symbols[best] = pairs[best].Id;
            symbols[(best + 2)..count].CopyTo(symbols[(best + 1)..]);
            count--;
            if (best + 1 < count) { pairs[(best + 2)..count].CopyTo(pairs[(best + 1)..]); }

            if (best > 0) { pairs[best - 1] = Pair(vocabulary, symbols[best - 1], symbols[best]); }

            if (best + 1 < count) { pairs[best] = Pair(vocabulary, symbols[best], symbols[best + 1]); }
        }

        return count;
    }

    private static int Queue(ClipVocabulary vocabulary, Span<int> symbols)
    {
        int count = symbols.Length;
        int[] links = ArrayPool<int>.Shared.Rent(count * 2);
        Span<int> previous = links.AsSpan(0, count);
        Span<int> next = links.AsSpan(count, count);
        var queue = new PriorityQueue<(int At, int Left, int Right, int Id), (int Rank, int At)>(count);
        for (int i = 0; i < count; i++)
        {
            previous[i] = i - 1;
            next[i] = i + 1;
            if (i + 1 < count) { Enqueue(queue, vocabulary, i, symbols[i], symbols[i + 1]); }
        }

        while (queue.TryDequeue(out (int At, int Left, int Right, int Id) pair, out _))
        {
            // A pair is gone once one of its sides was merged with another symbol.
            int right = next[pair.At];
            if (symbols[pair.At] != pair.Left || right >= count || symbols[right] != pair.Right) { continue; }

            symbols[pair.At] = pair.Id;
            symbols[right] = -1;
            next[pair.At] = next[right];
            if (next[right] < count)
            {
                previous[next[right]] = pair.At;
                Enqueue(queue, vocabulary, pair.At, pair.Id, symbols[next[right]]);
            }

            if (previous[pair.At] >= 0) { Enqueue(queue, vocabulary, previous[pair.At], symbols[previous[pair.At]], pair.Id); }
        }

        int kept = 0;
        for (int i = 0; i < count; i = next[i]) { symbols[kept++] = symbols[i]; }

        ArrayPool<int>.Shared.Return(links);
        return kept;
    }

    private static void Enqueue(PriorityQueue<(int, int, int, int), (int, int)> queue, ClipVocabulary vocabulary, int at, int left, int right)
    {
        if (vocabulary.TryMerge(left, right, out ClipVocabulary.Merge merge)) { queue.Enqueue((at, left, right, merge.Id), (merge.Rank, at)); }
    }

    private static ClipVocabulary.Merge Pair(ClipVocabulary vocabulary, int left, int right) =>
        vocabulary.TryMerge(left, right, out ClipVocabulary.Merge merge) ? merge : new ClipVocabulary.Merge(int.MaxValue, 0);
}
