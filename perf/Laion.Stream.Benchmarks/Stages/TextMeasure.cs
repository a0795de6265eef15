using LaionStream.Soak.Results;

namespace LaionStream.Benchmarks.Stages;

/// <summary>Captions to token ids, compared with splitting them at spaces and looking every word up once.</summary>
internal static class TextMeasure
{
    private const int Passes = 20;

    /// <summary>Measures it.</summary>
    /// <param name="rounds">Number of rounds.</param>
    public static Task<Figure> RunAsync(Rounds rounds)
    {
        var captions = new TokenizerBenchmarks();
        captions.Setup();
        Dictionary<string, int> words = captions.Texts.SelectMany(text => text.Split(' ')).Distinct(StringComparer.Ordinal).Select((word, i) => (word, i))
            .ToDictionary(StringComparer.Ordinal);
        return rounds.MeasureAsync(
            Names.Tokenise,
            "caption",
            () => Task.FromResult(Times(captions.Warm, captions.Texts.Count)),
            "split + one look-up a word",
            () => Task.FromResult(Times(() => LookUp(words, captions.Texts), captions.Texts.Count)),
            $"{captions.Texts.Count} captions, word cache warm");
    }

    private static double Times(Func<int> work, int captions)
    {
        for (int pass = 0; pass < Passes; pass++)
        {
            if (work() == 0) { throw new InvalidOperationException("No tokens."); }
        }

        return captions * Passes;
    }

    private static int LookUp(Dictionary<string, int> words, IReadOnlyList<string> texts)
    {
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup = words.GetAlternateLookup<ReadOnlySpan<char>>();
        int found = 0;
        foreach (string text in texts)
        {
            foreach (Range word in text.AsSpan().Split(' ')) { found += lookup.ContainsKey(text.AsSpan()[word]) ? 1 : 0; }
        }

        return found;
    }
}
