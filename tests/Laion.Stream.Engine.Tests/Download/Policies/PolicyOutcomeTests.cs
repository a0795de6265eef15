using System.Net;
using System.Security.Cryptography.X509Certificates;
using LaionStream.Dataset.Rows;
using LaionStream.Demo;
using LaionStream.Engine.Download;
using LaionStream.Engine.Download.Dns;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Tests.Download.Policies;

/// <summary>
/// The drop reason of a row whose host's robots.txt cannot be fetched: the reason of the fetch itself, so that <c>retry</c> takes up transient ones.
/// </summary>
public sealed class PolicyOutcomeTests
{
    [Theory]
    [InlineData("http://nowhere.example/a.png", "dns_failed", true)]
    [InlineData("http://10.0.0.1/a.png", "blocked_address", false)]
    [InlineData("http://127.0.0.1:22/a.png", "port_blocked", false)]
    [InlineData("http://127.0.0.2:9/a.png", "port_blocked", false)] // discard
    [InlineData("http://0x7f.2/a.png", "connect_failed", true)] // 127.0.0.2: nothing listens
    public async Task RunAsync_UnreachableHost_HasItsReason(string url, string expected, bool retryable)
    {
        using var module = new ModuleUnderTest(options => options.Robots = true);

        await AssertEndAsync(module, url, expected, retryable);
    }

    // The target of robots.txt's redirect: the path of a fault, or a URL.
    [Theory]
    [InlineData(LoopbackFaults.ServerError, "http_status 500", true)]
    [InlineData(LoopbackFaults.Unavailable, "http_status 503", true)]
    [InlineData(LoopbackFaults.Silent, "timeout", true)]
    [InlineData(LoopbackFaults.Slow, "too_slow", true)]
    [InlineData(LoopbackFaults.Truncated, "incomplete_body", true)]
    [InlineData("http://nowhere.example/robots.txt", "dns_failed", true)]
    [InlineData("http://10.0.0.1/robots.txt", "blocked_address", false)]
    [InlineData("http://127.0.0.1:22/robots.txt", "port_blocked", false)]
    [InlineData(LoopbackFaults.NotFound, "ok", false)] // RFC 9309 2.3.1.3: all of 4xx
    [InlineData(LoopbackFaults.TooManyRequests, "ok", false)]
    [InlineData(LoopbackFaults.RedirectLoop, "ok", false)] // RFC 9309 2.3.1.2: may be treated as "unavailable"
    [InlineData(LoopbackFaults.RedirectBad, "ok", false)]
    public async Task RunAsync_RobotsTxtThatCannotBeRead_HasItsReason(string target, string expected, bool retryable)
    {
        using var module = Module(request => request.RequestUri!.AbsolutePath == "/robots.txt" ? Redirect(target) : null, out LoopbackWorld world);
        await using (world) { await AssertEndAsync(module, world.BaseAddress + "good/a.png", expected, retryable); }
    }

    [Fact]
    public async Task RunAsync_RobotsTxtOverBrokenTls_IsTlsFailed()
    {
        (X509Certificate2 certificate, _) = TestCertificates.Issue(); // from an authority that this module does not know
        await using LoopbackWorld world = await LoopbackWorld.StartAsync(_ => LoopbackFaults.SoundPicture.ToArray(), certificate);
        using var module = new ModuleUnderTest(options => options.Robots = true);

        await AssertEndAsync(module, world.BaseAddress + "a.png", "tls_failed", true);
    }

    [Fact]
    public async Task RunAsync_BreakerIsOpen_IsHostDownUntilItCloses()
    {
        await using RawFaults faults = RawFaults.Start();
        using var module = new ModuleUnderTest(options =>
        {
            options.Robots = true;
            options.Retries = 2;
            options.Breaker.Failures = 2;
        });
        string url = faults.BaseAddress + "a.png";

        await AssertEndAsync(module, url, "connect_failed", true); // the third attempt was refused by the breaker: the host's own failure is more informative
        Assert.Equal(2, faults.Connections);
    }

