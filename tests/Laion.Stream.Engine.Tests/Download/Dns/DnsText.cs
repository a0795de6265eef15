using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace LaionStream.Engine.Tests.Download.Dns;

/// <summary>Writes valid and invalid DNS messages.</summary>
internal static class DnsText
{
    public const ushort TypeA = 1;
    public const ushort TypeAlias = 5;
    public const ushort TypeAaaa = 28;

    /// <summary>Uncompressed.</summary>
    public static byte[] Name(string name) =>
        [.. name.Split('.', StringSplitOptions.RemoveEmptyEntries).SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.Latin1.GetBytes(label)]), 0];

    public static byte[] Record(string owner, ushort type, byte[] data, uint ttl = 60, ushort @class = 1) =>
        [.. Name(owner), .. Word(type), .. Word(@class), .. Word((ushort)(ttl >> 16)), .. Word((ushort)ttl), .. Word((ushort)data.Length), .. data];

    public static byte[] A(string owner, string address, uint ttl = 60) => Record(owner, TypeA, IPAddress.Parse(address).GetAddressBytes(), ttl);

    public static byte[] Alias(string owner, string name, uint ttl = 60) => Record(owner, TypeAlias, Name(name), ttl);

    /// <summary>The EDNS record of a response, with the upper bits of its code.</summary>
    public static byte[] Opt(byte upper) => [0, 0, 41, 0x04, 0xD0, upper, 0, 0, 0, 0, 0];

    /// <summary>The response to a query.</summary>
    public static byte[] Response(byte[] query, IReadOnlyList<byte[]> answers, int code = 0, int flags = 0x8180, byte[]? question = null, int? id = null,
        byte[][]? additional = null) =>
        [
            .. Word((ushort)(id ?? BinaryPrimitives.ReadUInt16BigEndian(query))), .. Word((ushort)(flags | code)), .. Word(1), .. Word(
                (ushort)answers.Count), .. Word(0),
            .. Word((ushort)(additional?.Length ?? 0)), .. question
                ?? Asked(query), .. answers.SelectMany(answer => answer), .. (additional ?? []).SelectMany(record => record),
        ];

    /// <summary>The question section alone: a name, type and class; in a query EDNS follows it.</summary>
    public static byte[] Asked(byte[] query) => query[12..(Array.IndexOf(query, (byte)0, 12) + 5)];

    /// <summary>The queried name.</summary>
    public static string NameOf(byte[] query)
    {
        var labels = new List<string>();
        for (int at = 12; query[at] != 0; at += 1 + query[at]) { labels.Add(Encoding.Latin1.GetString(query, at + 1, query[at])); }
        return string.Join('.', labels);
    }

    public static ushort TypeOf(byte[] query) => BinaryPrimitives.ReadUInt16BigEndian(Asked(query).AsSpan()[^4..]);

    public static bool HasEdns(byte[] query) => query[11] == 1;

    private static byte[] Word(ushort value) => [(byte)(value >> 8), (byte)value];
}
