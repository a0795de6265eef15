using System.Numerics;

namespace LaionStream.Search.Index;

/// <summary>A set of row numbers, one bit each: what a search is confined to. Filled by one thread; then read by any number.</summary>
public sealed class RowSet
{
    private ulong[] _bits;

    /// <summary>An empty set.</summary>
    /// <param name="limit">Row numbers below it need no further memory.</param>
    public RowSet(long limit = 0) => _bits = new ulong[(limit + 63) >> 6];

    /// <summary>A set of the given row numbers.</summary>
    /// <param name="rows">In any order; repeats count once.</param>
    public RowSet(IEnumerable<long> rows)
        : this()
    {
        foreach (long row in rows) { Add(row); }
    }

    /// <summary>How many rows are in the set.</summary>
    public long Count { get; private set; }

    /// <summary>Adds a row.</summary>
    /// <param name="row">From 0.</param>
    /// <returns>False when it was in the set.</returns>
    public bool Add(long row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        int word = checked((int)(row >> 6));
        if (word >= _bits.Length) { Array.Resize(ref _bits, Math.Max(word + 1, _bits.Length * 2)); }

        ulong bit = 1UL << (int)(row & 63);
        if ((_bits[word] & bit) != 0) { return false; }

        _bits[word] |= bit;
        Count++;
        return true;
    }

    /// <summary>Whether a row is in the set.</summary>
    /// <param name="row">Any number.</param>
    public bool Contains(long row) => (ulong)row >> 6 < (ulong)_bits.Length && (_bits[row >> 6] >> (int)(row & 63) & 1) != 0;

    /// <summary>The first row of the set from a number on.</summary>
    /// <param name="from">From 0.</param>
    /// <returns>−1 when there is none.</returns>
    public long Next(long from)
    {
        for (long word = from >> 6; word < _bits.Length; word++)
        {
            ulong rest = word == from >> 6 ? _bits[word] & (ulong.MaxValue << (int)(from & 63)) : _bits[word];
            if (rest != 0) { return (word << 6) + BitOperations.TrailingZeroCount(rest); }
        }

        return -1;
    }

    /// <summary>How many rows of the set are in a range.</summary>
    /// <param name="from">The first row of the range.</param>
    /// <param name="to">The row after the last.</param>
    public long CountIn(long from, long to)
    {
        long count = 0;
        to = Math.Min(to, (long)_bits.Length << 6);
        for (long word = from >> 6; word << 6 < to; word++)
        {
            ulong bits = _bits[word];
            if (word == from >> 6) { bits &= ulong.MaxValue << (int)(from & 63); }
            if (to - (word << 6) < 64) { bits &= (1UL << (int)(to & 63)) - 1; }
            count += BitOperations.PopCount(bits);
        }

        return count;
    }
}
