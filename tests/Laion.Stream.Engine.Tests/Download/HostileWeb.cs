using System.Net;
using LaionStream.Demo;
using LaionStream.Engine.Download.Dns;
using LaionStream.Engine.Download.Settings;

namespace LaionStream.Engine.Tests.Download;

/// <summary>All our loopback servers at once, behind thousands of names that our own resolver answers, correctly or not.</summary>
internal sealed class HostileWeb : IAsyncDisposable
{
    private static readonly IPAddress Inner = IPAddress.Parse("10.0.0.1"); // the second address of a rebinding name

    private static readonly (string Path, string Reason)[] WorldFaults =
    [
        (LoopbackFaults.NotFound, "http_status 404"), (LoopbackFaults.ServerError, "http_status 500"), (LoopbackFaults.TooManyRequests, "http_status 429"),
        (LoopbackFaults.Unavailable, "http_status 503"), (LoopbackFaults.Slow, "too_slow"), (LoopbackFaults.Silent, "timeout"), (LoopbackFaults.Stall,
            "too_slow"),
        (LoopbackFaults.Endless, "too_large"), (LoopbackFaults.Huge, "too_large"), (LoopbackFaults.Truncated, "incomplete_body"), (LoopbackFaults.Reset,
            "incomplete_body"),
        (LoopbackFaults.GzipBomb, "too_large"), (LoopbackFaults.BrokenGzip, "incomplete_body"), (LoopbackFaults.RedirectLoop, "too_many_redirects"),
        (LoopbackFaults.RedirectEndless, "too_many_redirects"), (LoopbackFaults.RedirectPrivate, "blocked_address"), (LoopbackFaults.RedirectMetadata,
            "blocked_address"),
        (LoopbackFaults.RedirectBad, "bad_url"), (LoopbackFaults.RedirectFile, "bad_url"), (LoopbackFaults.RedirectPort, "port_blocked"),
        (LoopbackFaults.NoAi, "header_opt_out"), (LoopbackFaults.TdmReserved, "header_opt_out"), (LoopbackFaults.Tiny,
            "too_small_bytes"), (LoopbackFaults.Empty, "too_small_bytes"),
        (LoopbackFaults.Gzipped, "ok"), (LoopbackFaults.Brotli, "ok"),
    ];

    private static readonly (string Path, string Reason)[] SocketFaults =
    [
        (RawFaults.Close, "connect_failed"), (RawFaults.Reset, "connect_failed"), (RawFaults.ResetMidBody, "incomplete_body"), (RawFaults.EndlessHeaders,
            "too_large"),
        (RawFaults.SlowHeaders, "timeout"), (RawFaults.Garbage, "connect_failed"), (RawFaults.BadChunk, "incomplete_body"), (RawFaults.EndlessInterim,
            "too_large"),
        (RawFaults.TooLong, "ok"),
    ];

    private static readonly (string Path, string Reason)[] FrameFaults =
    [
        (Http2Faults.GoAway, "connect_failed"), (Http2Faults.GoAwayMidBody, "incomplete_body"), (Http2Faults.GoAwayPolitely, "ok"), (Http2Faults.Stall,
            "too_slow"),
        (Http2Faults.Silent, "timeout"), (Http2Faults.Overrun, "too_large"), (Http2Faults.ResetMidBody, "incomplete_body"), (Http2Faults.Reset,
            "connect_failed"),
        (Http2Faults.EndlessHeaders, "too_large"),
    ];

    private readonly LoopbackWorld _plain;
    private readonly LoopbackWorld _trusted;
    private readonly LoopbackWorld _untrusted;
    private readonly RawFaults _raw;
    private readonly RawFaults _silent;
    private readonly Http2Faults _frames;
    private readonly int _deadPort;

    private HostileWeb(LoopbackWorld plain, LoopbackWorld trusted, LoopbackWorld untrusted, Http2Faults frames, string authority)
    {
        (_plain, _trusted, _untrusted, _frames, Authority) = (plain, trusted, untrusted, frames, authority);
        _raw = RawFaults.Start();
        _silent = RawFaults.Start(silent: true);
        _deadPort = RawFaults.FreePort();
    }

    /// <summary>PEM file of the authority that signed the good TLS servers' certificates.</summary>
    public string Authority { get; }

    public static async Task<HostileWeb> StartAsync()
    {
        var (certificate, authority) = TestCertificates.Issue();
        var (foreign, _) = TestCertificates.Issue();
        static byte[]? Pictures(string path) => path.StartsWith("/good", StringComparison.Ordinal) ? LoopbackFaults.SoundPicture.ToArray() : null;
        return new HostileWeb(
            await LoopbackWorld.StartAsync(Pictures), await LoopbackWorld.StartAsync(Pictures, certificate), await LoopbackWorld.StartAsync(Pictures, foreign),
            Http2Faults.Start(certificate), authority);
    }

