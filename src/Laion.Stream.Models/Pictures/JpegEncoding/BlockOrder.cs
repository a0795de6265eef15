using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LaionStream.Models.Pictures.Jpeg;

namespace LaionStream.Models.Pictures.JpegEncoding;

/// <summary>Takes a block out of its group of four, in zigzag order.</summary>
internal static class BlockOrder
{
    private static readonly short[] Natural = [.. Enumerable.Range(0, 64).Select(index => (short)ZigZag.Natural(index))];

    /// <summary>Copies a block.</summary>
    /// <param name="group">Starts at the block's first coefficient.</param>
    /// <param name="block">64 coefficients.</param>
    /// <returns>Bit k: coefficient k is not zero.</returns>
    public static ulong ToZigZag(ReadOnlySpan<short> group, Span<short> block)
    {
        // The slices contain everything that is read and written below, or throw.
        ref short from = ref MemoryMarshal.GetReference(group[..((7 * ZigZag.RowStride) + 8)]);
        ref short to = ref MemoryMarshal.GetReference(block[..64]);
        if (Avx512BW.IsSupported)
        {
            Vector512<short> upper = Vector512.Create(Rows(ref from, 0), Rows(ref from, 2)), lower = Vector512.Create(Rows(ref from, 4), Rows(ref from, 6));
            return Permute(upper, lower, ref to, 0) | ((ulong)Permute(upper, lower, ref to, 32) << 32);
        }

        ReadOnlySpan<byte> offsets = ZigZag.Offsets[..64];
        for (int i = 0; i < offsets.Length; i++) { Unsafe.Add(ref to, i) = Unsafe.Add(ref from, offsets[i]); } // offsets are at most 231
        ulong others = 0;
        for (int i = 0; i < 64; i += 16)
        {
            others |= (ulong)(ushort)~Vector256.Equals(Vector256.LoadUnsafe(ref to, (nuint)i), Vector256<short>.Zero).ExtractMostSignificantBits() << i;
        }

        return others;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Rows(ref short from, int row) => Vector256.Create(
        Vector128.LoadUnsafe(ref from, (nuint)(row * ZigZag.RowStride)), Vector128.LoadUnsafe(ref from, (nuint)((row + 1) * ZigZag.RowStride)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Permute(Vector512<short> upper, Vector512<short> lower, ref short to, int start)
    {
        Vector512<short> places = Vector512.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(Natural), (nuint)start);
        Vector512<short> values = Avx512BW.PermuteVar32x16x2(upper, places, lower);
        values.StoreUnsafe(ref to, (nuint)start);
        return (uint)~Vector512.Equals(values, Vector512<short>.Zero).ExtractMostSignificantBits();
    }
}
