using System.Buffers.Binary;

namespace LaionStream.Engine.Download.Dns;

/// <summary>A resource record of a message (RFC 1035 section 4.1.3).</summary>
/// <param name="Owner">The name that it belongs to; see <see cref="DnsName"/>.</param>
/// <param name="Type">Its type.</param>
/// <param name="Class">Its class.</param>
/// <param name="Ttl">The 32 bits of the TTL field, which an EDNS record uses for other data.</param>
/// <param name="Data">Offset of its data in the message.</param>
/// <param name="Length">Length of its data, in bytes.</param>
internal readonly record struct DnsRecord(string Owner, ushort Type, ushort Class, uint Ttl, int Data, int Length)
{
    private const int FixedBytes = 10; // type, class, TTL, length

    /// <summary>Time to live in seconds; a value with the top bit set means 0 (RFC 2181 section 8).</summary>
    public int Seconds => Ttl > int.MaxValue ? 0 : (int)Ttl;

    /// <summary>Reads a record and advances past it.</summary>
    /// <returns>False when the record is truncated or its owner's name is malformed.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, ref int at, out DnsRecord record)
    {
        record = default;
        if (!DnsName.TryRead(message, ref at, out string? owner) || message.Length - at < FixedBytes) { return false; }
        ReadOnlySpan<byte> head = message.Slice(at, FixedBytes);
        int length = BinaryPrimitives.ReadUInt16BigEndian(head[8..]);
        at += FixedBytes;
        if (message.Length - at < length) { return false; }
        record = new DnsRecord(
            owner, BinaryPrimitives.ReadUInt16BigEndian(head), BinaryPrimitives.ReadUInt16BigEndian(head[2..]), BinaryPrimitives.ReadUInt32BigEndian(
                head[4..]), at, length);
        at += length;
        return true;
    }
}
