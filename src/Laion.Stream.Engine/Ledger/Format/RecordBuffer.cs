using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace LaionStream.Engine.Ledger.Format;

/// <summary>Builds ledger records: <c>u32 length, u32 CRC-32C, payload</c>, numbers little-endian or as LEB128 varints. Reused from flush to flush.</summary>
internal sealed class RecordBuffer
{
    /// <summary>Bytes before each payload.</summary>
    public const int FrameBytes = 8;

    private const int MostBytes = 4 << 20; // beyond this whole records go on to the file while more are made

    private byte[] _bytes = new byte[1 << 16];
    private Stream? _file;
    private long _written;
    private int _length;
    private int _start;

    /// <summary>The records that have not gone on to a file.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Writes records to a file, in pieces, so that it does not matter how many they are.</summary>
    /// <param name="file">The file; not flushed.</param>
    /// <param name="make">Makes the records in this buffer.</param>
    /// <returns>Bytes written.</returns>
    public long WriteTo(Stream file, Action make)
    {
        (_file, _written, _length) = (file, 0, 0);
        try
        {
            make();
            Pass();
            return _written;
        }
        finally
        {
            _file = null;
        }
    }

    /// <summary>Begins a record.</summary>
    public void Begin(byte kind)
    {
        _start = _length;
        Room(FrameBytes + 1);
        _length += FrameBytes;
        _bytes[_length++] = kind;
    }

    /// <summary>Ends the record: its length and checksum are set.</summary>
    public void End()
    {
        Span<byte> record = _bytes.AsSpan(_start, _length - _start);
        BinaryPrimitives.WriteInt32LittleEndian(record, record.Length - FrameBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], Crc(record[FrameBytes..]));
        if (_length >= MostBytes) { Pass(); }
    }

    /// <summary>Adds a number from 0.</summary>
    public void Number(long value)
    {
        Room(10);
        ulong rest = (ulong)value;
        for (; rest >= 0x80; rest >>= 7) { _bytes[_length++] = (byte)(rest | 0x80); }
        _bytes[_length++] = (byte)rest;
    }

    /// <summary>Adds eight bytes.</summary>
    public void Fixed(long value)
    {
        Room(8);
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(_length), value);
        _length += 8;
    }

    /// <summary>Adds a text.</summary>
    public void Text(string value)
    {
        int bytes = Encoding.UTF8.GetByteCount(value);
        Number(bytes);
        Room(bytes);
        _length += Encoding.UTF8.GetBytes(value, _bytes.AsSpan(_length));
    }

    /// <summary>CRC-32C of a payload, not finalised: zeros at the front still count because the start value is not zero.</summary>
    public static uint Crc(ReadOnlySpan<byte> payload)
    {
        uint crc = 0xFFFF_FFFF;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(payload);
        foreach (ulong word in words) { crc = BitOperations.Crc32C(crc, word); }
        foreach (byte rest in payload[(words.Length * 8)..]) { crc = BitOperations.Crc32C(crc, rest); }
        return crc;
    }

    private void Pass()
    {
        if (_file is null || _length == 0) { return; }

        _file.Write(Bytes);
        _written += _length;
        _length = 0;
    }

    private void Room(int more)
    {
        if (_length + more > _bytes.Length) { Array.Resize(ref _bytes, Math.Max(_length + more, _bytes.Length * 2)); }
    }
}
