using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>
/// The position of a reader of entropy-coded bits: the next bits at the top of a word, how many of them are valid, and the byte to load next.
/// </summary>
internal struct BitState
{
    /// <summary>The next bits, the first one at the top.</summary>
    public ulong Bits;

    /// <summary>How many of them have been loaded, at most 63.</summary>
    public int Count;

    /// <summary>The byte after the last one counted.</summary>
    public int Position;

    /// <summary>Bits consumed since the start of the data.</summary>
    public readonly long Consumed => ((long)Position * 8) - Count;

    /// <summary>Loads bits until at least 56 are available.</summary>
    /// <param name="data">
    /// The data's first byte. Eight bytes are read at <see cref="Position"/>, which stays within the data and its padding: see
    /// <see cref="EntropyData.Padding"/>.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Refill(ref byte data)
    {
        // Bits beyond Count are loaded again, to the same values, by the next call: no branch is needed.
        Bits |= BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref data, Position))) >> Count;
        Position += (63 - Count) >> 3;
        Count |= 56;
    }

    /// <summary>The same for a state in local variables, which the compiler keeps in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Refill(ref byte data, ref ulong bits, ref int count, ref nint position)
    {
        bits |= BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref data, position))) >> count;
        position += (63 - count) >> 3;
        count |= 56;
    }

    /// <summary>Returns bits that were consumed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void GoBack(ref byte data, ref ulong bits, ref int count, ref nint position, int returned)
    {
        nint consumed = (position * 8) - count - returned;
        int within = (int)(consumed & 7);
        position = consumed >> 3;
        bits = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref data, position))) << within;
        count = 56 - within;
        position += 7;
    }

    /// <summary>The same as <see cref="TakeSigned(int)"/> for a state in local variables.</summary>
    /// <param name="bits">The next bits.</param>
    /// <param name="count">Their number.</param>
    /// <param name="size">1 to 15.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TakeSigned(ref ulong bits, ref int count, int size)
    {
        int value = (int)(bits >> (64 - size));
        bits <<= size;
        count -= size;
        return value - (((1 << size) - 1) & ((value >> (size - 1)) - 1));
    }

    /// <summary>Skips bits that are loaded.</summary>
    /// <param name="count">0 to 32.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Skip(int count)
    {
        Bits <<= count;
        Count -= count;
    }

    /// <summary>Reads bits that are loaded.</summary>
    /// <param name="count">1 to 32.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Take(int count)
    {
        int value = (int)(Bits >> (64 - count));
        Skip(count);
        return value;
    }

    /// <summary>Reads a value of a size and extends its sign (T.81 F.2.2.1).</summary>
    /// <param name="size">1 to 15.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int TakeSigned(int size)
    {
        // A leading 0 means value - 2^size + 1.
        int value = Take(size);
        return value - (((1 << size) - 1) & ((value >> (size - 1)) - 1));
    }
}
