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
    private const int SizeMask = 0xF00;
    private const int SizeOne = 0x100;
    private const int RunMask = 0xF000;

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
        ulong bits = state.Bits, rest = From(scan.First) & ~From(scan.Last + 1), known = mask & rest, corrections = 0, added = 0;
        int count = state.Count, low = scan.Low, left = endOfBands;
        nint position = state.Position;
        ref int lookup = ref MemoryMarshal.GetArrayDataReference(table.Lookup);
        ref byte offsets = ref MemoryMarshal.GetReference(ZigZag.Offsets);
        while (left == 0 && rest != 0)
        {
            BitState.Refill(ref data, ref bits, ref count, ref position);
            int entry = Unsafe.Add(ref lookup, (nint)(bits >> (64 - HuffmanTable.LookupBits))), value;
            if ((entry & (HuffmanTable.Complete | SizeMask)) == (HuffmanTable.Complete | SizeOne))
            {
                bits <<= entry;
                count -= entry & HuffmanTable.LengthMask;
                value = (entry >> 16) << low;
            }
            else
            {
                if (entry == 0)
                {
                    entry = table.FindLongCode(bits);
                    if (entry == 17) { fault |= BlockFault.Code; }
                }

                // The length of a complete entry includes the value's bits, of which there is one here whatever the size says.
                int size = (entry >> 8) & 15, length = (entry & HuffmanTable.LengthMask) - ((entry & HuffmanTable.Complete) != 0 ? size : 0);
                bits <<= length;
                count -= length;
                if (size == 0 && (entry & RunMask) != RunMask)
                {
                    int extra = (entry >> 12) & 15;
                    left = (1 << extra) + (int)(bits >> 1 >> (63 - extra));
                    bits <<= extra;
                    count -= extra;
                    break;
                }

                value = 0;
                if (size != 0)
                {
                    if (size != 1) { fault |= BlockFault.Coefficient; }
                    value = ((int)(bits >> 63 << 1) - 1) << low;
                    bits <<= 1;
                    count--;
                }
            }

            ulong zeros = rest & ~known;
            int after = BitOperations.PopCount(zeros) - 1 - ((entry >> 12) & 15);
            if (after < 0)
            {
                Append(known & rest, ref corrections, ref data, ref bits, ref count, ref position);
                rest = 0;
                if (value != 0)
                {
                    fault |= BlockFault.Coefficient;
                    Correct(ref block, Deposit(corrections, known), 1 << low);
                    (known, corrections) = (0, 0);
                    int beyond = Math.Min(scan.Last + 1, 63);
                    Unsafe.Add(ref block, (nint)Unsafe.Add(ref offsets, beyond)) = (short)value;
                    added |= 1UL << (63 - beyond);
                }

                break;
            }

            ulong place = Deposit(1UL << after, zeros);
            Append(known & rest & ~((place << 1) - 1), ref corrections, ref data, ref bits, ref count, ref position);
            rest &= place - 1;
            if (value != 0)
            {
                Unsafe.Add(ref block, (nint)Unsafe.Add(ref offsets, BitOperations.LeadingZeroCount(place))) = (short)value;
                added |= place;
            }
        }

        if (left > 0)
        {
            BitState.Refill(ref data, ref bits, ref count, ref position);
            Append(known & rest, ref corrections, ref data, ref bits, ref count, ref position);
            left--;
        }

        // Each coefficient that was not zero has now had its bit, in order.
        Correct(ref block, Deposit(corrections, known), 1 << low);
        mask |= added;
        endOfBands = left;
        (state.Bits, state.Count, state.Position) = (bits, count, (int)position);
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

    /// <summary>Reads a bit for each coefficient of <paramref name="passed"/>, at most 63; 32 bits must be loaded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Append(ulong passed, ref ulong corrections, ref byte data, ref ulong bits, ref int count, ref nint position)
    {
        int more = BitOperations.PopCount(passed);
        if (more > 32)
        {
            corrections = (corrections << 32) | (bits >> 32);
            bits <<= 32;
            count -= 32;
            more -= 32;
            BitState.Refill(ref data, ref bits, ref count, ref position);
        }

        corrections = (corrections << more) | (bits >> 1 >> (63 - more));
        bits <<= more;
        count -= more;
    }

    /// <summary>Increases the magnitude of coefficients that do not have the bit yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Correct(ref short block, ulong grow, int plus)
    {
        ref byte offsets = ref MemoryMarshal.GetReference(ZigZag.Offsets);
        for (; grow != 0; grow &= grow - 1)
        {
            ref short coefficient = ref Unsafe.Add(ref block, (nint)Unsafe.Add(ref offsets, 63 - BitOperations.TrailingZeroCount(grow)));
            int value = coefficient, sign = value >> 31; // signs are random: a branch on them would be mispredicted half the time
            if ((value & plus) == 0) { coefficient = (short)(value + ((plus ^ sign) - sign)); }
        }
    }
}
