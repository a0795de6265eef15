using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace LaionStream.Engine.Ledger.Format;

/// <summary>Builds ledger records: <c>u32 length, u32 CRC-32C, payload</c>, with numbers little-endian or as LEB128 varints. Reused for every flush.</summary>
internal sealed class RecordBuffer
{
    /// <summary>Bytes before each payload.</summary>
    public const int FrameBytes = 8;

    private const int MostBytes = 4 << 20; // beyond this size, complete records are written to the file before more are added

    private byte[] _bytes = new byte[1 << 16];
    private Stream? _file;
    private long _written;
    private int _length;
    private int _start;

    /// <summary>The records that have not been written to a file yet.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Writes records to a file in pieces, so that memory does not grow with their number.</summary>
    /// <param name="file">The file; not flushed.</param>
    /// <param name="make">Adds the records to this buffer.</param>
    /// <returns>Bytes written.</returns>
    public long WriteTo(Stream file, Action make)
    {
        (_file, _written, _length) = (file, 0, 0);
        try
        {
            make();
            WriteOut();
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
        EnsureCapacity(FrameBytes + 1);
        _length += FrameBytes;
        _bytes[_length++] = kind;
    }

    /// <summary>Ends the record: writes its length and checksum into its frame.</summary>
    public void End()
    {
        Span<byte> record = _bytes.AsSpan(_start, _length - _start);
        BinaryPrimitives.WriteInt32LittleEndian(record, record.Length - FrameBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], Crc(record[FrameBytes..]));
        if (_length >= MostBytes) { WriteOut(); }
    }

    /// <summary>Adds a number, 0 or greater, as a varint.</summary>
    public void Number(long value)
    {
        EnsureCapacity(10);
        ulong rest = (ulong)value;
        for (; rest >= 0x80; rest >>= 7) { _bytes[_length++] = (byte)(rest | 0x80); }
        _bytes[_length++] = (byte)rest;
    }

    /// <summary>Adds a number as eight bytes.</summary>
    public void Fixed(long value)
    {
        EnsureCapacity(8);
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(_length), value);
        _length += 8;
    }

    /// <summary>Adds a string: its length in bytes, then UTF-8.</summary>
    public void Text(string value)
    {
        int bytes = Encoding.UTF8.GetByteCount(value);
        Number(bytes);
        EnsureCapacity(bytes);
        _length += Encoding.UTF8.GetBytes(value, _bytes.AsSpan(_length));
    }

    /// <summary>CRC-32C of a payload without the final inversion. The initial value is not zero, so leading zero bytes change the result.</summary>
    public static uint Crc(ReadOnlySpan<byte> payload)
    {
        uint crc = 0xFFFF_FFFF;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(payload);
        foreach (ulong word in words) { crc = BitOperations.Crc32C(crc, word); }
        foreach (byte rest in payload[(words.Length * 8)..]) { crc = BitOperations.Crc32C(crc, rest); }
        return crc;
    }

    private void WriteOut()
    {
        if (_file is null || _length == 0) { return; }

        _file.Write(Bytes);
        _written += _length;
        _length = 0;
    }

    private void EnsureCapacity(int more)
    {
        if (_length + more > _bytes.Length) { Array.Resize(ref _bytes, Math.Max(_length + more, _bytes.Length * 2)); }
    }
}
