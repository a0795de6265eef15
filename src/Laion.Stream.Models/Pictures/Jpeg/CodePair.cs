using System.Buffers;
using System.Runtime.CompilerServices;

namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>
/// An entry of a table that gives one or two codes of AC coefficients, or one of a DC difference, for one look-up: bits 0 to 5 the length of all with their
/// values, 8 to 15 how far the index advances, 16 to 23 the first value's index less the current one, 24 to 31 the second's, 32 to 37 the length of the first
/// code without its value, 38 to 43 how far <see cref="FirstValue"/> shifts, 54 to 63 the second value. The end of the block advances the index by
/// <see cref="EndOfBlock"/>, and its value has index <see cref="Nowhere"/>; so has the second value where there is none.
/// </summary>
internal static class CodePair
{
    /// <summary>What the end of the block adds to the index: more than any index.</summary>
    public const int EndOfBlock = 128;

    /// <summary>Added to an index, gives one of which <see cref="ZigZag.Offsets"/> has the block's first coefficient, which is stored last.</summary>
    public const int Nowhere = 128;

    private const int Entries = 1 << HuffmanTable.LookupBits;

    /// <summary>Makes the table of a code.</summary>
    /// <param name="lookup"><see cref="HuffmanTable.Lookup"/>.</param>
    /// <param name="dc">Whether symbols are sizes of DC differences: an entry then has one value, and no index.</param>
    /// <returns>As many entries, rented from the shared pool; 0 where the first code is longer, or a run of 16 zeros.</returns>
    public static ulong[] Table(ReadOnlySpan<int> lookup, bool dc)
    {
        ulong[] pairs = ArrayPool<ulong>.Shared.Rent(Entries);
        lookup = lookup[..Entries];
        for (int i = 0; i < lookup.Length; i++) { pairs[i] = dc ? Single(lookup[i]) : Of(lookup, i); }
        return pairs;
    }

    /// <summary>How far the index advances.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Advance(ulong pair) => (nint)((pair >> 8) & 255);

    /// <summary>The first value's index less the current one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint FirstPlace(ulong pair) => (nint)((pair >> 16) & 255);

    /// <summary>The second value's index less the current one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint SecondPlace(ulong pair) => (nint)((uint)pair >> 24);

    /// <summary>The first value: its bits follow its code, and a first bit of 0 means less 2^size, plus 1 (T.81 F.2.2.1).</summary>
    /// <param name="pair">The entry.</param>
    /// <param name="bits">The next bits, of which the code is the first.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static short FirstValue(ulong pair, ulong bits)
    {
        ulong value = bits << (int)(pair >> 32);
        long signed = (long)((value >> 1) | (~value & 0x8000_0000_0000_0000));
        return (short)((signed >> (int)(pair >> 38)) - (signed >> 63));
    }

    /// <summary>The second value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static short SecondValue(ulong pair) => (short)((long)pair >> 54);

    /// <summary>Bits of the first code and its value.</summary>
    public static int FirstLength(ulong pair) => (int)((pair >> 32) & 63) + 63 - (int)((pair >> 38) & 63);

    private static ulong Of(ReadOnlySpan<int> lookup, int index)
    {
        int first = lookup[index], run = (first >> 12) & 15, size = (first >> 8) & 15;
        if (first == 0 || (size == 0 && run == 15)) { return 0; }

        int code = CodeLength(first), length = code + size;
        if (size == 0) { return Entry(length, EndOfBlock, Nowhere, Nowhere, code, size, 0); }

        // The bits behind the first code are followed by zeros that are not the file's: a second code must end before them.
        int second = length >= HuffmanTable.LookupBits ? 0 : lookup[(index << length) & (Entries - 1)];
        int both = length + (second & HuffmanTable.LengthMask);
        if (second == 0 || both > HuffmanTable.LookupBits) { return Entry(length, run + 1, run, Nowhere, code, size, 0); }
        if ((second & (HuffmanTable.Complete | 0xFF00)) == 0) { return Entry(both, run + 1 + EndOfBlock, run, Nowhere, code, size, 0); }
        if ((second & HuffmanTable.Complete) == 0) { return Entry(length, run + 1, run, Nowhere, code, size, 0); }

        int place = run + 1 + ((second >> 12) & 15);
        return Entry(both, place + 1, run, place, code, size, second >> 16);
    }

    private static ulong Single(int first)
    {
        int size = (first >> 8) & 15;
        return first == 0 ? 0 : Entry(CodeLength(first) + size, 0, 0, 0, CodeLength(first), size, 0);
    }

    /// <summary>Bits of the code of an entry of <see cref="HuffmanTable.Lookup"/>, without its value.</summary>
    private static int CodeLength(int entry) => (entry & HuffmanTable.LengthMask) - ((entry & HuffmanTable.Complete) != 0 ? (entry >> 8) & 15 : 0);

    private static ulong Entry(int length, int advance, int first, int second, int code, int size, int secondValue) =>
        (uint)(length | (advance << 8) | (first << 16) | (second << 24)) | ((ulong)code << 32) | ((ulong)(63 - size) << 38) | ((ulong)secondValue << 54);
}
