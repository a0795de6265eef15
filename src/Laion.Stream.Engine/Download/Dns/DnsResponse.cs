using System.Buffers.Binary;
using System.Net;

namespace LaionStream.Engine.Download.Dns;

/// <summary>Interprets a received message as the response to a question. Pure.</summary>
/// <param name="Kind">How the message relates to the question.</param>
/// <param name="Reply">The reply, if the message is an answer.</param>
/// <param name="Alias">The name to ask for next, if the answer ends at an alias; else null.</param>
internal readonly record struct DnsResponse(DnsResponseKind Kind, DnsReply Reply, string? Alias = null)
{
    private const int MaxAliases = 16;
    private const int MaxAddresses = 64; // more are never used
    private const int MaxRecords = 4096; // in one section; bounds the work for a message of 64 KiB
    private const ushort TypeA = 1;
    private const ushort TypeAlias = 5;

    private const int IsResponse = 0x8000;
    private const int Opcode = 0x7800;
    private const int IsTruncated = 0x0200;

    private const int NoError = 0;
    private const int FormatError = 1;
    private const int NoSuchName = 3;
    private const int NotImplemented = 4;
    private const int BadVersion = 16;

    /// <summary>Reads a message.</summary>
    /// <param name="message">The received bytes.</param>
    /// <param name="question">What was asked.</param>
    public static DnsResponse Read(ReadOnlySpan<byte> message, in DnsQuestion question)
    {
        if (message.Length < DnsQuestion.HeaderBytes || Word(message, 0) != question.Id) { return Of(DnsResponseKind.Foreign); }
        int flags = Word(message, 2);
        int code = flags & 0xF;
        if ((flags & IsResponse) == 0 || (flags & Opcode) != 0) { return Of(DnsResponseKind.Foreign); }

        int at = DnsQuestion.HeaderBytes;
        // A server that could not parse the question may omit it from its refusal, and may leave its number as it was.
        bool hasNoQuestion = Word(message, 4) == 0 || message.Length == DnsQuestion.HeaderBytes;
        if (hasNoQuestion ? code is NoError or NoSuchName : !Repeats(message, ref at, question)) { return Of(DnsResponseKind.Foreign); }
        if ((flags & IsTruncated) != 0 && code is NoError or NoSuchName) { return Of(DnsResponseKind.Truncated); }

        List<DnsRecord>? answers = ReadAnswers(message, ref at, question.Type);
        if (answers is null && code is NoError or NoSuchName) { return Of(DnsResponseKind.Malformed); }
        if (answers is not null) { code |= ExtendedCode(message, at) << 4; }
        return code switch
        {
            FormatError or NotImplemented or BadVersion when question.Edns => Of(DnsResponseKind.WithoutEdns),
            NoSuchName => new DnsResponse(DnsResponseKind.Answer, new DnsReply(DnsStatus.NoSuchName, [], TimeSpan.Zero)),
            NoError => Follow(message, answers!, question),
            _ => new DnsResponse(DnsResponseKind.Answer, DnsReply.Failed),
        };
    }

    private static DnsResponse Of(DnsResponseKind kind) => new(kind, DnsReply.Failed);

    private static ushort Word(ReadOnlySpan<byte> message, int at) => BinaryPrimitives.ReadUInt16BigEndian(message[at..]);

    private static bool Repeats(ReadOnlySpan<byte> message, ref int at, in DnsQuestion question)
    {
        if (Word(message, 4) != 1 || !DnsName.TryRead(message, ref at, out string? name) || message.Length - at < 4) { return false; }
        bool same = name == question.Name && Word(message, at) == question.Type && Word(message, at + 2) == DnsQuestion.Internet;
        at += 4;
        return same;
    }

    /// <summary>The answer section's addresses and aliases; null when the section is malformed.</summary>
    private static List<DnsRecord>? ReadAnswers(ReadOnlySpan<byte> message, ref int at, ushort type)
    {
        var records = new List<DnsRecord>();
        int count = Word(message, 6);
        if (count > MaxRecords) { return null; }
        for (; count > 0; count--)
        {
            if (!DnsRecord.TryRead(message, ref at, out DnsRecord record)) { return null; }
            if (record.Class == DnsQuestion.Internet && (record.Type == type || record.Type == TypeAlias)) { records.Add(record); }
        }

        return records;
    }

    /// <summary>The upper bits of the response code, from the EDNS record; 0 when there is none.</summary>
    private static int ExtendedCode(ReadOnlySpan<byte> message, int at)
    {
        int count = Math.Min(Word(message, 8) + Word(message, 10), MaxRecords);
        for (; count > 0 && DnsRecord.TryRead(message, ref at, out DnsRecord record); count--)
        {
            if (record is { Type: DnsQuestion.TypeOpt, Owner: "" }) { return (int)(record.Ttl >> 24); }
        }

        return 0;
    }

    /// <summary>Uses only the records that the requested name leads to, through aliases in any order (RFC 5452 section 9.1).</summary>
    private static DnsResponse Follow(ReadOnlySpan<byte> message, List<DnsRecord> records, in DnsQuestion question)
    {
        string name = question.Name;
        int seconds = int.MaxValue;
        for (int aliases = 0; aliases <= MaxAliases; aliases++)
        {
            if (AddressesOf(message, records, name, question.Type, ref seconds) is { Length: > 0 } addresses)
            {
                return new DnsResponse(DnsResponseKind.Answer, new DnsReply(DnsStatus.Found, addresses, TimeSpan.FromSeconds(seconds)));
            }

            int found = records.FindIndex(record => record.Type == TypeAlias && record.Owner == name);
            if (found < 0)
            {
                var reply = new DnsReply(DnsStatus.Found, [], TimeSpan.FromSeconds(aliases > 0 ? seconds : 0));
                return new DnsResponse(DnsResponseKind.Answer, reply, aliases > 0 ? name : null);
            }

            int at = records[found].Data;
            if (!DnsName.TryRead(message, ref at, out string? next) || at > records[found].Data + records[found].Length)
            {
                return Of(DnsResponseKind.Malformed);
            }
            seconds = Math.Min(seconds, records[found].Seconds);
            name = next;
        }

        return new DnsResponse(DnsResponseKind.Answer, DnsReply.Failed); // the aliases form a loop, or a longer chain than any in use
    }

    private static IPAddress[] AddressesOf(ReadOnlySpan<byte> message, List<DnsRecord> records, string owner, ushort type, ref int seconds)
    {
        int size = type == TypeA ? 4 : 16;
        var addresses = new List<IPAddress>();
        foreach (DnsRecord record in records)
        {
            if (record.Type != type || record.Length != size || record.Owner != owner || addresses.Count == MaxAddresses) { continue; }
            addresses.Add(new IPAddress(message.Slice(record.Data, size)));
            seconds = Math.Min(seconds, record.Seconds);
        }

        return [.. addresses];
    }
}
