using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>
/// Decodes the Huffman codes of one block. All state is local and only rare long codes cause a call, so that the bit buffer stays in registers.
/// </summary>
/// <remarks>
/// Bounds, whatever the data contains: a look-up index has 10 bits and tables have 1,024 entries; a zigzag index is at most 63 + 15 and
/// <see cref="ZigZag.Offsets"/> has 80 entries, all below 232, inside the group of four blocks, all of which the caller's row contains;
/// the data's bounds are those of <see cref="EntropyData.Padding"/>.
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
        BitState bits = state;
        bits.Refill(ref data);
        int difference = ReadDifference(ref bits, dcTable, ref fault);
        prediction += difference;
        block = (short)prediction;

        ref int lookup = ref MemoryMarshal.GetArrayDataReference(acTable.Lookup);
        ref byte offsets = ref MemoryMarshal.GetReference(ZigZag.Offsets);
        for (int k = 1; k < 64; k++)
        {
            bits.Refill(ref data);
            int entry = Unsafe.Add(ref lookup, (int)(bits.Bits >> (64 - HuffmanTable.LookupBits)));
            if ((entry & HuffmanTable.Complete) != 0)
            {
                k += (entry >> 12) & 15;
                bits.Skip(entry & HuffmanTable.LengthMask);
                Unsafe.Add(ref block, Unsafe.Add(ref offsets, k)) = (short)(entry >> 16);
                if (k > 63) { fault |= BlockFault.Coefficient; }
                continue;
            }

            if (entry == 0)
            {
                entry = BitState.FindLongCode(bits.Bits, acTable);
                if ((entry & HuffmanTable.LengthMask) == 17) { fault |= BlockFault.Code; }
            }

            bits.Skip(entry & HuffmanTable.LengthMask);
            int run = (entry >> 12) & 15, size = (entry >> 8) & 15;
            if (size == 0)
            {
                if (run != 15) { break; }
                k += 15;
                continue;
            }

            k += run;
            Unsafe.Add(ref block, Unsafe.Add(ref offsets, k)) = (short)bits.TakeSigned(size);
            if (k > 63) { fault |= BlockFault.Coefficient; }
        }

        state = bits;
        return fault;
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
        if (state.Take(1) != 0) { block |= (short)(1 << low); }
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
        BitState bits = state;
        int last = scan.Last, low = scan.Low;
        ulong known = mask;
        ref int lookup = ref MemoryMarshal.GetArrayDataReference(table.Lookup);
        ref byte offsets = ref MemoryMarshal.GetReference(ZigZag.Offsets);
        for (int k = scan.First; k <= last; k++)
        {
            bits.Refill(ref data);
            int entry = Unsafe.Add(ref lookup, (int)(bits.Bits >> (64 - HuffmanTable.LookupBits)));
            if ((entry & HuffmanTable.Complete) != 0)
            {
                k += (entry >> 12) & 15;
                bits.Skip(entry & HuffmanTable.LengthMask);
                short value = (short)((entry >> 16) << low);
                Unsafe.Add(ref block, Unsafe.Add(ref offsets, k)) = value;
                known |= value != 0 ? 1UL << (63 - k) : 0;
                if (k > last) { fault |= BlockFault.Coefficient; }
                continue;
            }

            if (entry == 0)
            {
                entry = BitState.FindLongCode(bits.Bits, table);
                if ((entry & HuffmanTable.LengthMask) == 17) { fault |= BlockFault.Code; }
            }

            bits.Skip(entry & HuffmanTable.LengthMask);
            int run = (entry >> 12) & 15, size = (entry >> 8) & 15;
            if (size != 0)
            {
                k += run;
                short value = (short)(bits.TakeSigned(size) << low);
                Unsafe.Add(ref block, Unsafe.Add(ref offsets, k)) = value;
                known |= value != 0 ? 1UL << (63 - k) : 0;
                if (k > last) { fault |= BlockFault.Coefficient; }
            }
            else if (run == 15)
            {
                k += 15;
            }
            else
            {
                endOfBands = 1 << run;
                if (run > 0) { endOfBands += bits.Take(run); }
                break;
            }
        }

        mask = known;
        state = bits;
        return fault;
    }

    /// <summary>The DC difference in the next bits; 56 must be loaded, of which at most 32 are consumed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReadDifference(ref BitState bits, HuffmanTable table, ref BlockFault fault)
    {
        int entry = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(table.Lookup), (int)(bits.Bits >> (64 - HuffmanTable.LookupBits)));
        if ((entry & HuffmanTable.Complete) != 0)
        {
            bits.Skip(entry & HuffmanTable.LengthMask);
            return entry >> 16;
        }

        if (entry == 0)
        {
            entry = BitState.FindLongCode(bits.Bits, table);
            if ((entry & HuffmanTable.LengthMask) == 17) { fault |= BlockFault.Code; }
        }

        bits.Skip(entry & HuffmanTable.LengthMask);
        int size = (entry >> 8) & 15;
        return size == 0 ? 0 : bits.TakeSigned(size);
    }
}
