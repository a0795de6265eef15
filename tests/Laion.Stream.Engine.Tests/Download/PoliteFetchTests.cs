using System.Net;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Download.Settings;

namespace LaionStream.Engine.Tests.Download;

/// <summary>Limits, politeness and opt-outs (docs/spec.md, 7.1 and 7.3), as the servers see them, in virtual time.</summary>
public sealed class PoliteFetchTests
{
    private readonly VirtualTime _time = new();
    private readonly Dictionary<string, int> _now = [];
    private readonly Dictionary<string, int> _most = [];
    private readonly List<(string Host, TimeSpan At)> _sent = [];

    [Fact]
    public void RunAsync_RedirectsToOneHost_KeepThatHostsLimit()
    {
        string[] ends = Fetch(
            [.. Enumerable.Range(0, 60).Select(i => $"http://from-{i}.example/{i}.png")],
            options => options.PerHost.Concurrency = 2,
            request => request.RequestUri!.Host.StartsWith("from", StringComparison.Ordinal)
                ? new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri("http://to.example" + request.RequestUri.AbsolutePath) } }
                    : Picture());

        Assert.All(ends, end => Assert.Equal("ok", end));
        Assert.Equal(2, _most["to.example:80"]);
        Assert.Equal(60, _sent.Count(one => one.Host == "to.example:80"));
    }

    [Theory]
    [InlineData("X-Robots-Tag", "noai; noimageai", true)]
    [InlineData("tdm-reservation", "1", true)]
    [InlineData("X-Robots-Tag", "nofollow", false)]
    public void RunAsync_OptOutOnARedirect_AppliesToThePicture(string name, string value, bool optedOut)
    {
        string[] ends = Fetch(["http://from.example/1.png"], _ => { }, request =>
        {
            if (request.RequestUri!.Host != "from.example") { return Picture(); }
            var redirect = new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri("http://to.example/1.png") } };
            redirect.Headers.TryAddWithoutValidation(name, value);
            return redirect;
        });

        Assert.Equal([optedOut ? "header_opt_out" : "ok"], ends);
        Assert.Equal(optedOut ? 1 : 2, _sent.Count);
    }

    [Fact]
    public void RunAsync_TwoPortsOfAHost_HaveSeparateLimits()
    {
        Fetch(
            [.. Enumerable.Range(0, 40).Select(i => $"http://a.example:{8000 + (i % 2)}/{i}.png")],
            options => options.PerHost.Concurrency = 3,
            _ => Picture());

        Assert.Equal((3, 3), (_most["a.example:8000"], _most["a.example:8001"]));
    }

    [Fact]
    public void RunAsync_WaitForTheHostsLimits_PausesTheDeadline()
    {
        string[] ends = Fetch(
            [.. Enumerable.Range(0, 30).Select(i => $"http://a.example/{i}.png")],
            options =>
            {
                options.PerHost.RequestsPerSecond = 1;
                options.Timeout = TimeSpan.FromSeconds(2);
            },
            _ => Picture());

        Assert.All(ends, end => Assert.Equal("ok", end));
        Assert.InRange(_sent[^1].At, TimeSpan.FromSeconds(28.9), TimeSpan.FromSeconds(31));
    }

    [Fact]
    public void RunAsync_RetryAfter_SlowsThatHostOnly()
    {
        int asked = 0;
        string[] ends = Fetch(
            ["http://busy.example/a.png", "http://other.example/a.png"],
            options => options.Timeout = TimeSpan.FromSeconds(20),
            request => request.RequestUri!.Host == "busy.example" && asked++ == 0
                ? new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Headers = { RetryAfter = new(TimeSpan.FromSeconds(7)) } } : Picture());

        Assert.All(ends, end => Assert.Equal("ok", end));
        Assert.Equal(3, _sent.Count);
        Assert.InRange(_sent[^1].At, TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(8)); // the second attempt waits for the requested time
        Assert.All(_sent[..^1], one => Assert.InRange(one.At, TimeSpan.Zero, TimeSpan.FromSeconds(0.1)));
    }

    [Fact]
    public void Make_Handler_HasNothingThatBypassesTheGuard()
    {
        using SocketsHttpHandler handler = HandlerFactory.MakeBare(new DownloadOptions());

        Assert.False(handler.UseCookies);
        Assert.False(handler.UseProxy);
        Assert.False(handler.AllowAutoRedirect);
        Assert.True(handler.SslOptions.CertificateChainPolicy!.DisableCertificateDownloads);
        Assert.Null(handler.Credentials);
    }

    private static HttpResponseMessage Picture() => new() { Content = new ByteArrayContent(new byte[20_000]) };

    private string[] Fetch(string[] urls, Action<DownloadOptions> configure, Func<HttpRequestMessage, HttpResponseMessage> answer)
    {
        string[] result = [];
        _time.Run(async () =>
        {
            using ModuleUnderTest module = SimulatedCrawlTests.Module(_time, new LambdaWeb(AnswerAsync), configure);
            result = [.. (await RowFeed.RunAsync(module.Module, urls, 256, _time)).Select(end => end.End)];
        });
        return result;

        async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken abort)
        {
            string host = request.RequestUri!.Authority.Contains(':', StringComparison.Ordinal)
                ? request.RequestUri.Authority
                : request.RequestUri.Authority + ":80";
            _sent.Add((host, _time.GetElapsedTime(0)));
            _now[host] = _now.GetValueOrDefault(host) + 1;
            _most[host] = Math.Max(_most.GetValueOrDefault(host), _now[host]);
            await Task.Delay(TimeSpan.FromMilliseconds(50), _time, abort);
            _now[host]--;
            return answer(request);
        }
    }
}
