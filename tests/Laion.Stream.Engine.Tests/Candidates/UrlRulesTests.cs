using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.OptOuts;
using LaionStream.Text.Urls;
using Microsoft.Extensions.Time.Testing;

namespace LaionStream.Engine.Tests.Candidates;

public sealed class UrlRulesTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();
    private readonly FakeTimeProvider _clock = new();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("http://example.com/a.png", DropReason.None)]
    [InlineData("http://example.com/a.svg", DropReason.UrlBlocked)]
    [InlineData("http://example.com/a.GIF?x=1", DropReason.UrlBlocked)]
    [InlineData("http://example.com/favicon.ico#x", DropReason.UrlBlocked)]
    [InlineData("http://example.com/a.png?b.gif", DropReason.None)]
    [InlineData("http://example.com/a.gif/", DropReason.None)]
    [InlineData("http://example.gif/a", DropReason.None)]
    [InlineData("data:image/gif;base64,AA", DropReason.BadUrl)]
    [InlineData("a.png", DropReason.BadUrl)]
    public void Resolve_Defaults_BlockByExtension(string href, DropReason reason) => Assert.Equal(reason, Resolve(new CandidateOptions(), href));

    [Fact]
    public void Resolve_NamedExtensions_ReplaceTheDefaults()
    {
        var options = new CandidateOptions { BlockedExtensions = [".bmp"] };
        Assert.Equal(DropReason.UrlBlocked, Resolve(options, "http://example.com/a.BMP"));
        Assert.Equal(DropReason.None, Resolve(options, "http://example.com/a.gif"));
    }

    [Fact]
    public void Resolve_Lengths_CountTheSerialisedUrl()
    {
        string head = "http://example.com/";
        Assert.Equal(DropReason.None, Resolve(new CandidateOptions(), head + new string('a', 2048 - head.Length) + "#fragment"));
        Assert.Equal(DropReason.BadUrl, Resolve(new CandidateOptions(), head + new string('a', 2049 - head.Length)));
        Assert.Equal(DropReason.BadUrl, Resolve(new CandidateOptions(), head + new string('ü', 400)));
        Assert.Equal(DropReason.None, Resolve(new CandidateOptions(), $"http://{new string('a', 253)}/"));
        Assert.Equal(DropReason.BadUrl, Resolve(new CandidateOptions(), $"http://{new string('a', 254)}/"));
    }

    [Theory]
    [InlineData("http://blocked.example/a.png", DropReason.UrlBlocked)]
    [InlineData("http://img.Blocked.example:8080/a.png", DropReason.UrlBlocked)]
    [InlineData("http://blocked.example./a.png", DropReason.UrlBlocked)]
    [InlineData("http://notblocked.example/a.png", DropReason.None)]
    [InlineData("http://blocked.example.org/a.png", DropReason.None)]
    [InlineData("http://a.xn--bcher-kva.example/a.png", DropReason.UrlBlocked)]
    [InlineData("http://star.example/a.png", DropReason.UrlBlocked)]
    [InlineData("http://1.2.3.4/a.png", DropReason.UrlBlocked)]
    [InlineData("http://comment.example/a.png", DropReason.None)]
    public void Resolve_DomainList_BlocksAtLabelBorders(string href, DropReason reason)
    {
        File.WriteAllLines(_file, ["BLOCKED.example # why", "", "# comment.example", "Bücher.example", "*.star.example", "1.2.3.4", "no domain"]);
        Assert.Equal(reason, Resolve(new CandidateOptions { BlockedDomainsFile = _file }, href));
    }

    [Fact]
    public void Resolve_ListChanges_IsReadAgainWithinSeconds()
    {
        File.WriteAllText(_file, "one.example\n");
        var rules = new UrlRules(new CandidateOptions { BlockedDomainsFile = _file }, _clock);
        File.WriteAllText(_file, "one.example\ntwo.example\n");
        Assert.Equal(DropReason.None, rules.Resolve("http://two.example/", null, out _));
        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(DropReason.UrlBlocked, rules.Resolve("http://two.example/", null, out _));

        File.Delete(_file);
        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(DropReason.UrlBlocked, rules.Resolve("http://two.example/", null, out _));
        Assert.Equal(1, rules.FailedReloads);
    }

    [Fact]
    public void Constructor_ListMissing_IsRefused() =>
        Assert.Throws<FileNotFoundException>(() => new UrlRules(new CandidateOptions { BlockedDomainsFile = _file + ".none" }));

    [Fact]
    public void Resolve_Refused_AllocatesNothing()
    {
        File.WriteAllText(_file, "blocked.example\n");
        var rules = new UrlRules(new CandidateOptions { BlockedDomainsFile = _file });
        Assert.True(WebUrl.TryParse("https://example.com/a/b.html", null, out WebUrl? page));
        string[] refused =
        [
            "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP", "javascript:void(0)", "http://exa mple.com/", "//blocked.example/a.png", "../icons/a.svg",
            "/a b/ü.gif", "http://example.com/" + new string('a', 2100), "ht\ntp://example.com/a.gif", "http://1.2.3.4.5/",
        ];
        Assert.All(refused, href =>
        {
            for (int i = 0; i < 100; i++)
            {
                Assert.NotEqual(DropReason.None, rules.Resolve(href, page, out _));
            }

            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1000; i++)
            {
                rules.Resolve(href, page, out _);
            }

            // Allowance for the runtime's own one-time allocations; one byte per link would be 1000.
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 500);
        });
    }

    [Fact]
    public void Resolve_NoExtensionBlocked_BlocksNone() =>
        Assert.Equal(DropReason.None, Resolve(new CandidateOptions { BlockedExtensions = [] }, "http://a.example/x.svg"));

    [Theory]
    [InlineData("http://a.example/x.gif", DropReason.None)]
    [InlineData("http://a.example/x.svg", DropReason.UrlBlocked)]
    public void Resolve_FormatThatIsDecoded_IsNotBlockedByItsExtension(string href, DropReason expected) =>
        Assert.Equal(expected, new UrlRules(new CandidateOptions(), _clock, new ImagingOptions { Gif = true }.OpenedExtensions).Resolve(href, null, out _));

    [Theory]
    [InlineData(null, "")]
    [InlineData(".svg .gif .ico", "")]
    [InlineData("", "none")]
    [InlineData(".bmp", ".bmp")]
    public void Fingerprint_OfBlockedExtensions_IsThatOfEarlierVersions(string? extensions, string expected)
    {
        var options = new CandidateOptions { BlockedExtensions = extensions?.Split(' ', StringSplitOptions.RemoveEmptyEntries) };

        Assert.Equal(expected, CandidateFingerprint.Of(options, OptOutPolicy.Of(new())).Single(entry => entry.Key == "Candidates:BlockedExtensions").Value);
    }

    private DropReason Resolve(CandidateOptions options, string href)
    {
        DropReason reason = new UrlRules(options, _clock).Resolve(href, null, out string? url);
        Assert.Equal(reason == DropReason.None, url is not null);
        return reason;
    }
}
