using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>
/// Decodes the Huffman codes of one block. All state is in local variables and nothing is called, so that the bit buffer stays in registers.
/// </summary>
/// <remarks>
/// Bounds, whatever the data contains: a look-up index has 10 bits and tables have 1,024 entries; a zigzag index is at most 63 + 15 + 1 + 15, or
/// 63 + <see cref="CodePair.Nowhere"/>, and <see cref="ZigZag.Offsets"/> has 192 entries, all below 232, inside the group of four blocks, which the caller's
/// row contains; the data's bounds are those of <see cref="EntropyData.Padding"/>.
/// </remarks>
internal static class BlockReader
{
    /// <summary>Reads all coefficients of a block (T.81 F.2.2); writes only those that were sent.</summary>
    /// <param name="state">The reader's position.</param>
    /// <param name="data">The data's first byte.</param>
    /// <param name="dcTable">Codes of the DC difference.</param>
    /// <param name="acTable">Codes of the others.</param>
    /// <param name="block">The block's first coefficient within its group.</param>
    /// <param name="prediction">The component's last DC value; set to this block's.</param>
    public static BlockFault ReadSequential(
        ref BitState state, ref byte data, HuffmanTable dcTable, HuffmanTable acTable, ref short block, ref int prediction)
    {
        BlockFault fault = BlockFault.None;
        BitState start = state;
        start.Refill(ref data);
        prediction += ReadDifference(ref start, dcTable, ref fault);

        ulong bits = start.Bits, pair;
        int count = start.Count;
        nint position = start.Position, k = 1;
        ref ulong pairs = ref MemoryMarshal.GetArrayDataReference(acTable.Pairs);
        ref byte offsets = ref MemoryMarshal.GetReference(ZigZag.Offsets);
        do
        {
            // 56 bits are enough for a look-up's 10 bits and 15 of a value, and then any code with its value.
            BitState.Refill(ref data, ref bits, ref count, ref position);
            pair = Unsafe.Add(ref pairs, (nint)(bits >> (64 - HuffmanTable.LookupBits)));
            if (pair != 0)
            {
                StorePair(pair, ref bits, ref count, ref k, ref offsets, ref block);
                if (k > 63) { break; }
                pair = Unsafe.Add(ref pairs, (nint)(bits >> (64 - HuffmanTable.LookupBits)));
                if (pair != 0)
                {
                    StorePair(pair, ref bits, ref count, ref k, ref offsets, ref block);
                    continue;
                }
            }

            int entry = acTable.Lookup[(int)(bits >> (64 - HuffmanTable.LookupBits))];
            if (entry == 0)
            {
                entry = acTable.FindLongCode(bits);
                if (entry == 17) { fault |= BlockFault.Code; }
            }

            bits <<= entry;
            count -= entry & HuffmanTable.LengthMask;
            int run = (entry >> 12) & 15, size = (entry >> 8) & 15;
            if (size == 0)
            {
                if (run != 15) { break; }
                k = Math.Min(k + 16, 64); // zeros beyond the block are no fault
                continue;
            }

            k += run;
            Unsafe.Add(ref block, (nint)Unsafe.Add(ref offsets, k)) = (short)BitState.TakeSigned(ref bits, ref count, size);
            k++;
        }
        while (k <= 63);

        if (pair != 0)
        {
            // Where the first code of the pair already ended the block, the second belongs to what follows.
            nint afterFirst = k - CodePair.Advance(pair) + CodePair.FirstPlace(pair) + 1;
            if ((nuint)(afterFirst - 64) < 32)
            {
                k = afterFirst;
                BitState.GoBack(ref data, ref bits, ref count, ref position, ((int)pair & HuffmanTable.LengthMask) - CodePair.FirstLength(pair));
            }
        }

        block = (short)prediction;
        (state.Bits, state.Count, state.Position) = (bits, count, (int)position);
        return k is > 64 and < CodePair.EndOfBlock ? fault | BlockFault.Coefficient : fault;
    }

    /// <summary>Reads the first bits of a DC coefficient (T.81 G.1.2.1).</summary>
    public static BlockFault ReadDcFirst(ref BitState state, ref byte data, HuffmanTable table, ref short block, ref int prediction, int low)
    {
        BlockFault fault = BlockFault.None;
        BitState bits = state;
        bits.Refill(ref data);
        prediction += ReadDifference(ref bits, table, ref fault);
        block = (short)(prediction << low);
        state = bits;
        return fault;
    }

    /// <summary>Reads one more bit of a DC coefficient.</summary>
    public static void ReadDcRefinement(ref BitState state, ref byte data, ref short block, int low)
    {
        state.Refill(ref data);
        block |= (short)(state.Take(1) << low); // the bit is random: a branch on it would be mispredicted half the time
    }

