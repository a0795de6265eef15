using System.Security.Cryptography.X509Certificates;
using LaionStream.Demo;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace LaionStream.Engine.Tests.Download.Fetching;

public sealed class TlsTests
{
    private static byte[]? Pictures(string path) => LoopbackFaults.SoundPicture.ToArray();

    [Fact]
    public async Task RunAsync_UntrustedCertificate_IsRefused()
    {
        (X509Certificate2 certificate, _) = TestCertificates.Issue();
        await using LoopbackWorld world = await LoopbackWorld.StartAsync(Pictures, certificate);
        using var module = new ModuleUnderTest();

        Assert.Equal("tls_failed", await module.EndOfAsync(world.BaseAddress + "a.png"));
    }

    [Theory]
    [InlineData(HttpProtocols.Http1)]
    [InlineData(HttpProtocols.Http2)]
    public async Task RunAsync_TrustedCertificate_Fetches(HttpProtocols protocols)
    {
        (X509Certificate2 certificate, string authority) = TestCertificates.Issue();
        await using LoopbackWorld world = await LoopbackWorld.StartAsync(Pictures, certificate, protocols);
        using var module = new ModuleUnderTest(options =>
        {
            options.CaFile = authority;
            options.Timeout = options.ThroughputWindow = options.ConnectTimeout = TimeSpan.FromSeconds(50); // a busy machine must not decide
        });

        string[] ends = await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(i => module.Module.Stage.RunAsync(ModuleUnderTest.Row($"{world.BaseAddress}{i}"), default).AsTask())
            .Select(async fetch =>
            {
                using var image = (await fetch).Row;
                return image is null ? "dropped" : "ok";
            }));

        Assert.All(ends, end => Assert.Equal("ok", end));
        if (protocols == HttpProtocols.Http2) { Assert.InRange(world.Connections, 1, 2); }
    }

    [Theory]
    [InlineData(LoopbackFaults.Stall, "too_slow")]
    [InlineData(LoopbackFaults.Endless, "too_large")]
    [InlineData(LoopbackFaults.Silent, "timeout")]
    [InlineData(LoopbackFaults.Reset, "incomplete_body")]
    [InlineData(LoopbackFaults.Truncated, "incomplete_body")]
    public async Task RunAsync_FaultOverHttp2_HasItsReason(string path, string expected)
    {
        (X509Certificate2 certificate, string authority) = TestCertificates.Issue();
        await using LoopbackWorld world = await LoopbackWorld.StartAsync(Pictures, certificate, HttpProtocols.Http2);
        using var module = new ModuleUnderTest(options =>
        {
            options.CaFile = authority;
            options.ConnectTimeout = TimeSpan.FromSeconds(50);
            if (expected != "timeout") { options.Timeout = TimeSpan.FromSeconds(50); } // a busy machine must not decide between the two
            if (expected is not ("timeout" or "too_slow")) { options.ThroughputWindow = TimeSpan.FromSeconds(50); }
        });

        Assert.Equal(expected, await module.EndOfAsync(new Uri(world.BaseAddress, path).ToString()));
    }

    [Fact]
    public async Task RunAsync_ExpiredCertificate_IsRefused()
    {
        (X509Certificate2 certificate, string authority) = TestCertificates.Issue(until: DateTimeOffset.UnixEpoch.AddYears(2));
        await using LoopbackWorld world = await LoopbackWorld.StartAsync(Pictures, certificate);
        using var module = new ModuleUnderTest(options => options.CaFile = authority);

        Assert.Equal("tls_failed", await module.EndOfAsync(world.BaseAddress + "a.png"));
    }

    [Fact]
    public async Task RunAsync_CertificatesNotChecked_FetchesWhateverTheyAre()
    {
        (X509Certificate2 certificate, _) = TestCertificates.Issue(until: DateTimeOffset.UnixEpoch.AddYears(2)); // unknown authority, and expired
        await using LoopbackWorld world = await LoopbackWorld.StartAsync(Pictures, certificate);
        using var module = new ModuleUnderTest(options => options.IgnoreCertificate = true);

        Assert.Equal("ok", await module.EndOfAsync(world.BaseAddress + "a.png"));
    }

    [Fact]
    public async Task RunAsync_HandshakeThatStalls_IsTlsFailed()
    {
        await using RawFaults silent = RawFaults.Start(silent: true);
        using var module = new ModuleUnderTest(options =>
        {
            options.ConnectTimeout = TimeSpan.FromMilliseconds(300);
            options.Retries = 0;
        });

        Assert.Equal("tls_failed", await module.EndOfAsync($"https://127.0.0.1:{silent.BaseAddress.Port}/"));
    }

    [Fact]
    public async Task RunAsync_ConnectTimeoutChanged_AppliesFromThenOn()
    {
        await using RawFaults silent = RawFaults.Start(silent: true);
        using var module = new ModuleUnderTest(options =>
        {
            options.ConnectTimeout = TimeSpan.FromMinutes(1);
            options.Timeout = TimeSpan.FromMilliseconds(500);
            options.Retries = 0;
        });
        string url = $"https://127.0.0.1:{silent.BaseAddress.Port}/a.png";
        Assert.Equal("timeout", await module.EndOfAsync(url));

        module.Monitor.CurrentValue.ConnectTimeout = TimeSpan.FromMilliseconds(300);
        module.Monitor.CurrentValue.Timeout = TimeSpan.FromSeconds(20);

        Assert.Equal("tls_failed", await module.EndOfAsync(url));
    }

    [Fact]
    public async Task RunAsync_PlainHttpOnATlsUrl_IsTlsFailed()
    {
        await using RawFaults plain = RawFaults.Start();
        using var module = new ModuleUnderTest(options => options.Retries = 0);

        Assert.Equal("tls_failed", await module.EndOfAsync($"https://127.0.0.1:{plain.BaseAddress.Port}/close"));
    }
}
