using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LaionStream.Engine.Inputs.Inflating;

/// <summary>
/// The checksum of gzip (CRC-32, RFC 1952, 8). Long runs are folded, 128 bytes a step, by carry-less multiplication: a block of bits may be moved to a later
/// place of the message if it is multiplied by the power of x, modulo the polynomial, that the distance makes. System.IO.Hashing took nearly twice the time for
/// members of this size (perf/README.md).
/// </summary>
internal static class Crc32Sum
{
    private const uint Polynomial = 0xEDB88320; // bits reversed: the highest is the coefficient of x^0
    private const int StepBytes = 128;
    private const int TableBytes = 8;

    private static readonly uint[] Tables = MakeTables();
    private static readonly Vector128<ulong> FoldStep = Distance(StepBytes);
    private static readonly Vector128<ulong> Fold32 = Distance(32);
    private static readonly Vector128<ulong> Fold16 = Distance(16);

    /// <summary>The checksum of a message, from the one of its beginning.</summary>
    /// <param name="crc">Of what came before; 0 for nothing.</param>
    /// <param name="bytes">What follows.</param>
    public static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        uint state = ~crc;
        if (Pclmulqdq.IsSupported && bytes.Length >= StepBytes)
        {
            int folded = bytes.Length & ~31;
            state = Fold(state, ref MemoryMarshal.GetReference(bytes), folded);
            bytes = bytes[folded..];
        }

        return ~AddByTable(state, bytes);
    }

    /// <summary>Advances the state, which is the complement of the checksum, without carry-less multiplication.</summary>
    public static uint AddByTable(uint state, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<uint> tables = Tables;
        for (; bytes.Length >= TableBytes; bytes = bytes[TableBytes..])
        {
            uint low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ state;
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            state = tables[0x700 + (byte)low] ^ tables[0x600 + (byte)(low >> 8)] ^ tables[0x500 + (byte)(low >> 16)] ^ tables[0x400 + (int)(low >> 24)]
                ^ tables[0x300 + (byte)high] ^ tables[0x200 + (byte)(high >> 8)] ^ tables[0x100 + (byte)(high >> 16)] ^ tables[(int)(high >> 24)];
        }

        foreach (byte value in bytes) { state = tables[(byte)(state ^ value)] ^ (state >> 8); }
        return state;
    }

    /// <summary>Advances the state by a multiple of 32 bytes, at least <see cref="StepBytes"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // unoptimised vector code is slow enough to be noticeable in a short run
    private static uint Fold(uint state, ref byte first, int count)
    {
        Vector256<ulong> a = Load(ref first, 0) ^ Vector256.CreateScalar((ulong)state);
        Vector256<ulong> b = Load(ref first, 32);
        Vector256<ulong> c = Load(ref first, 64);
        Vector256<ulong> d = Load(ref first, 96);
        var factors = Vector256.Create(FoldStep, FoldStep);
        int at = StepBytes;
        for (; at <= count - StepBytes; at += StepBytes)
        {
            a = Move(a, factors) ^ Load(ref first, at);
            b = Move(b, factors) ^ Load(ref first, at + 32);
            c = Move(c, factors) ^ Load(ref first, at + 64);
            d = Move(d, factors) ^ Load(ref first, at + 96);
        }

        factors = Vector256.Create(Fold32, Fold32);
        a = Move(a, factors) ^ b;
        a = Move(a, factors) ^ c;
        a = Move(a, factors) ^ d;
        for (; at < count; at += 32) { a = Move(a, factors) ^ Load(ref first, at); }

        Vector128<ulong> last = Move(a.GetLower(), Fold16) ^ a.GetUpper();
        Span<byte> rest = stackalloc byte[16];
        last.AsByte().CopyTo(rest);
        return AddByTable(0, rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Load(ref byte first, int at) => Vector256.LoadUnsafe(ref first, (nuint)at).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Move(Vector256<ulong> bits, Vector256<ulong> factors) => Pclmulqdq.V256.IsSupported
        ? Pclmulqdq.V256.CarrylessMultiply(bits, factors, 0x00) ^ Pclmulqdq.V256.CarrylessMultiply(bits, factors, 0x11)
        : Vector256.Create(Move(bits.GetLower(), factors.GetLower()), Move(bits.GetUpper(), factors.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Move(Vector128<ulong> bits, Vector128<ulong> factors) =>
        Pclmulqdq.CarrylessMultiply(bits, factors, 0x00) ^ Pclmulqdq.CarrylessMultiply(bits, factors, 0x11);

    /// <summary>The two factors that move 16 bytes so many bytes: one for the half that comes first in the message and one for the other.</summary>
    private static Vector128<ulong> Distance(int bytes) => Vector128.Create(PowerOfX((8 * bytes) + 32), PowerOfX((8 * bytes) - 32));

    /// <summary>x to that power modulo the polynomial, as the multiplication of reversed numbers needs it: shifted by one.</summary>
    private static ulong PowerOfX(int power)
    {
        uint value = 1u << 31;
        for (; power > 0; power--) { value = (value & 1) != 0 ? (value >> 1) ^ Polynomial : value >> 1; }
        return (ulong)value << 1;
    }

    private static uint[] MakeTables()
    {
        var tables = new uint[TableBytes * 256];
        for (uint i = 0; i < tables.Length; i++)
        {
            uint crc = i < 256 ? i : tables[i - 256];
            for (int bit = 0; bit < 8 && i < 256; bit++) { crc = (crc & 1) != 0 ? Polynomial ^ (crc >> 1) : crc >> 1; }
            tables[i] = i < 256 ? crc : tables[crc & 0xFF] ^ (crc >> 8);
        }

        return tables;
    }
}
