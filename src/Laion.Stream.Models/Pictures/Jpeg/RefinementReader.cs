using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>
/// Decodes one more bit of a band of AC coefficients (T.81 G.1.2.3). One word per block marks the coefficients that are not zero, the first at the top, so that
/// single instructions find the position after a run of zeros and distribute the correction bits on the way.
/// </summary>
internal static class RefinementReader
{
    /// <summary>The mask bits of coefficients <paramref name="first"/> to 63.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong From(int first) => first > 63 ? 0 : ulong.MaxValue >> first;

    /// <summary>Reads a block's correction bits and new coefficients.</summary>
    /// <param name="state">The reader's position.</param>
    /// <param name="data">The data's first byte.</param>
    /// <param name="table">The codes.</param>
    /// <param name="block">The block's first coefficient within its group; only indices up to 63 are used.</param>
    /// <param name="mask">The block's word.</param>
    /// <param name="scan">Gives the band and the bit position.</param>
    /// <param name="endOfBands">Number of blocks from this one on that have only correction bits.</param>
    public static BlockFault Read(ref BitState state, ref byte data, HuffmanTable table, ref short block, ref ulong mask, JpegScan scan, ref int endOfBands)
    {
        BlockFault fault = BlockFault.None;
        BitState bits = state;
        int k = scan.First, last = scan.Last, plus = 1 << scan.Low;
        ulong within = ~From(last + 1), known = mask, added = 0;
        ref int lookup = ref MemoryMarshal.GetArrayDataReference(table.Lookup);
        while (endOfBands == 0 && k <= last)
        {
            bits.Refill(ref data);
            int entry = Unsafe.Add(ref lookup, (int)(bits.Bits >> (64 - HuffmanTable.LookupBits)));
            if (entry == 0)
            {
                entry = BitState.FindLongCode(bits.Bits, table);
                if ((entry & HuffmanTable.LengthMask) == 17) { fault |= BlockFault.Code; }
            }

            int run = (entry >> 12) & 15, size = (entry >> 8) & 15;

            // The length of a complete entry includes the value's bits, which are not part of the code here.
            bits.Skip((entry & HuffmanTable.LengthMask) - ((entry & HuffmanTable.Complete) != 0 ? size : 0));
            int value = 0;
            if (size != 0)
            {
                if (size != 1) { fault |= BlockFault.Coefficient; }
                value = bits.Take(1) != 0 ? plus : -plus;
            }
            else if (run != 15)
            {
                endOfBands = (1 << run) + (run > 0 ? bits.Take(run) : 0);
                break;
            }

            ulong rest = From(k) & within, zeros = ~known & rest;
            int count = BitOperations.PopCount(zeros);
            int next = run < count ? BitOperations.LeadingZeroCount(Deposit(1UL << (count - 1 - run), zeros)) : last + 1;
            ulong passed = known & rest & ~From(next);
            if (passed != 0) { Correct(ref bits, ref data, ref block, passed, plus); }
            if (value != 0)
            {
                if (next > last) { fault |= BlockFault.Coefficient; }
                next = Math.Min(next, 63);
                Unsafe.Add(ref block, ZigZag.Offsets[next]) = (short)value;
                added |= 1UL << (63 - next);
            }

            k = next + 1;
        }

        if (endOfBands > 0)
        {
            ulong passed = known & From(k) & within;
            if (passed != 0) { Correct(ref bits, ref data, ref block, passed, plus); }
            endOfBands--;
        }

        mask = known | added;
        state = bits;
        return fault;
    }

    /// <summary>Distributes the lowest bits of <paramref name="value"/> over the set bits of <paramref name="mask"/>, the lowest first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Deposit(ulong value, ulong mask) => Bmi2.X64.IsSupported ? Bmi2.X64.ParallelBitDeposit(value, mask) : DepositOneByOne(value, mask);

    /// <summary>The same without the instruction.</summary>
    public static ulong DepositOneByOne(ulong value, ulong mask)
    {
        ulong spread = 0;
        for (; mask != 0 && value != 0; value >>= 1, mask &= mask - 1)
        {
            if ((value & 1) != 0) { spread |= mask & (~mask + 1); }
        }

        return spread;
    }

    /// <summary>Reads a bit for each coefficient of <paramref name="passed"/>, at most 63, and increases the magnitude of those with a 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Correct(ref BitState bits, ref byte data, ref short block, ulong passed, int plus)
    {
        int count = BitOperations.PopCount(passed);
        ulong corrections = 0;
        bits.Refill(ref data);
        if (count > 32)
        {
            corrections = (ulong)(uint)bits.Take(count - 32) << 32;
            bits.Refill(ref data);
            count = 32;
        }

        corrections |= (uint)bits.Take(count);
        for (ulong grow = Deposit(corrections, passed); grow != 0; grow &= grow - 1)
        {
            ref short coefficient = ref Unsafe.Add(ref block, ZigZag.Offsets[63 - BitOperations.TrailingZeroCount(grow)]);
            if ((coefficient & plus) == 0) { coefficient += (short)(coefficient >= 0 ? plus : -plus); }
        }
    }
}
