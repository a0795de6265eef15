using LaionStream.Engine.Download.Fetching;
using LaionStream.Text.Urls;
using Microsoft.Extensions.Time.Testing;

namespace LaionStream.Engine.Tests.Download.Fetching;

/// <summary>Which cookies of a URL's answers are sent with its further requests.</summary>
public sealed class ChainCookiesTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 28, 0, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("a=1", "a=1")]
    [InlineData("  a = 1 2 ; HttpOnly; SameSite=Strict; Priority=High", "a=1 2")]
    [InlineData("a=", "a=")]
    [InlineData("a=b=c", "a=b=c")]
    [InlineData("a=\"q\"", "a=\"q\"")]
    [InlineData("a=\u00E9", "a=\u00E9")]
    [InlineData("a", null)] // no name
    [InlineData("=a", null)]
    [InlineData("", null)]
    [InlineData("a=1\u0000", null)]
    [InlineData("a=1\u007F; Path=/", null)]
    [InlineData("a=1; Max-Age=0", null)]
    [InlineData("a=1; Max-Age=-9", null)]
    [InlineData("a=1; max-age=99999999999999999999", "a=1")]
    [InlineData("a=1; Max-Age=5x; Expires=Thu, 01 Jan 1970 00:00:00 GMT", null)]
    [InlineData("a=1; Max-Age=9; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "a=1")] // Max-Age counts
    [InlineData("a=1; Expires=Fri, 27-Nov-26 23:59:59 GMT", null)]
    [InlineData("a=1; Expires=Sun Nov 29 00:00:01 2026", "a=1")]
    [InlineData("a=1; Expires=never", "a=1")]
    [InlineData("a=1; Expires=31 Feb 2020 00:00:00", "a=1")] // no date
    [InlineData("a=1; Secure", null)] // over http
    [InlineData("__Secure-a=1", null)]
    [InlineData("__Host-a=1; Path=/", null)]
    public void For_TheSameHostOverHttp(string line, string? expected) => Assert.Equal(expected, Sent("http://h.example/dir/a", [line], "http://h.example/dir/b"));

    [Theory]
    [InlineData("a=1", "h.example", true)]
    [InlineData("a=1", "sub.h.example", false)] // without Domain: the host alone
    [InlineData("a=1; Domain=h.example", "sub.h.example", true)]
    [InlineData("a=1; Domain=.H.EXAMPLE", "a.sub.h.example", true)]
    [InlineData("a=1; Domain=h.example", "oh.example", false)]
    [InlineData("a=1; Domain=example", "h.example", true)] // a parent, which may be a public suffix: the host alone
    [InlineData("a=1; Domain=example", "other.example", false)]
    [InlineData("a=1; Domain=example", "example", false)]
    [InlineData("a=1; Domain=other.example", "h.example", false)]
    [InlineData("a=1; Domain=other.example", "other.example", false)]
    [InlineData("a=1; Domain=sub.h.example", "sub.h.example", false)]
    [InlineData("a=1; Domain=other.example; Domain=", "h.example", true)] // the last one counts
    public void For_OtherHosts(string line, string host, bool isSent) =>
        Assert.Equal(isSent ? "a=1" : null, Sent("http://h.example/", [line], $"http://{host}/"));

    [Theory]
    [InlineData("http://www.h.example/", "Domain=h.example", "http://h.example/", true)]
    [InlineData("http://www.h.example/", "Domain=h.example", "http://www.h.example/", true)]
    [InlineData("http://www.co.uk/", "Domain=co.uk", "http://victim.co.uk/", false)]
    [InlineData("http://127.0.0.1/", "Domain=0.0.1", "http://127.0.0.1/", false)]
    [InlineData("http://127.0.0.1/", "Domain=127.0.0.1", "http://127.0.0.1/", true)]
    [InlineData("http://[::1]/", "Path=/", "http://[::1]/", true)]
    [InlineData("http://h.example:81/", "Path=/", "http://h.example:82/", true)] // ports do not count, as in browsers
    [InlineData("https://h.example/", "Secure", "http://h.example/", false)]
    [InlineData("https://h.example/", "Secure", "https://h.example/", true)]
    [InlineData("https://h.example/", "Path=/", "http://h.example/", true)]
    [InlineData("http://h.example/a/b", "x", "http://h.example/a/c", true)]
    [InlineData("http://h.example/a/b", "x", "http://h.example/a", true)]
    [InlineData("http://h.example/a/b", "x", "http://h.example/ab", false)]
    [InlineData("http://h.example/a/b", "x", "http://h.example/", false)]
    [InlineData("http://h.example/a/b", "Path=/", "http://h.example/", true)]
    [InlineData("http://h.example/a/b", "Path=a", "http://h.example/a/", true)] // not absolute: the default
    [InlineData("http://h.example/a/b?c=/d/e", "Path=", "http://h.example/a/x", true)]
    [InlineData("http://h.example/", "Path=/x/", "http://h.example/x", false)]
    public void For_AddressesSchemesAndPaths(string set, string attribute, string request, bool isSent) =>
        Assert.Equal(isSent ? "a=1" : null, Sent(set, ["a=1; " + attribute], request));

    [Fact]
    public void For_SeveralCookies_TheLongestPathFirstThenTheOldest() =>
        Assert.Equal("c=3; a=4; b=2", Sent("http://h/x/y", ["a=1; Path=/", "b=2; Path=/", "c=3; Path=/x", "a=4; Path=/", "d=5; Path=/y"], "http://h/x/z"));

    [Fact]
    public void Take_ExpiredCookie_RemovesTheOneOfItsName() =>
        Assert.Null(Sent("http://h/", ["a=1", "a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], "http://h/"));

    [Fact]
    public void Take_OverHttp_DoesNotHideACookieOfHttps()
    {
        var cookies = new ChainCookies(_clock);
        cookies.Take(Url("https://h.example/"), ["a=1; Secure"]);
        cookies.Take(Url("http://h.example/"), ["a=evil", "a=evil; Path=/x"]);

        Assert.Equal("a=1", cookies.For(Url("https://h.example/x")));
    }

    [Fact]
    public void Take_PrefixedNames_NeedTheirAttributes()
    {
        var cookies = new ChainCookies(_clock);
        cookies.Take(Url("https://h.example/d/"), ["__Host-a=1; Secure; Path=/", "__Host-b=1; Secure", "__host-c=1; Secure; Path=/; Domain=h.example", "__SECURE-d=1", "__Secure-e=1; Secure"]);

        Assert.Equal("__Secure-e=1; __Host-a=1", cookies.For(Url("https://h.example/d/")));
    }

    [Fact]
    public void Take_AFlood_HoldsTheLastOnesWithinItsBounds()
    {
        var cookies = new ChainCookies(_clock);
        cookies.Take(Url("http://h/"), Enumerable.Range(0, 10_000).Select(i => $"n{i}={i}"));
        Assert.Equal(string.Join("; ", Enumerable.Range(9980, 20).Select(i => $"n{i}={i}")), cookies.For(Url("http://h/")));

        cookies.Take(Url("http://h/"), Enumerable.Range(0, 10).Select(i => $"m{i}={new string('x', 4000)}"));
        Assert.InRange(cookies.For(Url("http://h/"))!.Length, 4000, 8300);
        cookies.Take(Url("http://h/"), [$"o={new string('x', 4096)}"]); // too long
        Assert.DoesNotContain("o=", cookies.For(Url("http://h/")), StringComparison.Ordinal);
    }

    [Fact]
    public void For_AfterItsTime_IsNotSent()
    {
        var cookies = new ChainCookies(_clock);
        cookies.Take(Url("http://h/"), ["a=1; Max-Age=10"]);
        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Null(cookies.For(Url("http://h/")));
    }

    private string? Sent(string set, string[] lines, string request)
    {
        var cookies = new ChainCookies(_clock);
        cookies.Take(Url(set), lines);
        return cookies.For(Url(request));
    }

    private static WebUrl Url(string text) => WebUrl.TryParse(text, null, out WebUrl? url) ? url : throw new ArgumentException(text);
}
