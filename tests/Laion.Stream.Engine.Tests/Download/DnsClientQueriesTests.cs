using System.Net;
using System.Net.Sockets;
using LaionStream.Engine.Download.Dns;

namespace LaionStream.Engine.Tests.Download;

public sealed class DnsClientQueriesTests
{
    [Fact]
    public async Task QueryAsync_Answer_IsReadWithItsTtl()
    {
        DnsReply reply = await AskAsync(question => [.. question[..2], 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, .. Asked(question), 0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 77, 0, 4, 93, 184, 216, 34]);

        Assert.Equal(DnsStatus.Found, reply.Status);
        Assert.Equal("93.184.216.34", Assert.Single(reply.Addresses).ToString());
        Assert.Equal(TimeSpan.FromSeconds(77), reply.Ttl);
    }

    [Theory]
    [InlineData(3, "NoSuchName")]
    [InlineData(2, "Failed")] // SERVFAIL
    [InlineData(5, "Failed")] // REFUSED
    [InlineData(0, "Found")] // the name exists, without an address
    public async Task QueryAsync_ResponseCode_IsTold(byte code, string expected)
    {
        DnsReply reply = await AskAsync(question => [.. question[..2], 0x81, (byte)(0x80 | code), 0, 1, 0, 0, 0, 0, 0, 0, .. Asked(question)]);

        Assert.Equal(expected, reply.Status.ToString());
        Assert.Empty(reply.Addresses);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ff")]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    [InlineData("0000818000010001000000000000")]
    public async Task QueryAsync_Garbage_IsAFailure(string hex)
    {
        DnsReply reply = await AskAsync(question => Convert.FromHexString(hex));

        Assert.Equal(DnsStatus.Failed, reply.Status);
    }

    [Fact]
    public async Task QueryAsync_RightIdThenGarbage_IsAFailure()
    {
        var random = new Random(5);
        for (int i = 0; i < 20; i++)
        {
            var garbage = new byte[random.Next(1, 200)];
            random.NextBytes(garbage);
            DnsReply reply = await AskAsync(question => [.. question[..2], 0x81, 0x80, 0, 1, 0, 3, 0, 2, 0, 2, .. garbage]);
            Assert.Equal((DnsStatus.Failed, false), (reply.Status, reply.IsSilence));
        }
    }

    [Fact]
    public async Task QueryAsync_NameThatPointsAtItself_IsAFailure()
    {
        DnsReply reply = await AskAsync(question =>
        {
            byte[] asked = Asked(question);
            return [.. question[..2], 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, .. asked, 0xC0, (byte)(12 + asked.Length), 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 1, 2, 3, 4];
        });

        Assert.Equal(DnsStatus.Failed, reply.Status);
    }

    [Fact]
    public async Task QueryAsync_Silence_EndsInTime()
    {
        DnsReply reply = await AskAsync(_ => null, TimeSpan.FromMilliseconds(300));

        Assert.Equal((DnsStatus.Failed, true), (reply.Status, reply.IsSilence));
    }

    // The question section alone: a name, type and class; what follows it in a query is EDNS.
    private static byte[] Asked(byte[] query) => query[12..(Array.IndexOf(query, (byte)0, 12) + 5)];

    private static async Task<DnsReply> AskAsync(Func<byte[], byte[]?> answer, TimeSpan? timeout = null)
    {
        using var server = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var endPoint = (IPEndPoint)server.Client.LocalEndPoint!;
        using var stop = new CancellationTokenSource();
        Task serving = ServeAsync();
        DnsReply reply = await new DnsClientQueries([endPoint], timeout ?? TimeSpan.FromSeconds(5)).QueryAsync(endPoint, "a.example", false, default);
        await stop.CancelAsync();
        await serving;
        return reply;

        async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    UdpReceiveResult question = await server.ReceiveAsync(stop.Token);
                    if (answer(question.Buffer) is { } bytes) { await server.SendAsync(bytes, question.RemoteEndPoint, stop.Token); }
                }
            }
            catch (OperationCanceledException)
            {
                Assert.True(stop.IsCancellationRequested);
            }
        }
    }
}
