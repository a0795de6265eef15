using LaionStream.Text.Urls;

namespace LaionStream.Text.Tests.Urls;

public sealed class WebUrlTests
{
    [Theory]
    [InlineData("http://example.com", "http://example.com/")]
    [InlineData("HTTPS://EXAMPLE.com:443/A.jpg", "https://example.com/A.jpg")]
    [InlineData("http://example.com:00080/", "http://example.com/")]
    [InlineData("http://example.com:/x", "http://example.com/x")]
    [InlineData("http://example.com:8080/x?y#z", "http://example.com:8080/x?y")]
    [InlineData("http://user:pw@example.com/", "http://example.com/")]
    [InlineData("http://a@b@example.com/", "http://example.com/")]
    [InlineData("  \u0001http://example.com/a b \n", "http://example.com/a%20b")]
    [InlineData("ht\ntp://exa\tmple.com/a\r\nb", "http://example.com/ab")]
    [InlineData("http:\\\\example.com\\a\\..\\b", "http://example.com/b")]
    [InlineData("http:example.com/x", "http://example.com/x")]
    [InlineData("http:////example.com/x", "http://example.com/x")]
    [InlineData("http://example.com/a/./b/../c", "http://example.com/a/c")]
    [InlineData("http://example.com/a/%2e/b/.%2E", "http://example.com/a/")]
    [InlineData("http://example.com/../../x", "http://example.com/x")]
    [InlineData("http://example.com/a/..", "http://example.com/")]
    [InlineData("http://example.com/...", "http://example.com/...")]
    [InlineData("http://example.com/%2Eb/%2f", "http://example.com/%2Eb/%2f")]
    [InlineData("http://example.com/ü?ü='", "http://example.com/%C3%BC?%C3%BC=%27")]
    [InlineData("http://example.com/?", "http://example.com/?")]
    [InlineData("http://example.com?q", "http://example.com/?q")]
    [InlineData("http://0x7f.1/", "http://127.0.0.1/")]
    [InlineData("http://[2001:DB8:0:0:1::1]/", "http://[2001:db8::1:0:0:1]/")]
    [InlineData("http://[::ffff:1.2.3.4]/", "http://[::ffff:102:304]/")]
    [InlineData("http://Bücher.example/", "http://xn--bcher-kva.example/")]
    [InlineData("http://faß.example/", "http://xn--fa-hia.example/")]
    [InlineData("http://B%C3%BCcher.example/", "http://xn--bcher-kva.example/")]
    [InlineData("http://例え。テスト/", "http://xn--r8jz45g.xn--zckzah/")]
    [InlineData("http://xn--a/", "http://xn--a/")]
    [InlineData("http://한국.example/", "http://xn--3e0b707e.example/")]
    [InlineData("http://ab--c_.example./", "http://ab--c_.example./")]
    public void TryParse_Absolute_Serialises(string input, string href)
    {
        Assert.True(WebUrl.TryParse(input, null, out WebUrl? url));
        Assert.Equal(href, url.Href);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("/x.png")]
    [InlineData("x.png")]
    [InlineData("//example.com/x.png")]
    [InlineData("http://")]
    [InlineData("http:///")]
    [InlineData("http://user@/x")]
    [InlineData("http://:80/")]
    [InlineData("http://example.com:65536/")]
    [InlineData("http://example.com:8a/")]
    [InlineData("http://exa mple.com/")]
    [InlineData("http://exa<mple.com/")]
    [InlineData("http://a%zz/")]
    [InlineData("http://a%00b/")]
    [InlineData("http://1.2.3.4.5/")]
    [InlineData("http://1.2.3.08/")]
    [InlineData("http://256.1.1.1/")]
    [InlineData("http://[::1")]
    [InlineData("http://[1:2:3]/")]
    [InlineData("http://[fe80::1%25eth0]/")]
    [InlineData("http://\u00AD/")]
    [InlineData("http://xn--a.ß/")]
    [InlineData("http://a\u064A/")]
    [InlineData("http://\uFFFD.example/")]
    [InlineData("ftp://example.com/x.png")]
    [InlineData("file:///x.png")]
    [InlineData("data:image/png;base64,AAAA")]
    [InlineData("javascript:void(0)")]
    [InlineData("about:blank")]
    [InlineData("httpx://example.com/")]
    public void TryParse_NoWebUrl_Refuses(string input)
    {
        Assert.False(WebUrl.TryParse(input, null, out WebUrl? url));
        Assert.Null(url);
    }

