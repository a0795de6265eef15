using System.Runtime.CompilerServices;

namespace LaionStream.Engine.Imaging.Jpeg;

/// <summary>Decodes one more bit of a band of AC coefficients (T.81 G.1.2.3).</summary>
internal static class RefinementReader
{
    /// <summary>Reads a block's correction bits and new coefficients.</summary>
    /// <param name="state">Where the reader is.</param>
    /// <param name="data">The data's first byte.</param>
    /// <param name="table">The codes.</param>
    /// <param name="block">The block's first coefficient within its group; indices up to 63 only are followed.</param>
    /// <param name="scan">Names the band and the bit position.</param>
    /// <param name="endOfBands">Blocks from this one on that get correction bits only.</param>
    public static BlockFault Read(ref BitState state, ref byte data, HuffmanTable table, ref short block, JpegScan scan, ref int endOfBands)
    {
        BlockFault fault = BlockFault.None;
        int k = scan.First, plus = 1 << scan.Low;
        while (endOfBands == 0 && k <= scan.Last)
        {
            state.Refill(ref data);
            int entry = table.Lookup[(int)(state.Bits >> (64 - HuffmanTable.LookupBits))];
            int symbol = (entry >> 8) & 255, length = entry & HuffmanTable.LengthMask;
            if (entry == 0)
            {
                entry = BitState.FindLongCode(state.Bits, table);
                (symbol, length) = (entry >> 8, entry & HuffmanTable.LengthMask);
                if (length == 17) { fault |= BlockFault.Code; }
            }
            else if ((entry & HuffmanTable.Complete) != 0)
            {
                length -= symbol & 15; // the value's bits are not part of the code
            }

            state.Skip(length);
            int run = symbol >> 4, value = 0;
            if ((symbol & 15) != 0)
            {
                if ((symbol & 15) != 1) { fault |= BlockFault.Coefficient; }
                value = state.Take(1) != 0 ? plus : -plus;
            }
            else if (run != 15)
            {
                endOfBands = (1 << run) + (run > 0 ? state.Take(run) : 0);
                break;
            }

            k = Correct(ref state, ref data, ref block, k, scan.Last, run, plus);
            if (value != 0)
            {
                if (k > scan.Last) { fault |= BlockFault.Coefficient; }
                Unsafe.Add(ref block, ZigZag.Offsets[Math.Min(k, 63)]) = (short)value;
            }

            k++;
        }

        if (endOfBands > 0)
        {
            Correct(ref state, ref data, ref block, k, scan.Last, 64, plus);
            endOfBands--;
        }

        return fault;
    }

    /// <summary>Passes over <paramref name="run"/> zero coefficients, giving each other one on the way its correction bit.</summary>
    /// <returns>The index of the zero coefficient after the run, or one beyond the band.</returns>
    private static int Correct(ref BitState state, ref byte data, ref short block, int k, int last, int run, int plus)
    {
        for (; k <= last; k++)
        {
            ref short coefficient = ref Unsafe.Add(ref block, ZigZag.Offsets[k]);
            if (coefficient == 0)
            {
                if (--run < 0) { break; }
                continue;
            }

            state.Refill(ref data);
            if (state.Take(1) != 0 && (coefficient & plus) == 0) { coefficient += (short)(coefficient >= 0 ? plus : -plus); }
        }

        return k;
    }
}
