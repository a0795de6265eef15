using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace LaionStream.Search.Rows;

/// <summary>All values of a row as bytes: a checksum, then a tag and the value of each column.</summary>
internal static class RowRecord
{
    private const byte Null = 0;
    private const byte Text = 1;
    private const byte Long = 2;
    private const byte Int = 3;
    private const byte Double = 4;
    private const byte Float = 5;
    private const byte False = 6;
    private const byte True = 7;
    private const byte Time = 8;
    private const int ChecksumBytes = 4;

    /// <summary>Writes a row.</summary>
    /// <param name="row">Its values, in the order of the file's columns.</param>
    /// <param name="to">Receives the bytes; emptied first.</param>
    public static void Write(IReadOnlyList<KeyValuePair<string, object?>> row, MemoryStream to)
    {
        to.SetLength(ChecksumBytes);
        to.Position = ChecksumBytes;
        foreach ((_, object? value) in row) { Write(value, to); }
        Span<byte> all = to.GetBuffer().AsSpan(0, (int)to.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(all, Checksum(all[ChecksumBytes..]));
    }

    /// <summary>Reads a row.</summary>
    /// <param name="record">Its bytes.</param>
    /// <param name="columns">The file's columns.</param>
    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public static KeyValuePair<string, object?>[] Read(ReadOnlySpan<byte> record, IReadOnlyList<RowColumn> columns)
    {
        if (record.Length < ChecksumBytes || BinaryPrimitives.ReadUInt32LittleEndian(record) != Checksum(record[ChecksumBytes..]))
        {
            throw new InvalidDataException("A row of the row store is damaged.");
        }

        var row = new KeyValuePair<string, object?>[columns.Count];
        ReadOnlySpan<byte> rest = record[ChecksumBytes..];
        for (int i = 0; i < row.Length; i++) { row[i] = new(columns[i].Name, ReadValue(ref rest)); }
        return row;
    }

    private static void Write(object? value, MemoryStream to)
    {
        switch (value)
        {
            case null: to.WriteByte(Null); break;
            case string text:
                byte[] bytes = Encoding.UTF8.GetBytes(text);
                WriteTagged(Text, bytes.Length, to);
                to.Write(bytes);
                break;
            case long number: WriteTagged(Long, number, to); break;
            case int number: WriteTagged(Int, number, to); break;
            case double number: WriteTagged(Double, number, to); break;
            case float number: WriteTagged(Float, number, to); break;
            case bool yes: to.WriteByte(yes ? True : False); break;
            case DateTime time: WriteTagged(Time, time.Ticks, to); break;
            default: to.WriteByte(Null); break; // nested columns of a list, which the reader gives as null as well
        }
    }

    private static void WriteTagged<T>(byte tag, T value, MemoryStream to) where T : unmanaged
    {
        to.WriteByte(tag);
        to.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));
    }

    private static object? ReadValue(ref ReadOnlySpan<byte> from)
    {
        byte tag = from[0];
        from = from[1..];
        switch (tag)
        {
            case Text:
                int length = Take<int>(ref from);
                string text = Encoding.UTF8.GetString(from[..length]);
                from = from[length..];
                return text;
            case Long: return Take<long>(ref from);
            case Int: return Take<int>(ref from);
            case Double: return Take<double>(ref from);
            case Float: return Take<float>(ref from);
            case False: return false;
            case True: return true;
            case Time: return new DateTime(Take<long>(ref from), DateTimeKind.Utc);
            default: return null;
        }
    }

    private static T Take<T>(ref ReadOnlySpan<byte> from) where T : unmanaged
    {
        T value = MemoryMarshal.Read<T>(from);
        from = from[System.Runtime.CompilerServices.Unsafe.SizeOf<T>()..];
        return value;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = ~0u;
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(bytes)) { sum = BitOperations.Crc32C(sum, word); }
        foreach (byte one in bytes[(bytes.Length & ~7)..]) { sum = BitOperations.Crc32C(sum, one); }
        return ~sum;
    }
}
