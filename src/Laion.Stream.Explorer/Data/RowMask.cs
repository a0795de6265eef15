using System.Collections.Concurrent;
using System.Numerics;
using LaionStream.Search.Index;
using LaionStream.Search.Rows;

namespace LaionStream.Explorer.Data;

/// <summary>A set of rows of a snapshot: a bit for each.</summary>
internal sealed class RowMask
{
    private readonly RowSpan[] _files;
    private readonly ulong[][] _bits;
    private readonly ConcurrentDictionary<int, Lazy<RowSet>> _rows = new();

    private RowMask(RowSpan[] files, ulong[][] bits)
    {
        (_files, _bits) = (files, bits);
        Count = bits.Sum(words => words.Sum(word => (long)BitOperations.PopCount(word)));
    }

    /// <summary>Bytes that it takes in memory, with <see cref="RowsOf"/>.</summary>
    public long Weight => 1000 + _bits.Sum(words => words.Length * 16L);

    /// <summary>How many rows are in it.</summary>
    public long Count { get; }

    /// <summary>Makes a set.</summary>
    /// <param name="rows">The snapshot.</param>
    /// <param name="of">The bits of a part.</param>
    public static RowMask Of(RowSnapshot rows, Func<RowSpan, ulong[]> of) => new([.. rows.Files], [.. rows.Files.Select(of)]);

    /// <summary>The bits of a file by its place in the snapshot.</summary>
    public ReadOnlySpan<ulong> Bits(int file) => _bits[file];

    /// <summary>The rows of one folder by their numbers in it, for a search of its vectors.</summary>
    /// <param name="folder">The folder's place.</param>
    public RowSet RowsOf(int folder) => _rows.GetOrAdd(folder, place => new Lazy<RowSet>(() => ToSet(place))).Value;

    /// <summary>Whether a row is in it.</summary>
    /// <param name="row">Its number.</param>
    /// <param name="rows">The snapshot that it was made of.</param>
    public bool Has(long row, RowSnapshot rows) => rows.Find(row) is var (file, at) && (_bits[file][at >> 6] >> (at & 63) & 1) != 0;

    /// <summary>The same rows without some of them.</summary>
    /// <param name="gone">Rows that are in it.</param>
    /// <param name="rows">The snapshot that it was made of.</param>
    public RowMask Without(IEnumerable<long> gone, RowSnapshot rows)
    {
        ulong[][] bits = [.. _bits.Select(words => (ulong[])words.Clone())];
        foreach (long row in gone)
        {
            if (rows.Find(row) is var (file, at)) { bits[file][at >> 6] &= ~(1UL << (at & 63)); }
        }

        return new RowMask(_files, bits);
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

    private RowSet ToSet(int folder)
    {
        (long first, long end) = (RowIds.First(folder), RowIds.First(folder + 1));
        RowSpan[] files = [.. _files.Where(file => file.First >= first && file.First < end)];
        var rows = new RowSet(files is [.., var last] ? last.First + last.File.Rows - first : 0);
        if (files.Length == 0) { return rows; }

        foreach (long row in From(first).TakeWhile(row => row < end)) { rows.Add(row - first); }
        return rows;
    }
}
