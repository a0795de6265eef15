using System.Runtime.InteropServices;

namespace LaionStream.Text.Languages;

/// <summary>
/// Script and lower case of every code point, from CLD2's tables (Unicode 6.2 with CLD2's own choices, so .NET's categories cannot replace them).
/// One look-up in a two-step table answers both.
/// </summary>
internal sealed class Cld3Characters
{
    /// <summary>Script number of everything that is not a letter.</summary>
    public const int None = 0;

    /// <summary>Script number of Han, kana and Hangul.</summary>
    public const int Cjk = 24;

    /// <summary>Script number of combining marks.</summary>
    public const int Inherited = 40;

    private const int PageSize = 256;
    private const int PageCount = 0x110000 / PageSize;

    private readonly ushort[] _pageOf = new ushort[PageCount];
    private readonly int[] _entries;

    private Cld3Characters()
    {
        // Entry = distance to the lower-case form << 8 | script.
        int[] all = new int[0x110000];
        foreach (string[] row in Cld3Resources.Rows("cld3-scripts.tsv"))
        {
            int last = Cld3Resources.CodePoint(row[1]);
            for (int c = Cld3Resources.CodePoint(row[0]); c <= last; c++)
            {
                all[c] = byte.Parse(row[2], System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        foreach (string[] row in Cld3Resources.Rows("cld3-lower.tsv"))
        {
            int upper = Cld3Resources.CodePoint(row[0]);
            all[upper] |= (Cld3Resources.CodePoint(row[1]) - upper) << 8;
        }

        _entries = Fold(all);
    }

    /// <summary>The tables, loaded on first use.</summary>
    public static Cld3Characters Shared { get; } = new();

    /// <summary>Script number of a code point, or <see cref="None"/>.</summary>
    /// <param name="codePoint">0 to 0x10FFFF.</param>
    public int Script(int codePoint) => Entry(codePoint) & 0xFF;

    /// <summary>Script in the low byte, distance to the lower-case form above it.</summary>
    /// <param name="codePoint">0 to 0x10FFFF.</param>
    public int Entry(int codePoint) => _entries[(_pageOf[codePoint >> 8] << 8) | (codePoint & 0xFF)];

    // 85 of the 4,352 pages are distinct: 85 KiB in all, of which one text reads one or two pages.
    private int[] Fold(int[] all)
    {
        var kept = new List<int>();
        for (int page = 0; page < PageCount; page++)
        {
            ReadOnlySpan<int> entries = all.AsSpan(page * PageSize, PageSize);
            int at = 0;
            while (at < kept.Count && !CollectionsMarshal.AsSpan(kept).Slice(at, PageSize).SequenceEqual(entries))
            {
                at += PageSize;
            }

            if (at == kept.Count)
            {
                kept.AddRange(entries);
            }

            _pageOf[page] = (ushort)(at / PageSize);
        }

        return [.. kept];
    }
}
