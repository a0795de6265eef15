using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LaionStream.Engine.Inputs.Inflating;

/// <summary>The loop in which nearly all symbols are decoded.</summary>
internal sealed partial class Inflater
{
    // A round reads 8 bytes at most 7 bytes behind where it began. Before the first one as many may have been read.
    private const int FastInput = 16;

    // A round writes up to two literals and a match of 258 bytes, whose copy may write 31 bytes too many.
    private const int FastOutput = 2 + 258 + 31;

    /// <summary>
    /// Decodes while input and memory last, without a check of either within a round. Returns before a symbol that is not in the root of its table, or is
    /// neither literal nor match: <see cref="DecodeOne"/> decodes that, or reports it. Foreign bytes reach nothing outside the arrays: an index is masked to
    /// the size of the root, a round begins only before the limits above, and a distance is compared with what lies before it.
    /// </summary>
    /// <param name="output">At least <see cref="FastOutput"/> bytes behind <paramref name="written"/>.</param>
    /// <param name="written">Bytes in it.</param>
    /// <returns>Bytes in it now.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)] // compiled once, for this processor and with all registers
    private int DecodeFast(Span<byte> output, int written)
    {
        // After a refill 64 bits are valid, of which the counter knows at least 56. A distance takes 8 + 13 of them, then at most two literals of 10 and a
        // length of 10 + 5 follow, 56 together; the last 8 bits are the index of the next distance, whose entry is thus loaded while the bits are filled up.
        const ulong SymbolMask = (1 << DeflateCode.SymbolBits) - 1;
        const ulong DistanceMask = (1 << DeflateCode.DistanceBits) - 1;
        ref byte source = ref MemoryMarshal.GetArrayDataReference(_source);
        ref byte target = ref MemoryMarshal.GetReference(output);
        ref uint symbols = ref MemoryMarshal.GetArrayDataReference(_symbols);
        ref uint distances = ref MemoryMarshal.GetArrayDataReference(_distances);
        nint next = _next;
        nint lastNext = _end - FastInput;
        nint at = written;
        nint lastAt = output.Length - FastOutput;
        uint count = (uint)_bitCount; // only its lowest byte counts: whole entries are subtracted from it
        ulong bits = _bits | (Load(ref source, next) << (int)count);
        next += Loaded(count);
        count |= 56;
        uint entry = Unsafe.Add(ref symbols, (nint)(bits & SymbolMask));
        do
        {
            ulong before = bits;
            bits >>= (int)entry;
            count -= entry;
            if ((int)entry < 0)
            {
                Unsafe.Add(ref target, at++) = (byte)(entry >> DeflateCode.ValueShift);
                entry = Unsafe.Add(ref symbols, (nint)(bits & SymbolMask));
                before = bits;
                bits >>= (int)entry;
                count -= entry;
                if ((int)entry < 0)
                {
                    Unsafe.Add(ref target, at++) = (byte)(entry >> DeflateCode.ValueShift);
                    entry = Unsafe.Add(ref symbols, (nint)(bits & SymbolMask));
                    before = bits;
                    bits >>= (int)entry;
                    count -= entry;
                    if ((int)entry < 0)
                    {
                        Unsafe.Add(ref target, at++) = (byte)(entry >> DeflateCode.ValueShift);
                        entry = Unsafe.Add(ref symbols, (nint)(bits & SymbolMask));
                        bits |= Load(ref source, next) << (int)count;
                        next += Loaded(count);
                        count |= 56;
                        continue;
                    }
                }
            }

            uint far = Unsafe.Add(ref distances, (nint)(bits & DistanceMask));
            if (((entry | far) & DeflateCode.Exceptional) != 0)
            {
                bits = before;
                count += entry;
                break;
            }

            bits |= Load(ref source, next) << (int)count;
            next += Loaded(count);
            count |= 56;
            nint length = (nint)(entry >> DeflateCode.ValueShift) + (nint)(Low(before, entry) >> (int)(entry >> DeflateCode.CodeShift));
            nint distance = (nint)(far >> DeflateCode.ValueShift) + (nint)(Low(bits, far) >> (int)(far >> DeflateCode.CodeShift));
            bits >>= (int)far;
            count -= far;
            entry = Unsafe.Add(ref symbols, (nint)(bits & SymbolMask));

            nint history = distance - at; // bytes of the match that lie before the caller's memory, if it begins there
            ref byte to = ref Unsafe.Add(ref target, at);
            at += length;
            if (history > 0)
            {
                if (history > _historyBytes) { ThrowTooFar(); }
                ref byte old = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_history), _historyEnd - history);
                for (nint copied = 0; copied < length && copied < history; copied += 16)
                {
                    Vector128.LoadUnsafe(ref old, (nuint)copied).StoreUnsafe(ref to, (nuint)copied);
                }

                for (nint copied = history; copied < length; copied++) { Unsafe.Add(ref to, copied) = Unsafe.Add(ref target, copied - history); }
                continue;
            }

            ref byte from = ref Unsafe.Subtract(ref to, distance);
            if (distance >= 32)
            {
                Vector256.LoadUnsafe(ref from).StoreUnsafe(ref to);
                for (nint copied = 32; copied < length; copied += 32)
                {
                    Vector256.LoadUnsafe(ref from, (nuint)copied).StoreUnsafe(ref to, (nuint)copied);
                }
            }
            else
            {
                CopyNear(ref from, ref to, distance, length);
            }
        }
        while (next <= lastNext && at <= lastAt);

        Leave(next, bits, count);
        return (int)at;
    }

    /// <summary>Copies a match that overlaps itself within 32 bytes. May write 15 bytes too many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // a call would move the state of the loop out of the registers
    private static void CopyNear(ref byte from, ref byte to, nint distance, nint length)
    {
        if (distance >= 16)
        {
            for (nint copied = 0; copied < length; copied += 16) { Vector128.LoadUnsafe(ref from, (nuint)copied).StoreUnsafe(ref to, (nuint)copied); }
            return;
        }

        if (distance == 1)
        {
            var run = Vector128.Create(from);
            for (nint copied = 0; copied < length; copied += 16) { run.StoreUnsafe(ref to, (nuint)copied); }
            return;
        }

        // Eight bytes a step, of which the first "distance" at least are right.
        nint step = Math.Min(distance, 8);
        for (nint copied = 0; copied < length; copied += step)
        {
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, copied), Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, copied)));
        }
    }

    [DoesNotReturn]
    private static void ThrowTooFar() => throw Damage("a distance leads to before the beginning");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Load(ref byte source, nint at)
    {
        ulong bytes = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref source, at));
        return BitConverter.IsLittleEndian ? bytes : BinaryPrimitives.ReverseEndianness(bytes);
    }

    /// <summary>Whole bytes that a refill adds to so many bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Loaded(uint count) => 7 - (nint)((count >> 3) & 7);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Low(ulong bits, uint count) => Bmi2.X64.IsSupported ? Bmi2.X64.ZeroHighBits(bits, count) : bits & ((1UL << (int)count) - 1);
}
