using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LaionStream.Engine.Inputs.Inflating;

/// <summary>
/// Builds the tables that decode a prefix code of DEFLATE (RFC 1951, 3.2.2). The next bits of the input, as many as the table's root has, index an entry
/// that tells everything about the symbol; codewords longer than the root lead through a second table behind the root.
/// <code>
/// entry   bit 31       literal
///         bits 16..30  the literal; or the smallest length or distance; or where the second table begins
///         bit 15       one of the next two, or neither: no symbol has this codeword
///         bit 14       second table; bits 8..11 its index bits
///         bit 13       end of block
///         bits 8..11   bits of the codeword in this table, after which the extra bits follow
///         bits 0..7    all bits of the symbol in this table, extra bits included
/// </code>
/// </summary>
internal static class DeflateCode
{
    public const uint Literal = 1u << 31;
    public const uint Exceptional = 1u << 15;
    public const uint SecondTable = 1u << 14;
    public const uint EndOfBlock = 1u << 13;
    public const int ValueShift = 16;
    public const int CodeShift = 8;
    public const int CodeMask = 15;

    /// <summary>In the table of code lengths, bits 20 to 23: how many symbols have the length in bits 16 to 19, extra bits not included.</summary>
    public const int RunShift = 20;

    /// <summary>In the table of code lengths: the length is the one before.</summary>
    public const uint RepeatsLength = 1u << 24;

    /// <summary>Root bits of the tables of literals and lengths.</summary>
    public const int SymbolBits = 10;

    /// <summary>Root bits of the tables of distances.</summary>
    public const int DistanceBits = 8;

    /// <summary>Root bits of the table of code lengths, whose codewords are no longer.</summary>
    public const int LengthBits = 7;

    /// <summary>
    /// Entries of a table of literals and lengths. A second table of 2^b entries serves at least b + 1 symbols and b is at most 15 - 10: 32 / 6 entries for
    /// each of 288 symbols, 1,536, and the root.
    /// </summary>
    public const int SymbolTableSize = 1 << (SymbolBits + 2);

    /// <summary>Entries of a table of distances. As above, b is at most 15 - 8: 128 / 8 entries for each of 32 symbols, 512, and the root.</summary>
    public const int DistanceTableSize = 1 << (DistanceBits + 2);

    private const int MaxBits = 15;
    private const int MaxSymbols = 288;
    private const int WordSymbols = 64;
    private const int MaxWords = 5;

    /// <summary>What the symbols 0 to 287 of the first code mean, without their codewords: 286 and 287 are never valid.</summary>
    public static readonly uint[] Symbols = MakeSymbols();

    /// <summary>What the symbols 0 to 31 of the distance code mean: 30 and 31 are never valid.</summary>
    public static readonly uint[] Distances = MakeDistances();

    /// <summary>What the symbols of the code of code lengths mean: 0 to 15 a length, 16 to 18 a run.</summary>
    public static readonly uint[] Lengths = MakeLengths();

    /// <summary>Table of the fixed code of literals and lengths.</summary>
    public static readonly uint[] FixedSymbols = MakeFixedSymbols();

    /// <summary>Table of the fixed code of distances.</summary>
    public static readonly uint[] FixedDistances = MakeFixedDistances();

    /// <summary>Builds a table; false when the code is over-subscribed, or incomplete and not one single codeword of one bit.</summary>
    /// <param name="table">Filled. As large as the constants above say.</param>
    /// <param name="rootBits">Index bits of its root.</param>
    /// <param name="lengths">Length of each symbol's codeword in bits, 0 for none: a multiple of 64 symbols, at most 320.</param>
    /// <param name="symbols">What each symbol means: an entry without its codeword.</param>
    /// <param name="mayBeIncomplete">Whether a code with one codeword of one bit, or with none, is valid; its other codewords mean damage.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // a file of small members spends a tenth of its time here
    public static bool TryBuild(Span<uint> table, int rootBits, ReadOnlySpan<byte> lengths, ReadOnlySpan<uint> symbols, bool mayBeIncomplete)
    {
        int words = lengths.Length / WordSymbols;
        Span<ulong> owners = stackalloc ulong[(MaxBits + 1) * MaxWords];
        Span<int> counts = stackalloc int[MaxBits + 1];
        FindOwners(lengths, owners, counts);
        int unused = 1 << MaxBits;
        for (int length = 1; length <= MaxBits; length++) { unused -= counts[length] << (MaxBits - length); }
        if (unused != 0)
        {
            bool isSingle = unused == 1 << MaxBits || (unused == 1 << (MaxBits - 1) && counts[1] == 1);
            if (unused < 0 || !isSingle || !mayBeIncomplete) { return false; }
            FillSingle(table[..(1 << rootBits)], lengths, symbols);
            return true;
        }

        uint code = FillRoot(table, rootBits, words, counts, owners, symbols);
        FillSecondTables(table, rootBits, code, counts, owners, symbols);
        return true;
    }

    /// <summary>
    /// Which symbols have a codeword of each length, as bits, 64 symbols a word. In this order they take the codewords: first by length, then by number.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FindOwners(ReadOnlySpan<byte> lengths, Span<ulong> owners, Span<int> counts)
    {
        for (int word = 0; word < lengths.Length / WordSymbols; word++)
        {
            var here = Vector512.Create(lengths.Slice(word * WordSymbols, WordSymbols));
            Vector512<byte> wanted = Vector512<byte>.One;
            for (int length = 1; length <= MaxBits; length++, wanted += Vector512<byte>.One)
            {
                ulong found = Vector512.Equals(here, wanted).ExtractMostSignificantBits();
                owners[(length * MaxWords) + word] = found;
                counts[length] += BitOperations.PopCount(found);
            }
        }
    }

