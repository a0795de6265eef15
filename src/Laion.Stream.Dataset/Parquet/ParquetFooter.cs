using System.Buffers.Binary;

namespace LaionStream.Dataset.Parquet;

/// <summary>
/// Checks a file's footer (parquet.thrift, FileMetaData, in Thrift's compact protocol) before the package reads it. The package trusts the number of
/// elements of every list: one of 2^31 booleans takes no bytes and minutes, lists of such lists take for ever.
/// </summary>
internal ref struct ParquetFooter(ReadOnlySpan<byte> bytes)
{
    private const int TailBytes = 8; // the footer's length and "PAR1"
    private const int MaxDepth = 32; // the format has eight levels
    private const int MostBytes = 256 << 20; // files of thousands of row groups have a hundred megabytes

    // Types of the compact protocol.
    private const int True = 1, False = 2, Byte = 3, Double = 7, Binary = 8, List = 9, Set = 10, Struct = 12;

    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Reads the footer and checks it. A file without one is left for the package to refuse.</summary>
    /// <param name="file">The file; its position changes.</param>
    /// <param name="stop">Cancels the read.</param>
    /// <exception cref="InvalidDataException">The footer is damaged, or too long.</exception>
    public static async ValueTask CheckAsync(Stream file, CancellationToken stop)
    {
        if (file.Length < TailBytes) { return; }
        byte[] tail = new byte[TailBytes];
        file.Position = file.Length - TailBytes;
        await file.ReadExactlyAsync(tail, stop);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        if (length > file.Length - TailBytes) { throw Damaged(); } // the package allocates memory for it first
        if (length > MostBytes) { throw new InvalidDataException($"its footer is longer than {MostBytes} bytes."); }
        if (!tail.AsSpan(sizeof(uint)).SequenceEqual("PAR1"u8)) { return; }

        byte[] footer = new byte[length];
        file.Position = file.Length - TailBytes - length;
        await file.ReadExactlyAsync(footer, stop);
        Check(footer);
    }

    /// <summary>Checks a footer.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static void Check(ReadOnlySpan<byte> footer) => new ParquetFooter(footer).ReadStruct(ParquetShape.Footer, 0);

    private void ReadStruct(int shape, int depth)
    {
        if (depth > MaxDepth) { throw Damaged(); }
        int field = 0;
        for (int head = ReadByte(); head != 0; head = ReadByte())
        {
            field = head >> 4 != 0 ? field + (head >> 4) : ReadField();
            int type = head & 15;
            if (!ParquetShape.Allows(shape, field, type)) { throw Damaged(); }
            if (type == List) { ReadList(shape, field, depth + 1); }
            else if (type is not (True or False)) { Skip(type, ParquetShape.Inner(shape, field), depth); } // a boolean field's type is its value
        }
    }

    private void Skip(int type, int shape, int depth)
    {
        switch (type)
        {
            case Byte: Take(1); break;
            case > Byte and < Double: ReadVarint(); break;
            case Double: Take(sizeof(double)); break;
            case Binary: Take(ReadVarint()); break;
            case Struct: ReadStruct(shape, depth + 1); break;
            case List or Set: ReadList(ParquetShape.Any, 0, depth + 1); break;
            default: throw Damaged(); // maps, and lists of booleans: a footer has none
        }
    }

    private void ReadList(int shape, int field, int depth)
    {
        if (depth > MaxDepth) { throw Damaged(); }
        int head = ReadByte();
        ulong count = (ulong)head >> 4;
        count = count == 15 ? ReadVarint() : count;
        bool fits = count <= (ulong)_rest.Length && (count == 0 || ParquetShape.AllowsElement(shape, field, head & 15)); // each element takes at least a byte
        if (!fits) { throw Damaged(); }
        for (; count > 0; count--) { Skip(head & 15, ParquetShape.Inner(shape, field), depth); }
    }

    private int ReadField()
    {
        ulong raw = ReadVarint();
        return (short)((long)(raw >> 1) ^ -(long)(raw & 1));
    }

    private void Take(ulong count) => _rest = count <= (ulong)_rest.Length ? _rest[(int)count..] : throw Damaged();

    private int ReadByte()
    {
        int value = _rest.IsEmpty ? throw Damaged() : _rest[0];
        _rest = _rest[1..];
        return value;
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            int b = ReadByte();
            value |= (ulong)(b & 127) << shift;
            if (b < 128) { return value; }
        }

        throw Damaged();
    }

    private static InvalidDataException Damaged() => new("its footer is damaged.");
}
