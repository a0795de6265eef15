namespace LaionStream.Search.Mapping;

/// <summary>Pairs of rows, listed at both of their rows: a thread that moves a row reads all that pulls at it and nothing that others write.</summary>
internal sealed class Partners
{
    private readonly int[] _starts;
    private readonly int[] _others;

    /// <summary>Lists pairs.</summary>
    /// <param name="count">How many rows there are.</param>
    /// <param name="many">Pairs that each row began.</param>
    /// <param name="begun">The other row of each pair, row by row; −1 for none.</param>
    public Partners(int count, int many, int[] begun)
    {
        _starts = new int[count + 1];
        for (int at = 0; at < begun.Length; at++)
        {
            if (begun[at] < 0) { continue; }
            _starts[(at / many) + 1]++;
            _starts[begun[at] + 1]++;
        }

        for (int row = 0; row < count; row++) { _starts[row + 1] += _starts[row]; }
        _others = new int[_starts[count]];
        int[] next = [.. _starts];
        for (int at = 0; at < begun.Length; at++)
        {
            if (begun[at] < 0) { continue; }
            _others[next[at / many]++] = begun[at];
            _others[next[begun[at]]++] = at / many;
        }
    }

    /// <summary>The rows that a row is paired with.</summary>
    public ReadOnlySpan<int> Of(int row) => _others.AsSpan(_starts[row], _starts[row + 1] - _starts[row]);
}
