using System.Numerics;
using LaionStream.Search.Rows;

namespace LaionStream.Explorer.Data;

/// <summary>A set of rows of a snapshot: a bit for each.</summary>
internal sealed class RowMask
{
    private readonly RowSpan[] _files;
    private readonly ulong[][] _bits;

    private RowMask(RowSpan[] files, ulong[][] bits)
    {
        (_files, _bits) = (files, bits);
        Count = bits.Sum(words => words.Sum(word => (long)BitOperations.PopCount(word)));
    }

    /// <summary>How many rows are in it.</summary>
    public long Count { get; }

    /// <summary>Makes a set.</summary>
    /// <param name="rows">The snapshot.</param>
    /// <param name="of">The bits of a file.</param>
    public static RowMask Of(RowSnapshot rows, Func<RowFile, ulong[]> of) => new([.. rows.Files], [.. rows.Files.Select(file => of(file.File))]);

    /// <summary>The bits of a file by its place in the snapshot.</summary>
    public ReadOnlySpan<ulong> Bits(int file) => _bits[file];

    /// <summary>Whether a row is in it.</summary>
    public bool Contains(long row)
    {
        (int low, int high) = (0, _files.Length - 1);
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            long first = _files[middle].First;
            long at = row - first;
            if (at < 0) { high = middle - 1; }
            else if (at >= (long)_bits[middle].Length * 64) { low = middle + 1; }
            else { return ((_bits[middle][at >> 6] >> (int)(at & 63)) & 1) != 0; }
        }

        return false;
    }

    /// <summary>The rows from a number on, ascending.</summary>
    public IEnumerable<long> From(long row)
    {
        for (int file = 0; file < _files.Length; file++)
        {
            ulong[] bits = _bits[file];
            long first = _files[file].First;
            if (row >= first + ((long)bits.Length * 64)) { continue; }

            int start = (int)Math.Max(0, row - first);
            for (int word = start >> 6; word < bits.Length; word++)
            {
                ulong left = word == start >> 6 ? bits[word] & (ulong.MaxValue << (start & 63)) : bits[word];
                for (; left != 0; left &= left - 1) { yield return first + (word * 64L) + BitOperations.TrailingZeroCount(left); }
            }
        }
    }
}
