using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using LaionStream.Demo;

namespace LaionStream.Engine.Tests.Download.Fetching;

/// <summary>Answers whose header has a flaw that browsers and curl ignore, over sockets.</summary>
public sealed class FlawedHeadTests
{
    private static readonly byte[] Picture = LoopbackFaults.SoundPicture.ToArray();
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20); // a busy machine must not decide

    // Headers without their length, and the row's outcome.
    public static TheoryData<string, string> Heads => new()
    {
        { "HTTP/1.1 200 OK|Server: GoAhead-Webs|Tue, 12 Jun 2012 01:56:34 GMT|Content-Type: image/png", "ok" },
        { "HTTP/1.1 200 OK|X Cache Hit: yes", "ok" },
        { "HTTP/1.1 200 OK|: nameless", "ok" },
        { "HTTP/1.1 200 OK|:", "ok" },
        { "HTTP/1.1 200 OK|no colon", "ok" },
        { "HTTP/1.1 200 OK|<br/>Notice: x", "ok" },
        { "HTTP/1.1 200 OK|X@Y: z|X,Y: z|X[0]: z|X=Y: z|{X}: z|X\u00e9: z|X\0: z|X\u0007: z|\"X\": z|X\\Y: z", "ok" },
        { "HTTP/1.1 200 OK| a blank first", "ok" },
        { "HTTP/1.1 200 OK|A: b\0c", "ok" },
        { "HTTP/1.1 200 OK|A: b\rc", "ok" },
        { "HTTP/1.1 200 OK|A: b|\tfolded", "ok" },
        { "HTTP/1.1 200OK", "ok" },
        { "HTTP/1.1  200  OK", "ok" },
        { "http/1.1 200 ok", "ok" },
        { "HTTP/2.0 200 OK", "ok" },
        { "HTTP/1.1 OK", "ok" },
        { "||HTTP/1.1 200 OK", "ok" },
        { "HTTP/1.1 100 Continue|X Y: z||HTTP/1.1 103 Hints|: x||HTTP/1.1 200 OK|X Y: z", "ok" },
        { "HTTP/1.1 404 Not Found|X Y: z", "http_status 404" },
        { "HTTP/1.1 200 OK|X Y: z|X-Robots-Tag : noai", "header_opt_out" },
        { "HTTP/1.1 200 OK|X-Robots-Tag: all,| noai", "header_opt_out" },
        { "HTTP/1.1 200 OK|X Y: z|Content-Length : 7", "incomplete_body" }, // in addition to the true length: two values
        { "HTTP/1.1 20000 OK", "incomplete_body" },
        { "HTTP/1.1 0200 OK", "ok" },
        { "HTTP/1.1 20 OK", "http_status 20" },
        { "HTTP/1.1 2 OK", "http_status 2" },
        { "HTTP/1.1 0404 Not Found", "http_status 404" },
        { "HTTP/1.1 302 Found|X Y: z|Location : /good", "ok" },
    };

    [Theory]
    [MemberData(nameof(Heads))]
    public async Task RunAsync_EachFault_EndsAsInABrowser(string head, string expected)
    {
        await using RawAnswers server = RawAnswers.Start(request => Answer(request, head));
        using var module = new ModuleUnderTest(options => (options.Timeout, options.ConnectTimeout, options.ThroughputWindow) = (Patience, Patience, Patience));

        Assert.Equal(expected, await module.EndOfAsync(server.BaseAddress + "a.png"));
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public async Task RunAsync_EachFaultOverTlsInPieces_EndsAsInABrowser(string head, string expected)
    {
        (X509Certificate2 certificate, string authority) = TestCertificates.Issue();
        await using RawAnswers server = RawAnswers.Start(request => Answer(request, head), certificate, piece: 7);
        using var module = new ModuleUnderTest(options =>
            (options.CaFile, options.Timeout, options.ConnectTimeout, options.ThroughputWindow) = (authority, Patience, Patience, Patience));

        Assert.Equal(expected, await module.EndOfAsync(server.BaseAddress + "a.png"));
    }

    [Fact]
    public async Task RunAsync_HostThatAnswersSo_KeepsItsPicturesAndItsConnection()
    {
        await using RawAnswers server = RawAnswers.Start(request => Answer(request, "HTTP/1.1 200 OK|X Y: z"));
        using var module = new ModuleUnderTest(options => (options.Breaker.Failures, options.Timeout, options.ConnectTimeout) = (3, Patience, Patience));

        for (int i = 0; i < 40; i++) { Assert.Equal("ok", await module.EndOfAsync($"{server.BaseAddress}{i}.png")); }

        Assert.InRange(server.Connections, 2, 4); // the first answer ended its connection
    }

    [Theory]
    [InlineData("HTTP/1.1 20000 OK", "incomplete_body")]
    [InlineData("220 mail.example ESMTP", "connect_failed")]
    [InlineData("X", "connect_failed")]
    public async Task RunAsync_AnswerThatCannotBeRead_DoesNotBlameItsHost(string head, string expected)
    {
        await using RawAnswers server =
            RawAnswers.Start(request => request.Contains("/good", StringComparison.Ordinal) ? Answer(request, "HTTP/1.1 200 OK") : Bytes(head + "||"));
        using var module = new ModuleUnderTest(options => (options.Retries, options.Breaker.Failures, options.ConnectTimeout) = (0, 3, Patience));

        for (int i = 0; i < 10; i++) { Assert.Equal(expected, await module.EndOfAsync(server.BaseAddress + "bad")); }

        Assert.Equal("ok", await module.EndOfAsync(server.BaseAddress + "good"));
        Assert.Equal(0, module.Module.Summarise().Gate.Down);
    }

    [Fact]
    public async Task RunAsync_EndlessFlawedLines_AreTooLarge()
    {
        byte[] head = Bytes("HTTP/1.1 200 OK|" + string.Concat(Enumerable.Repeat("X Y: " + new string('z', 1000) + "|", 40)));
        await using RawAnswers server = RawAnswers.Start(_ => head);
        using var module = new ModuleUnderTest(options => (options.Timeout, options.ConnectTimeout, options.ThroughputWindow) = (Patience, Patience, Patience));

        Assert.Equal("too_large", await module.EndOfAsync(server.BaseAddress + "a.png"));
    }

    [Fact]
    public async Task RunAsync_TransferCodings_AreTakenOff()
    {
        byte[] coded = Coder.Gzip(Picture);
        byte[] chunks = [.. Bytes(coded.Length.ToString("x", CultureInfo.InvariantCulture) + "|"), .. coded, .. Bytes("|0||")];
        await using RawAnswers server = RawAnswers.Start(_ => [.. Bytes("HTTP/1.1 200 OK|Transfer-Encoding: gzip, chunked|Content-Length: 3||"), .. chunks]);
        using var module = new ModuleUnderTest(options => (options.Timeout, options.ConnectTimeout, options.ThroughputWindow) = (Patience, Patience, Patience));

        Assert.Equal("ok", await module.EndOfAsync(server.BaseAddress + "a.png"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("X-Sum: abc|")]
    [InlineData("no colon|")]
    [InlineData("X Y: z|: nameless|A: b\0c| folded|")]
    public async Task RunAsync_ChunkedBodyWithTrailer_IsWhole(string trailer)
    {
        string rest = (Picture.Length - 16).ToString("X", CultureInfo.InvariantCulture);
        byte[] chunks = [.. Bytes("10;ext=1|"), .. Picture[..16], .. Bytes($"|00{rest}|"), .. Picture[16..], .. Bytes($"|0|{trailer}|")];
        foreach (int piece in new[] { 0, 1, 2, 7 })
        {
            await using RawAnswers server = RawAnswers.Start(_ => [.. Bytes("HTTP/1.1 200 OK|Transfer-Encoding: chunked||"), .. chunks], piece: piece);
            using var module = new ModuleUnderTest(options =>
                (options.Timeout, options.ConnectTimeout, options.ThroughputWindow, options.Retries) = (Patience, Patience, Patience, 0));

            Assert.Equal("ok", await module.EndOfAsync(server.BaseAddress + "a.png"));
            Assert.Equal("ok", await module.EndOfAsync(server.BaseAddress + "b.png")); // over the same connection
        }
    }

    [Fact]
    public async Task RunAsync_EndlessTrailer_IsTooLarge()
    {
        string endless = string.Concat(Enumerable.Repeat("X: " + new string('z', 1000) + "|", 40));
        byte[] answer = Bytes("HTTP/1.1 200 OK|Transfer-Encoding: chunked||1|x|0|X Y: z|" + endless);
        await using RawAnswers server = RawAnswers.Start(_ => answer);
        using var module = new ModuleUnderTest(options => (options.Timeout, options.ConnectTimeout, options.ThroughputWindow) = (Patience, Patience, Patience));

        Assert.Equal("too_large", await module.EndOfAsync(server.BaseAddress + "a.png"));
    }

    private static byte[] Answer(string request, string head) =>
        RawAnswers.Answer((request.StartsWith("GET /good", StringComparison.Ordinal) ? "HTTP/1.1 200 OK" : head)
            .Replace("|", "\r\n", StringComparison.Ordinal), Picture);

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text.Replace("|", "\r\n", StringComparison.Ordinal));
}
