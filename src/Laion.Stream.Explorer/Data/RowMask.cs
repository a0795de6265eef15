using System.Numerics;
using LaionStream.Search.Index;
using LaionStream.Search.Rows;

namespace LaionStream.Explorer.Data;

/// <summary>A set of rows of a snapshot: a bit for each.</summary>
internal sealed class RowMask
{
    private readonly RowSpan[] _files;
    private readonly ulong[][] _bits;
    private readonly Lazy<RowSet> _rows;

    private RowMask(RowSpan[] files, ulong[][] bits)
    {
        (_files, _bits) = (files, bits);
        _rows = new Lazy<RowSet>(ToSet);
        Count = bits.Sum(words => words.Sum(word => (long)BitOperations.PopCount(word)));
    }

    /// <summary>Bytes that it takes in memory, with <see cref="Rows"/>.</summary>
    public long Weight => 1000 + _bits.Sum(words => words.Length * 16L);

    /// <summary>How many rows are in it.</summary>
    public long Count { get; }

    /// <summary>Makes a set.</summary>
    /// <param name="rows">The snapshot.</param>
    /// <param name="of">The bits of a file.</param>
    public static RowMask Of(RowSnapshot rows, Func<RowFile, ulong[]> of) => new([.. rows.Files], [.. rows.Files.Select(file => of(file.File))]);

    /// <summary>The bits of a file by its place in the snapshot.</summary>
    public ReadOnlySpan<ulong> Bits(int file) => _bits[file];

    /// <summary>The same for a search of vectors.</summary>
    public RowSet Rows => _rows.Value;

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

    private RowSet ToSet()
    {
        var rows = new RowSet(_files is [.., var last] ? last.First + last.File.Rows : 0);
        foreach (long row in From(0)) { rows.Add(row); }
        return rows;
    }
}
