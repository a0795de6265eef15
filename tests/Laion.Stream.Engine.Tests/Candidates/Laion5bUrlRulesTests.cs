using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;

namespace LaionStream.Engine.Tests.Candidates;

public sealed class Laion5bUrlRulesTests
{
    [Theory]
    [InlineData("http://example.com/a.jpg", "http://example.com/a.jpg")]
    [InlineData("https://user:pw@example.com:8080/a b.jpg", null)]
    [InlineData("https://user:pw@example.com:8080/a.jpg#x", "https://user:pw@example.com:8080/a.jpg#x")]
    [InlineData("https://example.com:8/a.jpg", null)]
    [InlineData("https://example.com/a\\b.jpg", "https://example.com/a\\\\b.jpg")]
    [InlineData("https://example.com/a\nb.jpg", "https://example.com/ab.jpg")]
    [InlineData("https://example.com/a\tb.jpg", null)]
    [InlineData("\nht\ntps://example.com/a.jpg", "https://example.com/a.jpg")]
    [InlineData("/a.jpg", null)]
    [InlineData("//example.com/a.jpg", null)]
    [InlineData("a.jpg", null)]
    [InlineData("http://example/a.jpg", null)]
    [InlineData("http://localhost/a.jpg", "http://localhost/a.jpg")]
    [InlineData("http://a_b.example.com/a.jpg", null)]
    [InlineData("http://-a.example.com/a.jpg", null)]
    [InlineData("http://example.c-/a.jpg", null)]
    [InlineData("http://example.com./a.jpg", "http://example.com./a.jpg")]
    [InlineData("http://bücher.example/ü.jpg", "http://bücher.example/ü.jpg")]
    [InlineData("http://😀.example/a.jpg", "http://😀.example/a.jpg")]
    [InlineData("http://例え。テスト/a.jpg", "http://例え。テスト/a.jpg")]
    [InlineData("http://a℀b.example/a.jpg", null)]
    [InlineData("http://1.2.3.4/a.jpg", "http://1.2.3.4/a.jpg")]
    [InlineData("http://1.2.3.256/a.jpg", null)]
    [InlineData("http://[2001:db8::1]/a.jpg", "http://[2001:db8::1]/a.jpg")]
    [InlineData("http://[2001:db8::g]/a.jpg", null)]
    [InlineData("http://example.com?a.jpg", "http://example.com?a.jpg")]
    [InlineData("ftp://example.com/a.jpg", "ftp://example.com/a.jpg")]
    [InlineData("data://example.com/a.jpg", null)]
    [InlineData("HTTP://Example.com/a.jpg?#", "http://Example.com/a.jpg")]
    [InlineData("HTTPS://Example.com/a.jpg?#", "HTTPS://Example.com/a.jpg?#")]
    [InlineData("http://example.com/ a.jpg", null)]
    [InlineData(" http://example.com/a.jpg", null)]
    public void Resolve_Link_IsStoredAsTheOriginalStoresIt(string link, string? stored)
    {
        DropReason reason = Laion5bUrlRules.Resolve(link, "http://page.example/x/y.html", out string? url);
        Assert.Equal(stored, url);
        Assert.Equal(stored is null ? DropReason.BadUrl : DropReason.None, reason);
    }

    [Theory]
    [InlineData("http://example.com/a.svg.png")]
    [InlineData("http://www.gifts.example.gift/a.png")]
    [InlineData("http://example.com/?u=data:image")]
    [InlineData("http://example.com/javascript:x")]
    public void Resolve_BlockedWordAnywhere_IsBlocked(string link) =>
        Assert.Equal(DropReason.UrlBlocked, Laion5bUrlRules.Resolve(link, "", out _));

    [Fact]
    public void Resolve_CapitalsOfBlockedWords_Pass() =>
        Assert.Equal(DropReason.None, Laion5bUrlRules.Resolve("http://example.com/a.GIF", "", out _));

    [Fact]
    public void Resolve_HostOfMoreThan60_IsDropped()
    {
        Assert.Equal(DropReason.None, Laion5bUrlRules.Resolve($"http://{new string('a', 48)}.example.com/", "", out _));
        Assert.Equal(DropReason.BadUrl, Laion5bUrlRules.Resolve($"http://{new string('a', 49)}.example.com/", "", out _));
    }

    [Fact]
    public void Resolve_AuthorityOfMoreThan253_IsDropped()
    {
        Assert.Equal(DropReason.None, Laion5bUrlRules.Resolve($"http://{new string('u', 241)}@example.com/", "", out _));
        Assert.Equal(DropReason.BadUrl, Laion5bUrlRules.Resolve($"http://{new string('u', 242)}@example.com/", "", out _));
    }

    [Fact]
    public void Resolve_LongLink_IsCutAt2000CodePointsBeforeAllElse()
    {
        string head = "http://example.com/";
        Laion5bUrlRules.Resolve(head + string.Concat(Enumerable.Repeat("😀", 3000)), "", out string? url);
        Assert.Equal(head + string.Concat(Enumerable.Repeat("😀", 2000 - head.Length)), url);
        Laion5bUrlRules.Resolve(head + new string('\\', 3000) + ".gif", "", out url);
        Assert.Equal(head + new string('\\', 2 * (2000 - head.Length)), url);
    }
}
