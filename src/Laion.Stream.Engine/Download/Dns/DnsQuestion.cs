using System.Buffers.Binary;
using System.Text;

namespace LaionStream.Engine.Download.Dns;

/// <summary>One question to a resolver, and its form on the wire (RFC 1035 section 4.1, RFC 6891 section 6.1).</summary>
/// <param name="Id">Identifier that the response must repeat.</param>
/// <param name="Name">The name asked for; see <see cref="DnsName"/>.</param>
/// <param name="Ipv6">Whether to ask for AAAA instead of A.</param>
/// <param name="Edns">Whether the question announces that datagrams larger than 512 bytes are accepted; some old servers refuse such questions.</param>
internal readonly record struct DnsQuestion(ushort Id, string Name, bool Ipv6, bool Edns)
{
    /// <summary>Size of a message's header in bytes.</summary>
    public const int HeaderBytes = 12;

    /// <summary>Class IN.</summary>
    public const ushort Internet = 1;

    /// <summary>Type of the EDNS record.</summary>
    public const ushort TypeOpt = 41;

    private const ushort TypeA = 1;
    private const ushort TypeAaaa = 28;
    private const ushort RecursionDesired = 0x0100;
    private const ushort Datagram = 1232; // fits common paths without fragmentation
    private const int OptBytes = 11;

    /// <summary>Record type asked for.</summary>
    public ushort Type => Ipv6 ? TypeAaaa : TypeA;

    /// <summary>Writes the message.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[HeaderBytes + Name.Length + 5 + (Edns ? OptBytes : 0)];
        Span<byte> rest = bytes;
        Put(ref rest, Id);
        Put(ref rest, RecursionDesired);
        Put(ref rest, 1); // questions
        Put(ref rest, 0); // answers
        Put(ref rest, 0); // authorities
        Put(ref rest, (ushort)(Edns ? 1 : 0)); // additional records
        rest = rest[Encoding.Latin1.GetBytes(Name, rest)..];
        rest = rest[1..]; // the root
        Put(ref rest, Type);
        Put(ref rest, Internet);
        if (Edns)
        {
            rest = rest[1..]; // the root
            Put(ref rest, TypeOpt);
            Put(ref rest, Datagram); // version 0, no flags, no options follow
        }

        return bytes;
    }

    private static void Put(ref Span<byte> rest, ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(rest, value);
        rest = rest[sizeof(ushort)..];
    }
}
