using System.Buffers;
using System.Text;

namespace LaionStream.Models.Onnx.Editing;

/// <summary>
/// A protobuf message as its fields in order (protobuf's encoding guide; no field is interpreted or lost here). Values stay slices of the input: only what is
/// changed is allocated. Parsing goes one level deep.
/// </summary>
internal sealed class ProtoMessage
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Delimited = 2;
    private const int Fixed32 = 5;

    private readonly List<Field> _fields = [];

    /// <summary>Reads a message.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a message.</exception>
    public static ProtoMessage Parse(ReadOnlyMemory<byte> bytes)
    {
        var message = new ProtoMessage();
        for (int at = 0; at < bytes.Length;)
        {
            ulong tag = ReadVarint(bytes.Span, ref at);
            int number = tag >> 3 is > 0 and <= int.MaxValue ? (int)(tag >> 3) : throw new InvalidDataException("a field has no number");
            switch (tag & 7)
            {
                case Varint:
                    message._fields.Add(new Field(number, Varint, ReadVarint(bytes.Span, ref at), default, null));
                    break;
                case Fixed64:
                    message._fields.Add(new Field(number, Fixed64, 0, Take(bytes, ref at, 8), null));
                    break;
                case Fixed32:
                    message._fields.Add(new Field(number, Fixed32, 0, Take(bytes, ref at, 4), null));
                    break;
                case Delimited:
                    message._fields.Add(new Field(number, Delimited, 0, Take(bytes, ref at, ReadVarint(bytes.Span, ref at)), null));
                    break;
                default:
                    throw new InvalidDataException("a field is of no known kind");
            }
        }

        return message;
    }

    /// <summary>The number in a field; null when it is absent.</summary>
    public long? Number(int field) => Last(field) is { Wire: Varint } found ? (long)found.Value : null;

    /// <summary>The numbers of a repeated field, one by one or packed.</summary>
    public IReadOnlyList<long> Numbers(int field)
    {
        var numbers = new List<long>();
        foreach (Field found in _fields.Where(f => f.Number == field))
        {
            if (found.Wire == Varint) { numbers.Add((long)found.Value); }
            for (int at = 0; found.Wire == Delimited && at < found.Bytes.Length;) { numbers.Add((long)ReadVarint(found.Bytes.Span, ref at)); }
        }

        return numbers;
    }

    /// <summary>The bytes in a field; null when it is absent.</summary>
    public ReadOnlyMemory<byte>? Bytes(int field) => Last(field)?.Bytes;

    /// <summary>The bytes of all occurrences of a field, one after the other: a repeated number of fixed width, packed or not.</summary>
    public ReadOnlyMemory<byte> AllBytes(int field)
    {
        Field[] found = [.. _fields.Where(f => f.Number == field)];
        return found is [var only] ? only.Bytes : found.SelectMany(f => f.Bytes.ToArray()).ToArray();
    }

    /// <summary>The text in a field; empty when it is absent.</summary>
    public string Text(int field) => Bytes(field) is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : "";

    /// <summary>The texts of a repeated field.</summary>
    public IReadOnlyList<string> Texts(int field) => [.. _fields.Where(f => f.Number == field).Select(f => Encoding.UTF8.GetString(f.Bytes.Span))];

    /// <summary>The messages of a repeated field, parsed; changes to them do not affect this one.</summary>
    public IEnumerable<ProtoMessage> Messages(int field) => _fields.Where(f => f.Number == field).Select(f => f.Message ?? Parse(f.Bytes));

    /// <summary>Whether the field occurs.</summary>
    public bool Has(int field) => _fields.Exists(f => f.Number == field);

    /// <summary>Adds a number.</summary>
    public ProtoMessage Add(int field, long value) => Add(new Field(field, Varint, (ulong)value, default, null));

    /// <summary>Adds a float.</summary>
    public ProtoMessage Add(int field, float value) => Add(new Field(field, Fixed32, 0, BitConverter.GetBytes(value), null));

    /// <summary>Adds a text.</summary>
    public ProtoMessage Add(int field, string text) => Add(field, Encoding.UTF8.GetBytes(text));

    /// <summary>Adds bytes.</summary>
    public ProtoMessage Add(int field, ReadOnlyMemory<byte> bytes) => Add(new Field(field, Delimited, 0, bytes, null));

    /// <summary>Adds a message.</summary>
    public ProtoMessage Add(int field, ProtoMessage message) => Add(new Field(field, Delimited, 0, default, message));

    /// <summary>Removes every occurrence of a field.</summary>
    public ProtoMessage Remove(int field)
    {
        _fields.RemoveAll(f => f.Number == field);
        return this;
    }

    /// <summary>Replaces every occurrence of a field by messages.</summary>
    public void Replace(int field, IEnumerable<ProtoMessage> messages)
    {
        int at = _fields.FindIndex(f => f.Number == field);
        Remove(field);
        _fields.InsertRange(at < 0 ? _fields.Count : at, messages.Select(message => new Field(field, Delimited, 0, default, message)));
    }

    /// <summary>Replaces every occurrence of a field by texts.</summary>
    public void Replace(int field, IEnumerable<string> texts)
    {
        Remove(field);
        foreach (string text in texts) { Add(field, text); }
    }

    /// <summary>A message with the same fields; changes to one do not affect the other.</summary>
    public ProtoMessage Copy()
    {
        var copy = new ProtoMessage();
        copy._fields.AddRange(_fields);
        return copy;
    }

    /// <summary>Number of bytes that <see cref="Write"/> writes.</summary>
    public long Size => _fields.Sum(f => SizeOf((ulong)f.Number << 3) + f.Wire switch
    {
        Varint => SizeOf(f.Value),
        Delimited => SizeOf((ulong)f.Length) + f.Length,
        _ => f.Bytes.Length,
    });

    /// <summary>Writes the message.</summary>
    public void Write(IBufferWriter<byte> to)
    {
        foreach (Field field in _fields)
        {
            WriteVarint(to, ((ulong)field.Number << 3) | (uint)field.Wire);
            if (field.Wire == Varint) { WriteVarint(to, field.Value); }
            if (field.Wire == Delimited) { WriteVarint(to, (ulong)field.Length); }

            field.Message?.Write(to);
            to.Write(field.Bytes.Span);
        }
    }

    private ProtoMessage Add(Field field)
    {
        _fields.Add(field);
        return this;
    }

    private Field? Last(int field) => _fields.FindLast(f => f.Number == field);

    private static ReadOnlyMemory<byte> Take(ReadOnlyMemory<byte> bytes, ref int at, ulong length)
    {
        if (length > (ulong)(bytes.Length - at)) { throw new InvalidDataException("a field ends beyond its message"); }

        at += (int)length;
        return bytes.Slice(at - (int)length, (int)length);
    }

    private static ulong ReadVarint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64 && at < bytes.Length; shift += 7)
        {
            byte b = bytes[at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) { return value; }
        }

        throw new InvalidDataException("a number does not end");
    }

    private static int SizeOf(ulong value) => (System.Numerics.BitOperations.Log2(value | 1) / 7) + 1;

    private static void WriteVarint(IBufferWriter<byte> to, ulong value)
    {
        Span<byte> bytes = stackalloc byte[10];
        int length = 0;
        for (; value >= 0x80; value >>= 7) { bytes[length++] = (byte)(value | 0x80); }

        bytes[length++] = (byte)value;
        to.Write(bytes[..length]);
    }

    private sealed record Field(int Number, int Wire, ulong Value, ReadOnlyMemory<byte> Bytes, ProtoMessage? Message)
    {
        public long Length => Message?.Size ?? Bytes.Length;
    }
}
