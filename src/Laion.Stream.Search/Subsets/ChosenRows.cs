namespace LaionStream.Search.Subsets;

/// <summary>A choice of rows by their places: a bit for each row of a file, up to its last chosen one.</summary>
internal sealed class ChosenRows
{
    private readonly Dictionary<(long Set, long File), ulong[]> _files = [];

    /// <summary>Number of rows chosen.</summary>
    public long Count { get; private set; }

    /// <summary>Chooses a row, once.</summary>
    public void Add(long set, long file, long row)
    {
        int word = checked((int)(row >> 6));
        if (!_files.TryGetValue((set, file), out ulong[]? bits)) { bits = []; }
        if (word >= bits.Length) { Array.Resize(ref bits, Math.Max(word + 1, bits.Length * 2)); }
        bits[word] |= 1UL << (int)(row & 63);
        _files[(set, file)] = bits;
        Count++;
    }

    /// <summary>Whether a row was chosen.</summary>
    public bool Has(long set, long file, long row) =>
        _files.TryGetValue((set, file), out ulong[]? bits) && row >> 6 is var word && word < bits.Length && (bits[word] >> (int)(row & 63) & 1) != 0;

    /// <summary>The chosen rows of a file, ascending.</summary>
    public IEnumerable<long> Of(long set, long file)
    {
        if (!_files.TryGetValue((set, file), out ulong[]? bits)) { yield break; }

        for (int word = 0; word < bits.Length; word++)
        {
            for (ulong left = bits[word]; left != 0; left &= left - 1)
            {
                yield return ((long)word << 6) + System.Numerics.BitOperations.TrailingZeroCount(left);
            }
        }
    }

    /// <summary>The files with chosen rows, in the order of the rows.</summary>
    public IEnumerable<(long Set, long File)> Files => _files.Keys.Order();
}