    [Fact]
    public async Task RunAsync_BackOffLongerThanMaxHostWait_IsHostBusy()
    {
        await using LoopbackWorld world = await LoopbackWorld.StartAsync(path => path == "/robots.txt" ? null : LoopbackFaults.SoundPicture.ToArray());
        using var module = new ModuleUnderTest(options =>
        {
            options.Robots = true;
            options.Retries = 0;
            options.MaxHostWait = TimeSpan.FromSeconds(1);
            options.Resolve["other.example"] = world.EndPoint.ToString();
        });
        string host = $"http://other.example:{world.EndPoint.Port}";
        module.Monitor.CurrentValue.Robots = false;
        await AssertEndAsync(module, host + LoopbackFaults.Unavailable, "http_status 503", true); // for an hour
        module.Monitor.CurrentValue.Robots = true;

        await AssertEndAsync(module, host + "/a.png", "host_busy", true);
    }

    [Fact]
    public async Task RunAsync_RobotsTxtFailsOnce_IsAskedForAgain()
    {
        int asked = 0;
        using var module = Module(request => request.RequestUri!.AbsolutePath == "/robots.txt"
            && asked++ == 0 ? new HttpResponseMessage(HttpStatusCode.InternalServerError) : null, out LoopbackWorld world);
        await using (world) { await AssertEndAsync(module, world.BaseAddress + "good/a.png", "ok", false); }
    }

    [Fact]
    public async Task RunAsync_ManyRowsOfAnUnreachableHost_AllHaveTheReason()
    {
        int asked = 0;
        using var module = new ModuleUnderTest(
            options => options.Robots = true,
            dns: (_, _, _, _) =>
            {
                Interlocked.Increment(ref asked);
                return Task.FromResult(new DnsReply(DnsStatus.NoSuchName, [], TimeSpan.FromMinutes(1)));
            });

        Step<FetchedImage>[] ends =
            await Task.WhenAll(Enumerable.Range(0, 100)
            .Select(i => module.Module.Stage.RunAsync(ModuleUnderTest.Row($"http://gone.example/{i}.png", i), default).AsTask()));

        Assert.All(ends, end => Assert.Equal("dns_failed", ModuleUnderTest.Name(end)));
        Assert.InRange(asked, 1, 4); // two address families, and a name that was queried just before
    }

    private static async Task AssertEndAsync(ModuleUnderTest module, string url, string expected, bool retryable)
    {
        Step<FetchedImage> step = await module.Module.Stage.RunAsync(ModuleUnderTest.Row(url), CancellationToken.None);
        step.Row?.Dispose();
        Assert.Equal(expected, ModuleUnderTest.Name(step));
        Assert.Equal(retryable, step.Row is null && step.Drop.IsRetryable());
        Assert.Equal(0, module.Bodies.Held);
    }

    private static HttpResponseMessage Redirect(string target)
    {
        var response = new HttpResponseMessage(HttpStatusCode.Found);
        response.Headers.TryAddWithoutValidation("Location", target);
        return response;
    }

    // A module whose robots.txt is answered here, and everything else by a server.
    private static ModuleUnderTest Module(Func<HttpRequestMessage, HttpResponseMessage?> answer, out LoopbackWorld world)
    {
        LoopbackWorld server = LoopbackWorld.StartAsync(_ => LoopbackFaults.SoundPicture.ToArray()).GetAwaiter().GetResult();
        world = server;
        var plain = new HttpMessageInvoker(HandlerFactory.MakeBare(new DownloadOptions()));
        return new ModuleUnderTest(
            options =>
            {
                options.Robots = true;
                options.Retries = 1;
                options.ThroughputWindow = TimeSpan.FromSeconds(1);
            },
            http: new LambdaWeb((request, abort) => answer(request) is { } own ? Task.FromResult(own) : plain.SendAsync(request, abort)));
    }
}
