namespace LaionStream.Models.Towers;

/// <summary>The few lengths that captions are padded to, and how a batch is split into runs of one length each. Pure.</summary>
internal sealed class TextShape
{
    private readonly int[] _lengths;
    private readonly bool _split;

    /// <summary>Lengths below the longest, and the longest.</summary>
    /// <param name="longest">The model's context.</param>
    /// <param name="shorter">Shorter lengths that it supports; empty when its axis is fixed.</param>
    /// <param name="split">True for one run per length (CPU: every padded token costs time), false for one run as long as its longest caption (GPU: runs cost
    /// time).</param>
    public TextShape(int longest, IEnumerable<int> shorter, bool split)
    {
        _lengths = [.. shorter.Where(l => l > 1 && l < longest).Append(longest).Distinct().Order()];
        _split = split;
    }

    /// <summary>The default: alt texts have about 15 tokens, so most of the gain is at the short end.</summary>
    public static IReadOnlyList<int> DefaultLengths { get; } = [16, 24, 32, 48];

    /// <summary>All lengths, ascending.</summary>
    public IReadOnlyList<int> Lengths => _lengths;

    /// <summary>The longest.</summary>
    public int Longest => _lengths[^1];

    /// <summary>The length that <paramref name="tokens"/> tokens are padded to.</summary>
    public int Pad(int tokens)
    {
        int at = Array.BinarySearch(_lengths, Math.Min(tokens, Longest));
        return _lengths[at >= 0 ? at : ~at];
    }

    /// <summary>Splits captions, sorted by ascending token count, into runs.</summary>
    /// <param name="tokens">Token counts, ascending.</param>
    /// <param name="most">Most rows of one run.</param>
    /// <returns>First row, rows and padded length of each run.</returns>
    public IEnumerable<(int First, int Rows, int Length)> Runs(IReadOnlyList<int> tokens, int most)
    {
        int first = 0;
        while (first < tokens.Count)
        {
            int rows = Math.Min(most, tokens.Count - first);
            if (_split)
            {
                int length = Pad(tokens[first]);
                int same = 1;
                while (same < rows && Pad(tokens[first + same]) == length) { same++; }

                rows = same;
            }

            yield return (first, rows, Pad(tokens[first + rows - 1]));
            first += rows;
        }
    }
}
