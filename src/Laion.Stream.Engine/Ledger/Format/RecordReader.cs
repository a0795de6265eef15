using System.Buffers.Binary;
using System.Text;

namespace LaionStream.Engine.Ledger.Format;

/// <summary>Reads the payload of one ledger record.</summary>
internal ref struct RecordReader(ReadOnlySpan<byte> payload)
{
    private ReadOnlySpan<byte> _rest = payload;

    /// <summary>Reads one byte.</summary>
    public byte Byte()
    {
        byte value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    /// <summary>Reads a varint.</summary>
    public long Number()
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte part = Byte();
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) { return (long)value; }
        }
    }

    /// <summary>Reads a number of eight bytes.</summary>
    public long Fixed()
    {
        long value = BinaryPrimitives.ReadInt64LittleEndian(_rest);
        _rest = _rest[8..];
        return value;
    }

    /// <summary>Reads a string.</summary>
    public string Text()
    {
        int bytes = checked((int)Number());
        string value = Encoding.UTF8.GetString(_rest[..bytes]);
        _rest = _rest[bytes..];
        return value;
    }
}
