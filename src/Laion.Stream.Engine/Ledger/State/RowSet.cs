using System.Numerics;

namespace LaionStream.Engine.Ledger.State;

/// <summary>A set of rows of one input file, as a bit map over ordinals up to the largest in the set. Not thread-safe.</summary>
internal sealed class RowSet
{
    private ulong[] _words = [];

    /// <summary>Number of rows in the set.</summary>
    public long Count => _words.Sum(word => (long)BitOperations.PopCount(word));

    /// <summary>The rows, ascending.</summary>
    public IEnumerable<int> Rows
    {
        get
        {
            for (int i = 0; i < _words.Length; i++)
            {
                for (ulong left = _words[i]; left != 0; left &= left - 1) { yield return (i << 6) + BitOperations.TrailingZeroCount(left); }
            }
        }
    }

    /// <summary>Whether the set contains a row.</summary>
    public bool Contains(int ordinal) => ordinal >> 6 is var word && word < _words.Length && (_words[word] >> ordinal & 1) != 0;

    /// <summary>Adds or removes consecutive rows.</summary>
    /// <param name="first">First ordinal.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="isInside">True to add them, false to remove them.</param>
    public void Set(int first, int count, bool isInside)
    {
        long end = (long)first + count;
        if (isInside && (end + 63) >> 6 > _words.Length) { Array.Resize(ref _words, (int)Math.Max((end + 63) >> 6, _words.Length * 5L / 4)); }

        for (long i = first; i < Math.Min(end, (long)_words.Length << 6); i++)
        {
            if (isInside) { _words[i >> 6] |= 1UL << (int)i; }
            else { _words[i >> 6] &= ~(1UL << (int)i); }
        }
    }
}
