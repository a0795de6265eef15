using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace LaionStream.Dataset.Parquet;

/// <summary>
/// The bytes of a decompressed page, read from the start. Each read consumes its bytes, and a read beyond the end is damage: whatever a page contains,
/// a loop that reads in each step ends.
/// </summary>
internal ref struct PageBytes(ReadOnlySpan<byte> bytes)
{
    private const int VarintBits = 64;

    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Number of bytes left.</summary>
    public readonly int Length => _rest.Length;

    /// <summary>Consumes some bytes.</summary>
    /// <exception cref="InvalidDataException">There are fewer.</exception>
    public ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > _rest.Length) { throw Damaged("ends too early"); }
        ReadOnlySpan<byte> taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }

    /// <summary>One byte.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public int ReadByte() => Take(1)[0];

    /// <summary>Four bytes, little-endian.</summary>
    /// <exception cref="InvalidDataException">There are fewer.</exception>
    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    /// <summary>A number in groups of seven bits (ULEB128).</summary>
    /// <exception cref="InvalidDataException">It is endless.</exception>
    public ulong ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < VarintBits; shift += 7)
        {
            int b = ReadByte();
            value |= (ulong)(b & 127) << shift;
            if (b < 128) { return value; }
        }

        throw Damaged("has a number without an end");
    }

    /// <summary>A signed number in groups of seven bits, the sign in its lowest bit.</summary>
    /// <exception cref="InvalidDataException">It is endless.</exception>
    public long ReadSigned()
    {
        ulong raw = ReadVarint();
        return (long)(raw >> 1) ^ -(long)(raw & 1);
    }

    /// <summary>Describes what is wrong with a page.</summary>
    public static InvalidDataException Damaged(string what) => new($"A page {what}.");

    /// <summary>A number of up to 64 bits that starts at any bit.</summary>
    /// <param name="packed">Numbers packed from the lowest bit on; missing bytes count as zeros.</param>
    /// <param name="bit">The number's first bit.</param>
    /// <param name="width">Its number of bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Bits(ReadOnlySpan<byte> packed, long bit, int width)
    {
        int at = (int)(bit >> 3);
        int shift = (int)(bit & 7);
        ReadOnlySpan<byte> rest = packed[at..];
        ulong value = (rest.Length >= sizeof(ulong) ? BinaryPrimitives.ReadUInt64LittleEndian(rest) : Few(rest)) >> shift;
        if (shift + width > VarintBits) { value |= (ulong)rest[sizeof(ulong)] << (VarintBits - shift); }
        return width == VarintBits ? value : value & ((1UL << width) - 1);
    }

    private static ulong Few(ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (int i = 0; i < bytes.Length; i++) { value |= (ulong)bytes[i] << (8 * i); }
        return value;
    }
}
