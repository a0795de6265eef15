using System.Buffers.Binary;

namespace LaionStream.Models.Pictures.Metadata;

/// <summary>Reads big-endian numbers from left to right; behind the end every number is 0 and <see cref="IsBroken"/> is set.</summary>
internal ref struct BigEndianReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Whether more was asked for than there is.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Bytes left.</summary>
    public readonly int Left => _rest.Length;

    /// <summary>Reads an unsigned number.</summary>
    /// <param name="size">Its bytes, 0 to 8; a number without bytes is 0.</param>
    public ulong Number(int size)
    {
        ReadOnlySpan<byte> taken = Take(size);
        ulong value = 0;
        foreach (byte b in taken) { value = (value << 8) | b; }
        return value;
    }

    /// <summary>Reads bytes; none when there are fewer.</summary>
    public ReadOnlySpan<byte> Take(int length)
    {
        if (length < 0 || length > _rest.Length)
        {
            IsBroken = true;
            _rest = default;
            return default;
        }

        ReadOnlySpan<byte> taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    /// <summary>Reads text up to the next zero byte.</summary>
    public ReadOnlySpan<byte> Text()
    {
        int end = _rest.IndexOf((byte)0);
        ReadOnlySpan<byte> text = Take(end < 0 ? int.MaxValue : end);
        Take(1);
        return text;
    }

    /// <summary>Reads the head of a box (ISO/IEC 14496-12, 4.2).</summary>
    /// <param name="name">Its four letters.</param>
    /// <param name="content">Its content; a box that is longer than what is left ends there.</param>
    /// <returns>False when there is no further box.</returns>
    public bool TryBox(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> content)
    {
        name = content = default;
        if (_rest.Length < 8) { return false; }

        ulong length = BinaryPrimitives.ReadUInt32BigEndian(_rest);
        name = _rest.Slice(4, 4);
        int head = 8;
        if (length == 1)
        {
            if (_rest.Length < 16) { return false; }
            length = BinaryPrimitives.ReadUInt64BigEndian(_rest[8..]);
            head = 16;
        }

        if (length == 0 || length > (ulong)_rest.Length) { length = (ulong)_rest.Length; }
        if (length < (ulong)head) { return false; } // the next box would not begin behind this one
        content = _rest[head..(int)length];
        _rest = _rest[(int)length..];
        return true;
    }
}