    /// <summary>Fills the root with the codewords that it has room for; returns the one after them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint FillRoot(
        Span<uint> table, int rootBits, int words, ReadOnlySpan<int> counts, ReadOnlySpan<ulong> owners, ReadOnlySpan<uint> symbols)
    {
        // Codewords are reversed, as the input has them. With each length the filled part of the root doubles: a copy of it stands for the next bit of all
        // shorter codewords.
        uint code = 0;
        for (int length = 1; length <= rootBits; length++)
        {
            int half = 1 << (length - 1);
            table[..half].CopyTo(table[half..]);
            if (counts[length] == 0) { continue; }
            uint bits = (uint)((length << CodeShift) + length);
            uint last = (1u << length) - 1;
            for (int word = 0; word < words; word++)
            {
                for (ulong left = owners[(length * MaxWords) + word]; left != 0; left &= left - 1)
                {
                    table[(int)code] = symbols[(word * WordSymbols) + BitOperations.TrailingZeroCount(left)] + bits;
                    code = After(code, last);
                }
            }
        }

        return code;
    }

    private static void FillSecondTables(
        Span<uint> table, int rootBits, uint code, ReadOnlySpan<int> counts, ReadOnlySpan<ulong> owners, ReadOnlySpan<uint> symbols)
    {
        uint rootMask = (1u << rootBits) - 1;
        uint prefix = uint.MaxValue;
        int begin = 0;
        int end = 1 << rootBits;
        for (int length = rootBits + 1; length <= MaxBits; length++)
        {
            int bits = length - rootBits;
            for (int word = 0, unseen = counts[length]; unseen > 0; word++)
            {
                for (ulong left = owners[(length * MaxWords) + word]; left != 0; left &= left - 1, unseen--)
                {
                    if ((code & rootMask) != prefix)
                    {
                        // The table has as many index bits as the codewords that follow need to use up the prefix.
                        prefix = code & rootMask;
                        int indexBits = bits;
                        for (int used = unseen; used < 1 << indexBits; used = (used << 1) + counts[rootBits + indexBits]) { indexBits++; }
                        begin = end;
                        end = begin + (1 << indexBits);
                        table[(int)prefix] = ((uint)begin << ValueShift) | Exceptional | SecondTable | (uint)((indexBits << CodeShift) + rootBits);
                    }

                    uint entry = symbols[(word * WordSymbols) + BitOperations.TrailingZeroCount(left)] + (uint)((bits << CodeShift) + bits);
                    for (int at = begin + (int)(code >> rootBits); at < end; at += 1 << bits) { table[at] = entry; }
                    code = After(code, (1u << length) - 1);
                }
            }
        }
    }

    /// <summary>The codeword after one, both reversed: the highest bit that is 0 becomes 1 and those above it 0. The last one stays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint After(uint code, uint last)
    {
        uint bit = (1u << 31) >> BitOperations.LeadingZeroCount(code ^ last);
        return code == last ? code : (code & (bit - 1)) | bit;
    }

    private static void FillSingle(Span<uint> root, ReadOnlySpan<byte> lengths, ReadOnlySpan<uint> symbols)
    {
        const uint OneBit = (1 << CodeShift) + 1;
        root.Fill(Exceptional + OneBit);
        int symbol = lengths.IndexOf((byte)1);
        for (int at = 0; symbol >= 0 && at < root.Length; at += 2) { root[at] = symbols[symbol] + OneBit; }
    }

    private static uint[] MakeSymbols()
    {
        var symbols = new uint[MaxSymbols];
        symbols.AsSpan().Fill(Exceptional);
        for (uint value = 0; value < 256; value++) { symbols[value] = Literal | (value << ValueShift); }
        symbols[256] = Exceptional | EndOfBlock;
        uint length = 3;
        for (int i = 0; i < 28; i++)
        {
            int extra = Math.Max(0, (i >> 2) - 1);
            symbols[257 + i] = (length << ValueShift) | (uint)extra;
            length += 1u << extra;
        }

        symbols[285] = 258 << ValueShift;
        return symbols;
    }

    private static uint[] MakeDistances()
    {
        uint distance = 1;
        var distances = new uint[32];
        distances.AsSpan().Fill(Exceptional);
        for (int i = 0; i < 30; i++)
        {
            int extra = Math.Max(0, (i >> 1) - 1);
            distances[i] = (distance << ValueShift) | (uint)extra;
            distance += 1u << extra;
        }

        return distances;
    }

    private static uint[] MakeLengths()
    {
        var lengths = new uint[19];
        for (uint i = 0; i < 16; i++) { lengths[i] = (i << ValueShift) | (1u << RunShift); }
        lengths[16] = RepeatsLength | (3u << RunShift) | 2;
        lengths[17] = (3u << RunShift) | 3;
        lengths[18] = (11u << RunShift) | 7;
        return lengths;
    }

    private static uint[] MakeFixedSymbols()
    {
        byte[] lengths = new byte[MaxWords * WordSymbols];
        lengths.AsSpan(0, 144).Fill(8);
        lengths.AsSpan(144, 112).Fill(9);
        lengths.AsSpan(256, 24).Fill(7);
        lengths.AsSpan(280, 8).Fill(8);
        var table = new uint[SymbolTableSize];
        TryBuild(table, SymbolBits, lengths, Symbols, mayBeIncomplete: false);
        return table;
    }

    private static uint[] MakeFixedDistances()
    {
        byte[] lengths = new byte[WordSymbols];
        lengths.AsSpan(0, 32).Fill(5);
        var table = new uint[DistanceTableSize];
        TryBuild(table, DistanceBits, lengths, Distances, mayBeIncomplete: false);
        return table;
    }
}
