using System.Buffers.Binary;

namespace LaionStream.Dataset.Parquet;

/// <summary>
/// Looks through a file's footer (parquet.thrift, FileMetaData, in Thrift's compact protocol) before the package reads it. That one believes the number of
/// elements of every list: one of 2^31 booleans takes no byte and minutes, lists of such lists all time.
/// </summary>
internal ref struct ParquetFooter(ReadOnlySpan<byte> bytes)
{
    private const int TailBytes = 8; // the footer's length and "PAR1"
    private const int MaxDepth = 32; // the format has eight levels

    // Types of the compact protocol.
    private const int True = 1, False = 2, Byte = 3, Int32 = 5, Int64 = 6, Double = 7, Binary = 8, List = 9, Set = 10, Struct = 12;

    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Reads the footer and looks through it. A file without one is left to the package's refusal.</summary>
    /// <param name="file">The file; its place is moved.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="InvalidDataException">The footer is damaged.</exception>
    public static async ValueTask CheckAsync(Stream file, CancellationToken stop)
    {
        if (file.Length < TailBytes) { return; }
        byte[] tail = new byte[TailBytes];
        file.Position = file.Length - TailBytes;
        await file.ReadExactlyAsync(tail, stop);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        if (!tail.AsSpan(sizeof(uint)).SequenceEqual("PAR1"u8) || length > Math.Min(file.Length - TailBytes, Array.MaxLength)) { return; }

        byte[] footer = new byte[length];
        file.Position = file.Length - TailBytes - length;
        await file.ReadExactlyAsync(footer, stop);
        Check(footer);
    }

    /// <summary>Looks through a footer.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static void Check(ReadOnlySpan<byte> footer) => new ParquetFooter(footer).ReadStruct(0);

    private void ReadStruct(int depth)
    {
        if (depth > MaxDepth) { throw Damaged(); }
        int field = 0;
        for (int head = ReadByte(); head != 0; head = ReadByte())
        {
            field = head >> 4 != 0 ? field + (head >> 4) : (short)ReadVarint(); // what number it is matters at the top only
            int type = head & 15;
            if (depth == 0 && !IsOfTop(head >> 4 != 0 ? field : 0, type)) { throw Damaged(); }
            if (type is not (True or False)) { Skip(type, depth); } // a field's type is its value
        }
    }

    /// <summary>Whether a field of the outermost struct is of its type: the package reads on as if it were.</summary>
    private static bool IsOfTop(int field, int type) => field switch
    {
        1 => type == Int32,
        3 => type == Int64,
        2 or 4 or 5 or 7 => type == List,
        6 or 9 => type == Binary,
        8 => type == Struct,
        _ => field > 0,
    };

    private void Skip(int type, int depth)
    {
        switch (type)
        {
            case Byte: Take(1); break;
            case > Byte and < Double: ReadVarint(); break;
            case Double: Take(sizeof(double)); break;
            case Binary: Take(ReadVarint()); break;
            case Struct: ReadStruct(depth + 1); break;
            case List or Set: ReadList(depth + 1); break;
            default: throw Damaged(); // maps, and lists of booleans: a footer has none
        }
    }

    private void ReadList(int depth)
    {
        if (depth > MaxDepth) { throw Damaged(); }
        int head = ReadByte();
        ulong count = (ulong)head >> 4;
        count = count == 15 ? ReadVarint() : count;
        if (count > (ulong)_rest.Length) { throw Damaged(); } // each element takes a byte or more
        for (; count > 0; count--) { Skip(head & 15, depth); }
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
