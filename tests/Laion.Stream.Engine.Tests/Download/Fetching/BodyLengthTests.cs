using System.Security.Cryptography.X509Certificates;
using LaionStream.Demo;

namespace LaionStream.Engine.Tests.Download.Fetching;

/// <summary>Bodies whose length differs from their headers', and headers without a length: over sockets, with both HTTP versions.</summary>
public sealed class BodyLengthTests
{
    // Values of Content-Length (; separates header lines, # means the bytes of the body), bytes sent, options, and the outcome over HTTP/1.1 and over HTTP/2.
    public static TheoryData<string, int, string, string, string> Answers => new()
    {
        { "20000", 20_000, "-", "ok", "ok" },
        { "#", 32_768, "-", "ok", "ok" }, // a full buffer
        { "none", 20_000, "-", "ok", "ok" },
        { "20000", 19_999, "-", "incomplete_body", "incomplete_body" },
        { "20000", 0, "-", "incomplete_body", "incomplete_body" },
        { "32769", 32_768, "-", "incomplete_body", "incomplete_body" },
        { "300000", 60_000, "-", "incomplete_body", "incomplete_body" },
        { "20000", 20_001, "-", "ok", "incomplete_body" }, // RFC 9112 6.3: the bytes after it do not belong to this answer; RFC 9113 8.1.1: malformed
        { "32768", 32_769, "-", "ok", "incomplete_body" },
        { "-5", 20_000, "-", "incomplete_body", "incomplete_body" },
        { "-20000", 20_000, "-", "incomplete_body", "incomplete_body" },
        { "+20000", 20_000, "-", "incomplete_body", "incomplete_body" },
        { "20000 20000", 20_000, "-", "incomplete_body", "incomplete_body" },
        { "5 5", 20_000, "-", "incomplete_body", "incomplete_body" },
        { "0x4e20", 20_000, "-", "incomplete_body", "incomplete_body" },
        { "4e20", 20_000, "-", "incomplete_body", "incomplete_body" },
        { "20000.0", 20_000, "-", "incomplete_body", "incomplete_body" },
        { "20000 bytes", 20_000, "-", "incomplete_body", "incomplete_body" },
        { "", 20_000, "-", "incomplete_body", "incomplete_body" },
        { "20000,", 20_000, "-", "incomplete_body", "incomplete_body" },
        { "99999999999999999999", 20_000, "-", "too_large", "too_large" }, // RFC 9110 8.6: any number of digits is a number
        { "18446744073709571616", 20_000, "-", "too_large", "too_large" }, // 20,000 in 64 bits
        { "4294987296", 20_000, "-", "too_large", "too_large" }, // 20,000 in 32 bits
        { "020000", 20_000, "-", "ok", "ok" },
        { "20000, 20000", 20_000, "-", "ok", "ok" },
        { "20000;20000", 20_000, "-", "ok", "ok" },
        { "20000;20000, 20000", 20_000, "-open", "ok", "ok" },
        { "20000, 20000", 19_999, "-", "incomplete_body", "incomplete_body" },
        { "20000, 20001", 20_000, "-", "incomplete_body", "incomplete_body" },
        { "20000;20001", 20_000, "-", "incomplete_body", "incomplete_body" },
        { "20001;20000", 20_000, "-", "incomplete_body", "incomplete_body" },
        { "20000;-5", 20_000, "-", "incomplete_body", "incomplete_body" },
        { "-5;20000", 20_000, "-", "incomplete_body", "incomplete_body" },
        { "#", 20_000, "gzip", "ok", "ok" },
        { "none", 20_000, "gzip", "ok", "ok" },
        { "#, #", 20_000, "gzip", "ok", "ok" },
        { "#", 20_000, "gzip-tail", "ok", "ok" },
        { "#", 20_000, "br", "ok", "ok" },
        { "#", 20_000, "br-tail", "ok", "ok" },
        { "#", 20_000, "gzip-cut-1", "incomplete_body", "incomplete_body" }, // truncated at the origin: the length is that of the truncated body
        { "#", 20_000, "gzip-cut-8", "incomplete_body", "incomplete_body" }, // all of the picture, without its checksum
        { "#", 20_000, "gzip-cut-3000", "incomplete_body", "incomplete_body" },
        { "none", 20_000, "gzip-cut-3000", "incomplete_body", "incomplete_body" },
        { "#", 20_000, "br-cut-1", "incomplete_body", "incomplete_body" },
        { "#", 20_000, "br-cut-3000", "incomplete_body", "incomplete_body" },
        { "none", 20_000, "br-cut-3000", "incomplete_body", "incomplete_body" },
        { "1#", 20_000, "gzip", "incomplete_body", "incomplete_body" }, // the coded body and 100,000 bytes more
        { "-5", 20_000, "gzip", "incomplete_body", "incomplete_body" },
        { "9999999999", 20_000, "gzip", "incomplete_body", "incomplete_body" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task RunAsync_OverPlainHttp1(string lengths, int bytes, string more, string http1, string http2)
    {
        Assert.NotEmpty(http2);
        await using RawFaults server = RawFaults.Start();
        using var module = new ModuleUnderTest();

        Assert.Equal(http1, await EndOfAsync(module, server.BaseAddress, lengths, bytes, more));
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task RunAsync_OverHttp2(string lengths, int bytes, string more, string http1, string http2)
    {
        Assert.NotEmpty(http1);
        (X509Certificate2 certificate, string authority) = TestCertificates.Issue();
        await using Http2Faults server = Http2Faults.Start(certificate);
        using var module = new ModuleUnderTest(options =>
        {
            options.CaFile = authority;
            options.Retries = 0; // another attempt is made over HTTP/1.1
        });

        Assert.Equal(http2, await EndOfAsync(module, server.BaseAddress, lengths, bytes, more));
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task RunAsync_OverHttp1WithTls(string lengths, int bytes, string more, string http1, string http2)
    {
        Assert.NotEmpty(http2);
        (X509Certificate2 certificate, string authority) = TestCertificates.Issue();
        await using Http2Faults server = Http2Faults.Start(certificate, noStreams: true);
        using var module = new ModuleUnderTest(options => options.CaFile = authority);

        Assert.Equal(http1, await EndOfAsync(module, server.BaseAddress, lengths, bytes, more));
    }

    [Theory]
    [InlineData("5")]
    [InlineData("-5")]
    [InlineData("20001")]
    [InlineData("20000;20001")]
    [InlineData("99999999999999999999")]
    public async Task RunAsync_ChunkedBodyWithALength_LengthIsIgnored(string lengths)
    {
        await using RawFaults server = RawFaults.Start();
        using var module = new ModuleUnderTest();

        Assert.Equal("ok", await EndOfAsync(module, server.BaseAddress, lengths, 20_000, "chunked"));
    }

    private static Task<string> EndOfAsync(ModuleUnderTest module, Uri server, string lengths, int bytes, string more) =>
        module.EndOfAsync(server.ToString().TrimEnd('/') + AnnouncedLength.PathOf(lengths, bytes, more));
}
