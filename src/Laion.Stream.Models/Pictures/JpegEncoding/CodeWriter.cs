using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LaionStream.Models.Pictures.JpegEncoding;

/// <summary>Writes segments and Huffman codes into a growing rented buffer. Uses rented memory: dispose it.</summary>
internal sealed class CodeWriter : IDisposable
{
    /// <summary>
    /// The most bytes that <see cref="Block"/> writes: 20 bits for the first coefficient, 26 for each of the others, the eight bytes that were begun before,
    /// and a byte of stuffing after each.
    /// </summary>
    private const int MostBlockBytes = 2 * (((20 + (63 * 26)) / 8) + 8 + 8);

    private const uint ZeroRun = 0xF0;

    private byte[] _buffer;
    private int _length;
    private ulong _bits; // the lowest 64 - _free bits are not written yet
    private int _free = 64;

    /// <summary>Begins a file.</summary>
    /// <param name="expected">Expected bytes.</param>
    public CodeWriter(int expected)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(expected);
    }

    /// <summary>Writes bytes as they are; no code may have been written before.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>Writes a block.</summary>
    /// <param name="bits"><see cref="ValueBits"/> of the 64 quantised coefficients, in zigzag order; the first is not used.</param>
    /// <param name="others">Bit k: coefficient k is not zero. Bit 0 is ignored.</param>
    /// <param name="difference">The first coefficient less that of the component's block before, -2047 to 2047.</param>
    /// <param name="dc">Codes of sizes.</param>
    /// <param name="ac">Codes of runs and sizes.</param>
    public void Block(ReadOnlySpan<uint> bits, ulong others, int difference, uint[] dc, uint[] ac)
    {
        Reserve(MostBlockBytes);

        // An index of `codes` is a byte, and of `values` below 64: the slices contain them, or throw. The reservation above holds all that is written.
        ref uint codes = ref MemoryMarshal.GetReference(ac.AsSpan()[..256]);
        ref uint values = ref MemoryMarshal.GetReference(bits[..64]);
        ref byte buffer = ref MemoryMarshal.GetArrayDataReference(_buffer);
        (ulong pending, int free, int length) = (_bits, _free, _length);
        int size = 32 - BitOperations.LeadingZeroCount((uint)Math.Abs(difference)), next = 1;
        Put(dc[size], (uint)(difference + (difference >> 31)) & ((1u << size) - 1), ref pending, ref free, ref length, ref buffer);
        for (others &= ~1UL; others != 0; others &= others - 1)
        {
            int index = BitOperations.TrailingZeroCount(others), run = index - next;
            next = index + 1;
            for (; run > 15; run -= 16) { Put(Unsafe.Add(ref codes, ZeroRun), 0, ref pending, ref free, ref length, ref buffer); }
            uint value = Unsafe.Add(ref values, index);
            Put(Unsafe.Add(ref codes, (byte)((run << 4) + (int)value)), value >> 16, ref pending, ref free, ref length, ref buffer);
        }

        if (next < 64) { Put(codes, 0, ref pending, ref free, ref length, ref buffer); }
        (_bits, _free, _length) = (pending, free, length);
    }

    /// <summary>Writes a block that is equal to the one before in its first coefficient and has no other.</summary>
    public void EmptyBlock(uint[] dc, uint[] ac) => Block(stackalloc uint[64], 0, 0, dc, ac);

    /// <summary>Fills the last byte with ones, ends the file, and returns it.</summary>
    public byte[] Finish()
    {
        Reserve(MostBlockBytes);
        int count = 64 - _free, missing = 7 - ((count + 7) & 7);
        UInt128 bits = ((UInt128)_bits << missing) | ((1UL << missing) - 1);
        for (count += missing - 8; count >= 0; count -= 8) { _length = Stuffed((byte)(bits >> count), _length, ref _buffer[0]); }
        Append([0xFF, 0xD9]);
        return _buffer.AsSpan(0, _length).ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    /// <summary>Writes a code of <see cref="CodeTable"/> with the bits of its value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(uint code, uint value, ref ulong bits, ref int free, ref int length, ref byte buffer)
    {
        int added = (int)(code & 63);
        ulong all = (code >> 6) | value;
        free -= added;
        if (free >= 0)
        {
            bits = (bits << added) | all;
            return;
        }

        length = WriteWord((bits << (added + free)) | (all >> -free), length, ref buffer);
        free += 64;
        bits = all;
    }

    /// <summary>
    /// Writes eight bytes, and a zero after each FF. Returns the new length: a local variable passed by reference would not stay in a register.
    /// </summary>
    private static int WriteWord(ulong word, int length, ref byte buffer)
    {
        if (((~word - 0x0101010101010101) & word & 0x8080808080808080) == 0) // no byte is FF
        {
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref buffer, length), BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(word) : word);
            return length + 8;
        }

        for (int shift = 56; shift >= 0; shift -= 8) { length = Stuffed((byte)(word >> shift), length, ref buffer); }
        return length;
    }

    /// <summary>Writes a byte, and a zero after FF, which would else begin a marker.</summary>
    private static int Stuffed(byte value, int length, ref byte buffer)
    {
        Unsafe.Add(ref buffer, length++) = value;
        if (value == 0xFF) { Unsafe.Add(ref buffer, length++) = 0; }
        return length;
    }

    private void Reserve(int bytes)
    {
        if (_buffer.Length - _length >= bytes) { return; }

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + bytes));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