    [Theory]
    [InlineData("x.png", "https://example.com:8443/a/x.png")]
    [InlineData("./x.png", "https://example.com:8443/a/x.png")]
    [InlineData("../../x.png", "https://example.com:8443/x.png")]
    [InlineData("/x.png", "https://example.com:8443/x.png")]
    [InlineData("\\x.png", "https://example.com:8443/x.png")]
    [InlineData("//cdn.example/x.png", "https://cdn.example/x.png")]
    [InlineData("\\\\cdn.example/x.png", "https://cdn.example/x.png")]
    [InlineData("?n=2", "https://example.com:8443/a/b.html?n=2")]
    [InlineData("#top", "https://example.com:8443/a/b.html?q=1")]
    [InlineData("", "https://example.com:8443/a/b.html?q=1")]
    [InlineData("https:x.png", "https://example.com:8443/a/x.png")]
    [InlineData("https:/x.png", "https://example.com:8443/x.png")]
    [InlineData("http:x.png", "http://x.png/")]
    [InlineData("http://other.example", "http://other.example/")]
    [InlineData("a:b", null)]
    [InlineData("//", null)]
    public void TryParse_OnBase_Resolves(string input, string? href)
    {
        Assert.True(WebUrl.TryParse("https://user@example.com:8443/a/b.html?q=1#f", null, out WebUrl? page));
        WebUrl.TryParse(input, page, out WebUrl? url);
        Assert.Equal(href, url?.Href);
    }

    [Fact]
    public void TryParse_LoneSurrogates_BecomeReplacementCharacters()
    {
        Assert.True(WebUrl.TryParse("http://example.com/\uD800\uD801\uDFFEx?\uDFFF", null, out WebUrl? url));
        Assert.Equal("http://example.com/%EF%BF%BD%F0%90%9F%BEx?%EF%BF%BD", url.Href);
        Assert.False(WebUrl.TryParse("http://exam\uD800ple.com/", null, out _));
    }

    [Theory]
    [InlineData("https://example.com/", "http://[bad", false)]
    [InlineData("https://example.com/", "relative", false)]
    [InlineData("https://example.com/", "about:blank", true)]
    [InlineData("x.png", "about:blank", false)]
    [InlineData("x.png", "http://example.com/", true)]
    public void TryParseOn_BaseAsText_RequiresAUrlForBase(string input, string baseText, bool accepted) =>
        Assert.Equal(accepted, WebUrl.TryParseOn(input, baseText, out _));

    [Fact]
    public void Parts_OfUrl_AreTheTarget()
    {
        Assert.True(WebUrl.TryParse("https://Example.com:8443/a/b.JPG?q=1", null, out WebUrl? url));
        Assert.Equal(("https", "example.com", 8443, false), (url.Scheme, url.Host, url.Port, url.IsDefaultPort));
        Assert.Equal("/a/b.JPG?q=1", url.PathAndQuery);
        Assert.Equal("/a/b.JPG", url.Path.ToString());
        Assert.Equal("https://example.com:8443", url.Origin.ToString());
    }

    [Theory]
    [InlineData("https://example.com/a/b", "", "https://example.com/a/b")]
    [InlineData("https://example.com/a/b", "/c/", "https://example.com/c/")]
    [InlineData("https://example.com/a/b", "//cdn.example/", "https://cdn.example/")]
    [InlineData("https://example.com/a/b", "http://[bad", "https://example.com/a/b")]
    [InlineData("https://example.com/a/b", " data:text/html,", "https://example.com/a/b")]
    [InlineData("https://example.com/a/b", "file:///c/", null)]
    [InlineData("about:blank", "https://example.com/", "https://example.com/")]
    [InlineData("about:blank", "c/", null)]
    public void ResolveBase_PageAndElement_IsTheDocumentsBase(string page, string baseHref, string? href) =>
        Assert.Equal(href, WebUrl.ResolveBase(page, baseHref)?.Href);
}