    /// <summary>Good URLs over that many hosts; one in ten by TLS and HTTP/2, on a twentieth of the hosts.</summary>
    public string[] GoodUrls(int count, int hosts) => [.. Enumerable.Range(0, count).Select(i => i % 10 == 0
        ? $"https://h{i % (hosts / 20)}.tls.example:{_trusted.BaseAddress.Port}/good/{i}"
        : $"http://h{i % hosts}.good.example:{_plain.BaseAddress.Port}/good/{i}")];

    /// <summary>Each fault that many times, each time on its own host, with its expected reason.</summary>
    public (string Url, string Expected)[] BadUrls(int each) =>
    [
        .. Enumerable.Range(0, each)
            .SelectMany(i => WorldFaults.Select((fault, f) => ($"http://f{f}-{i}.bad.example:{_plain.BaseAddress.Port}{fault.Path}", fault.Reason))),
        .. Enumerable.Range(0, each)
            .SelectMany(i => SocketFaults.Select((fault, f) => ($"http://r{f}-{i}.bad.example:{_raw.BaseAddress.Port}{fault.Path}", fault.Reason))),
        .. Enumerable.Range(0, each)
            .SelectMany(i => FrameFaults.Select((fault, f) => ($"https://x{f}-{i}.tls.example:{_frames.BaseAddress.Port}{fault.Path}", fault.Reason))),
        .. Enumerable.Range(0, each).SelectMany(i => new[]
        {
            ($"https://u{i}.tls.example:{_untrusted.BaseAddress.Port}/good/{i}", "tls_failed"), // signed by an unknown authority
            ($"https://w{i}.wrong.example:{_trusted.BaseAddress.Port}/good/{i}", "tls_failed"), // a certificate for another name
            ($"https://s{i}.tls.example:{_silent.BaseAddress.Port}/good/{i}", "tls_failed"), // a handshake that stalls
            ($"http://m{i}.bad.example:{_silent.BaseAddress.Port}/good/{i}", "timeout"), // accepts and sends nothing
            ($"http://p{i}.bad.example:{_deadPort}/good/{i}", "connect_failed"), // nothing listens
            ($"http://d{i}.silent-dns.example:{_plain.BaseAddress.Port}/good/{i}", "dns_failed"),
            ($"http://d{i}.garbage-dns.example:{_plain.BaseAddress.Port}/good/{i}", "dns_failed"),
            ($"http://d{i}.no-dns.example:{_plain.BaseAddress.Port}/good/{i}", "dns_failed"),
            ($"http://d{i}.short-dns.example:{_plain.BaseAddress.Port}/good/{i}", "ok"),
            ($"http://d{i}.private-dns.example:{_plain.BaseAddress.Port}/good/{i}", "blocked_address"),
            ($"http://d{i}.flip-dns.example:{_plain.BaseAddress.Port}{LoopbackFaults.NotFound}", "blocked_address"), // private when the connection is made
        }),
    ];

    /// <summary>A resolver that fulfils the contract of <see cref="DnsQuery"/> whatever the name's own servers do.</summary>
    public static DnsQuery Resolver(DnsOptions options)
    {
        var asked = new System.Collections.Concurrent.ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        return async (_, name, _, abort) =>
        {
            int times = asked.AddOrUpdate(name, 1, static (_, count) => count + 1);
            string kind = name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..];
            switch (kind)
            {
                case "silent-dns.example":
                    await Task.Delay(options.QueryTimeout, abort);
                    return DnsReply.NoReply;
                case "garbage-dns.example":
                    return DnsReply.Failed;
                case "no-dns.example":
                    return new DnsReply(DnsStatus.NoSuchName, [], TimeSpan.Zero);
                case "private-dns.example":
                    return new DnsReply(DnsStatus.Found, [Inner], TimeSpan.FromMinutes(1));
                case "flip-dns.example":
                    return new DnsReply(DnsStatus.Found, [times == 1 ? IPAddress.Loopback : Inner], TimeSpan.Zero);
                case "short-dns.example":
                    return new DnsReply(DnsStatus.Found, [IPAddress.Loopback], TimeSpan.FromSeconds(1));
                default:
                    await Task.Delay(TimeSpan.FromMilliseconds(5), abort);
                    return new DnsReply(DnsStatus.Found, [IPAddress.Loopback], TimeSpan.FromMinutes(10));
            }
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _raw.DisposeAsync();
        await _silent.DisposeAsync();
        await _frames.DisposeAsync();
        await _plain.DisposeAsync();
        await _trusted.DisposeAsync();
        await _untrusted.DisposeAsync();
    }
}