    /// <summary>Reads the first bits of a band of AC coefficients (T.81 G.1.2.2).</summary>
    /// <param name="state">The reader's position.</param>
    /// <param name="data">The data's first byte.</param>
    /// <param name="table">The codes.</param>
    /// <param name="block">The block's first coefficient within its group.</param>
    /// <param name="mask">The block's word (<see cref="CoefficientPlane.Masks"/>).</param>
    /// <param name="scan">Gives the band and the bit position.</param>
    /// <param name="endOfBands">Number of blocks from this one on whose band is empty; must be 0, and is set by an end-of-band code.</param>
    public static BlockFault ReadAcFirst(ref BitState state, ref byte data, HuffmanTable table, ref short block, ref ulong mask, JpegScan scan,
        ref int endOfBands)
    {
        BlockFault fault = BlockFault.None;
        ulong bits = state.Bits, known = mask;
        int count = state.Count, k = scan.First, last = scan.Last, low = scan.Low;
        nint position = state.Position;
        ref int lookup = ref MemoryMarshal.GetArrayDataReference(table.Lookup);
        ref byte offsets = ref MemoryMarshal.GetReference(ZigZag.Offsets);
        do
        {
            BitState.Refill(ref data, ref bits, ref count, ref position);
            int entry = Unsafe.Add(ref lookup, (nint)(bits >> (64 - HuffmanTable.LookupBits)));
            if ((entry & HuffmanTable.Complete) != 0)
            {
                StoreShifted(entry, low, ref bits, ref count, ref k, ref offsets, ref block, ref known);
                if (k > last) { break; }
                entry = Unsafe.Add(ref lookup, (nint)(bits >> (64 - HuffmanTable.LookupBits)));
                if ((entry & HuffmanTable.Complete) != 0)
                {
                    StoreShifted(entry, low, ref bits, ref count, ref k, ref offsets, ref block, ref known);
                    continue;
                }
            }

            if (entry == 0)
            {
                entry = table.FindLongCode(bits);
                if (entry == 17) { fault |= BlockFault.Code; }
            }

            bits <<= entry;
            count -= entry & HuffmanTable.LengthMask;
            int run = (entry >> 12) & 15, size = (entry >> 8) & 15;
            if (size != 0)
            {
                k += run;
                Mark((short)(BitState.TakeSigned(ref bits, ref count, size) << low), k, ref offsets, ref block, ref known);
                k++;
            }
            else if (run == 15)
            {
                k = Math.Min(k + 16, last + 1);
            }
            else
            {
                endOfBands = 1 << run;
                if (run > 0)
                {
                    endOfBands += (int)(bits >> (64 - run));
                    bits <<= run;
                    count -= run;
                }

                break;
            }
        }
        while (k <= last);

        mask = known;
        (state.Bits, state.Count, state.Position) = (bits, count, (int)position);
        return k > last + 1 ? fault | BlockFault.Coefficient : fault;
    }

    /// <summary>
    /// Consumes the codes of a pair and stores both values; <paramref name="k"/> is then the next index. The first is stored last: where it ends the block,
    /// a second one belongs to what follows, and is stored at the same place.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePair(ulong pair, ref ulong bits, ref int count, ref nint k, ref byte offsets, ref short block)
    {
        short first = CodePair.FirstValue(pair, bits);
        bits <<= (int)pair;
        count -= (int)pair & HuffmanTable.LengthMask;
        Unsafe.Add(ref block, (nint)Unsafe.Add(ref offsets, k + CodePair.SecondPlace(pair))) = CodePair.SecondValue(pair);
        Unsafe.Add(ref block, (nint)Unsafe.Add(ref offsets, k + CodePair.FirstPlace(pair))) = first;
        k += CodePair.Advance(pair);
    }

    /// <summary>The same for the first bits of a coefficient, with its mark in the block's word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreShifted(
        int entry, int low, ref ulong bits, ref int count, ref int k, ref byte offsets, ref short block, ref ulong known)
    {
        bits <<= entry;
        count -= entry & HuffmanTable.LengthMask;
        k += (entry >> 12) & 15;
        Mark((short)((entry >> 16) << low), k, ref offsets, ref block, ref known);
        k++;
    }

    /// <summary>Stores a coefficient; an index beyond the block is coefficient 63, as in <see cref="ZigZag.Offsets"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mark(short value, int k, ref byte offsets, ref short block, ref ulong known)
    {
        Unsafe.Add(ref block, (nint)Unsafe.Add(ref offsets, k)) = value;
        known |= (value != 0 ? 1UL : 0) << (63 - Math.Min(k, 63));
    }

    /// <summary>The DC difference in the next bits; 56 must be loaded, of which at most 32 are consumed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReadDifference(ref BitState bits, HuffmanTable table, ref BlockFault fault)
    {
        ulong single = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(table.Pairs), (nint)(bits.Bits >> (64 - HuffmanTable.LookupBits)));
        if (single != 0)
        {
            int value = CodePair.FirstValue(single, bits.Bits);
            bits.Skip((int)single & HuffmanTable.LengthMask);
            return value;
        }

        int entry = table.FindLongCode(bits.Bits);
        if (entry == 17) { fault |= BlockFault.Code; }
        bits.Skip(entry & HuffmanTable.LengthMask);
        int size = (entry >> 8) & 15;
        return size == 0 ? 0 : bits.TakeSigned(size);
    }
}
