using System.Diagnostics;
using LaionStream.Engine.Download.Dns;
using LaionStream.Engine.Tests.Download.Dns;

namespace LaionStream.Engine.Tests.Fuzz;

/// <summary>Responses of hostile name servers.</summary>
internal static class DnsFuzz
{
    private const int PerRound = 50;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20); // for one message on a busy machine; microseconds are usual

    public static void Responses(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < PerRound; i++)
        {
            Assert.True(DnsName.TryEncode("www.a.example", out string? name));
            var question = new DnsQuestion((ushort)random.Next(1 << 16), name, random.Next(2) == 0, random.Next(2) == 0);
            byte[] message = Damaged(Made(question.ToBytes(), random), random);
            long start = Stopwatch.GetTimestamp();

            DnsResponse response = DnsResponse.Read(message, question);

            Assert.True(Stopwatch.GetElapsedTime(start) < Limit);
            Assert.True(response.Kind == DnsResponseKind.Answer || (response.Reply.Addresses.Length == 0 && response.Alias is null));
            Assert.InRange(response.Reply.Addresses.Length, 0, 64);
            Assert.InRange(response.Reply.Ttl.TotalSeconds, 0, int.MaxValue);
            Assert.All(response.Reply.Addresses, address => Assert.Equal(question.Ipv6 ? 16 : 4, address.GetAddressBytes().Length));
            Assert.True(response.Alias is null || response.Alias.Length < 255);
            Assert.Equal(DnsResponseKind.Foreign, DnsResponse.Read(message, question with { Id = (ushort)(question.Id + 1) }).Kind);
        }
    }

    private static byte[] Made(byte[] query, Random random)
    {
        string[] names = ["www.a.example", "WWW.A.example", "b.example", "c.example", "", new string('x', 63) + "." + new string('y', 63) + "."
            + new string('z', 63)];
        string Any() => names[random.Next(names.Length)];
        byte[][] records = [.. Enumerable.Range(0, random.Next(1, random.Next(20) == 0 ? 2000 : 12)).Select(_ => random.Next(4) switch
        {
            0 => DnsText.A(Any(), "192.0.2.1", (uint)random.NextInt64(1L << 32)),
            1 => DnsText.Record(Any(), DnsText.TypeAaaa, new byte[16]),
            2 => DnsText.Alias(Any(), Any(), (uint)random.NextInt64(1L << 32)),
            _ => (byte[])[0xC0, (byte)random.Next(12, 60), 0, (byte)(random.Next(2) == 0 ? 1 : 5), 0, 1, 0, 0, 0, 9, 0, 4, 192, 0, 0xC0, (byte)random.Next(80)],
        })];
        return DnsText.Response(query, records, random.Next(3) == 0
            ? random.Next(16)
            : 0, 0x8180, additional: random.Next(2) == 0
            ? [DnsText.Opt((byte)random.Next(2))]
            : null);
    }

    private static byte[] Damaged(byte[] message, Random random)
    {
        for (int flips = random.Next(6); flips > 0; flips--) { message[random.Next(2, message.Length)] = (byte)random.Next(256); }
        return random.Next(4) == 0 ? message[..random.Next(2, message.Length)] : message;
    }
}
