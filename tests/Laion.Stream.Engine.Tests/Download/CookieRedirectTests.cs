using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using LaionStream.Demo;

namespace LaionStream.Engine.Tests.Download;

/// <summary>Redirects that set a cookie and want it back, through the whole module.</summary>
public sealed class CookieRedirectTests
{
    private static readonly byte[] Picture = new byte[6000];
    private readonly ConcurrentQueue<string> _seen = new();

    [Theory]
    [InlineData(null, "ok")]
    [InlineData(true, "ok")]
    [InlineData(false, "too_many_redirects")]
    public async Task Fetch_RedirectToItselfUntilItsCookieComes(bool? cookies, string expected)
    {
        using ModuleUnderTest module = Module(request => Cookie(request).Contains("seen=1", StringComparison.Ordinal)
            ? Found() : Redirect(request.RequestUri!.PathAndQuery, "seen=1"), cookies);

        Assert.Equal(expected, await module.EndOfAsync("http://h.example/a.png"));
    }

    [Fact]
    public async Task Fetch_OverSeveralHosts_EachGetsItsOwnCookiesOnly()
    {
        using ModuleUnderTest module = Module(request => (request.RequestUri!.Host, Cookie(request)) switch
        {
            ("h.example", "") => Redirect("http://login.example/", "h=1"),
            ("login.example", _) => Redirect("http://h.example/a.png", "l=2; Domain=example"),
            ("h.example", "h=1") => Found(),
            _ => new HttpResponseMessage(HttpStatusCode.Forbidden),
        });

        Assert.Equal("ok", await module.EndOfAsync("http://h.example/a.png"));
        Assert.Equal(["", "", "h=1"], _seen);
    }

    [Fact]
    public async Task Fetch_SecondAttempt_SendsTheCookieOfTheFirst()
    {
        using ModuleUnderTest module = Module(request => Cookie(request).Length > 0 ? Found() : Set(new HttpResponseMessage(HttpStatusCode.InternalServerError), "a=1"));

        Assert.Equal("ok", await module.EndOfAsync("http://h.example/a.png"));
    }

    [Fact]
    public async Task Fetch_OfAnotherUrl_BeginsWithoutCookies()
    {
        using ModuleUnderTest module = Module(request => Cookie(request).Length > 0 ? Found() : Redirect(request.RequestUri!.PathAndQuery, "id=1; Domain=h.example; Max-Age=9999"));

        foreach (string path in new[] { "a", "a", "b" }) { Assert.Equal("ok", await module.EndOfAsync($"http://h.example/{path}.png")); }
        Assert.Equal(["", "id=1", "", "id=1", "", "id=1"], _seen);
    }

    [Fact]
    public async Task Fetch_CookieThatNeverSuffices_Ends()
    {
        int number = 0;
        using ModuleUnderTest module = Module(request => Redirect(request.RequestUri!.PathAndQuery, $"n{number++}=1"));

        Assert.Equal("too_many_redirects", await module.EndOfAsync("http://h.example/a.png"));
        Assert.InRange(number, 2, 10);
    }

    [Fact]
    public async Task Fetch_CookieWithBytesAboveAscii_ComesBackAsItWas()
    {
        await using var server = new SocketServer(AnswerRawAsync);
        using var module = new ModuleUnderTest(options => options.AllowedPorts = [server.Port]);

        Assert.Equal("ok", await module.EndOfAsync($"http://127.0.0.1:{server.Port}/a.png"));
    }

    // Sends the picture for the cookie that it has set, byte for byte.
    private static async Task AnswerRawAsync(Socket socket, CancellationToken stop)
    {
        using (socket)
        {
            byte[] buffer = new byte[8192];
            int read = await socket.ReceiveAsync(buffer, stop);
            bool isBack = Encoding.Latin1.GetString(buffer, 0, read).Contains("Cookie: n=\u00E9\u0081\r\n", StringComparison.Ordinal);
            string head = isBack ? $"HTTP/1.1 200 OK\r\nContent-Length: {Picture.Length}\r\n" : "HTTP/1.1 302 Found\r\nLocation: /a.png\r\nSet-Cookie: n=\u00E9\u0081\r\nContent-Length: 0\r\n";
            await socket.SendAsync(Encoding.Latin1.GetBytes(head + "Connection: close\r\n\r\n"), stop);
            if (isBack) { await socket.SendAsync(Picture, stop); }
        }
    }

    private ModuleUnderTest Module(Func<HttpRequestMessage, HttpResponseMessage> answer, bool? cookies = null) => new(
        options => (options.Cookies, options.Resolve["*"]) = (cookies, "127.0.0.1"),
        http: new LambdaWeb((request, _) =>
        {
            _seen.Enqueue(Cookie(request));
            return Task.FromResult(answer(request));
        }));

    private static string Cookie(HttpRequestMessage request) =>
        request.Headers.NonValidated.TryGetValues("Cookie", out System.Net.Http.Headers.HeaderStringValues values) ? values.ToString() : "";

    private static HttpResponseMessage Found() => new() { Content = new ByteArrayContent(Picture) };

    private static HttpResponseMessage Redirect(string target, string cookie) =>
        Set(new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri(target, UriKind.RelativeOrAbsolute) } }, cookie);

    private static HttpResponseMessage Set(HttpResponseMessage response, string cookie)
    {
        response.Headers.TryAddWithoutValidation("Set-Cookie", cookie);
        return response;
    }
}
