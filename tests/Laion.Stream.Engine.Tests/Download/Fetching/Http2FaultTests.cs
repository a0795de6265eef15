using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using LaionStream.Dataset.Rows;
using LaionStream.Demo;
using LaionStream.Engine.Download;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Tests.Download.Fetching;

public sealed class Http2FaultTests
{
    public static TheoryData<string, string> Faults => new()
    {
        { Http2Faults.GoAway, "connect_failed" },
        { Http2Faults.GoAwayMidBody, "incomplete_body" },
        { Http2Faults.GoAwayPolitely, "ok" },
        { Http2Faults.Stall, "too_slow" },
        { Http2Faults.Silent, "timeout" },
        { Http2Faults.Overrun, "too_large" },
        { Http2Faults.ResetMidBody, "incomplete_body" },
        { Http2Faults.Reset, "connect_failed" },
        { Http2Faults.EndlessHeaders, "too_large" },
        { "/good", "ok" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task RunAsync_Http2Fault_HasItsReason(string path, string expected)
    {
        (X509Certificate2 certificate, string authority) = TestCertificates.Issue();
        await using Http2Faults server = Http2Faults.Start(certificate);
        using var module = new ModuleUnderTest(options => options.CaFile = authority);

        Assert.Equal(expected, await module.EndOfAsync(new Uri(server.BaseAddress, path).ToString()));
    }

    [Fact]
    public async Task RunAsync_ServerThatRefusesEveryStream_IsAskedOverHttp1()
    {
        (X509Certificate2 certificate, string authority) = TestCertificates.Issue();
        await using Http2Faults server = Http2Faults.Start(certificate, noStreams: true);
        using var module = new ModuleUnderTest(options => options.CaFile = authority);

        Assert.Equal("ok", await module.EndOfAsync(server.BaseAddress + "good"));
    }

    // A request that waits for a connection gets the failure of another request's headers, without a wrapping exception.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void MayBeSharedConnection_HeadersBeyondTheLimit_IsTrue(bool isWrapped)
    {
        var limit = new HttpRequestException(HttpRequestError.ConfigurationLimitExceeded);
        Exception failure = isWrapped ? new HttpRequestException("aborted", limit) : limit;

        Assert.Equal(DropReason.TooLarge, FailureRules.BeforeHeaders(failure, isConnected: true));
        Assert.True(FailureRules.MayBeSharedConnection(failure, DropReason.TooLarge));
    }

    [Theory]
    [InlineData("")] // the end before any frame
    [InlineData("000000")] // half of a frame's header
    [InlineData("000000040000000000")] // SETTINGS, then the end
    [InlineData("000000040000000000|000004")] // SETTINGS, then half of a frame's header
    [InlineData("000000040000000000|000005010000000001|88")] // SETTINGS, then half of the answer's HEADERS
    public async Task BeforeHeaders_ConnectionThatEndsBeforeTheAnswer_IsNoAnswer(string frames)
    {
        byte[] sent = Convert.FromHexString(frames.Replace("|", "", StringComparison.Ordinal));
        (X509Certificate2 certificate, _) = TestCertificates.Issue();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var protocols = new SslServerAuthenticationOptions { ServerCertificate = certificate, ApplicationProtocols = [SslApplicationProtocol.Http2] };
        Task closing = Task.Run(async () =>
        {
            using TcpClient accepted = await listener.AcceptTcpClientAsync();
            await using var tls = new SslStream(accepted.GetStream());
            await tls.AuthenticateAsServerAsync(protocols);
            await tls.ReadExactlyAsync(new byte[24]); // the preface: the client is past its handshake
            await tls.WriteAsync(sent);
            await tls.ShutdownAsync();
            while (await tls.ReadAsync(new byte[1000]) > 0)
            {
                // unread bytes would make the end of the connection a reset
            }
        });
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.Thumbprint;
        using var client = new HttpClient(handler) { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };

        HttpRequestException failure = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri($"https://{listener.LocalEndpoint}/")));

        await closing;
        Assert.Equal(DropReason.ConnectFailed, FailureRules.BeforeHeaders(failure, isConnected: true));
        Assert.False(FailureRules.IsAnswer(failure), failure.ToString());
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task RunAsync_GoodRequestsBesideAnHttp2Fault_Arrive(string path, string expected)
    {
        (X509Certificate2 certificate, string authority) = TestCertificates.Issue();
        await using Http2Faults server = Http2Faults.Start(certificate);
        using var module = new ModuleUnderTest(options =>
        {
            options.CaFile = authority;
            options.Timeout = TimeSpan.FromSeconds(12); // both ends of sixty requests run in this process, on whatever cores it gets
            options.ConnectTimeout = TimeSpan.FromSeconds(10);
            options.ThroughputWindow = TimeSpan.FromSeconds(5);
            options.Retries = 4; // what goes down with a connection is sent again, by itself
        });
        string bad = new Uri(server.BaseAddress, path).ToString();

        Task<Step<FetchedImage>>[] fetches = [.. Enumerable.Range(0, 60)
            .Select(i => module.Module.Stage.RunAsync(ModuleUnderTest.Row(i % 20 == 7 ? bad : $"{server.BaseAddress}good/{i}", i), default).AsTask())];
        Step<FetchedImage>[] ends = await Task.WhenAll(fetches);

        Assert.All(ends.Where((_, i) => i % 20 != 7), end => Assert.Equal("ok", ModuleUnderTest.Name(end)));
        Assert.All(ends.Where((_, i) => i % 20 == 7), end => Assert.Equal(expected, ModuleUnderTest.Name(end)));
        foreach (Step<FetchedImage> end in ends) { end.Row?.Dispose(); }
        Assert.Equal(0, module.Bodies.Held);
    }
}
