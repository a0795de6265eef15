using System.Text.Json;
using LaionStream.Models.Onnx;
using LaionStream.TestWorld;

namespace LaionStream.Host.Tests.Verbs.Explain;

/// <summary>Names, nulls and forms of the answers, as in the table of docs/spec.md, 2.2.</summary>
public sealed class ExplainAnswerTests : IDisposable
{
    private static readonly string[] TextFields = ["caption", "reason", "language", "probability", "reliable", "set"];

    private readonly ExplainWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Text_Kept_HasEveryField()
    {
        JsonElement answer = await _world.AskAsync(new { text = "  A photo of a dog &amp; a cat\nin the garden " });

        Assert.Equal(TextFields, Names(answer));
        Assert.Equal("A photo of a dog & a cat in the garden", answer.GetProperty("caption").GetString());
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("reason").ValueKind);
        Assert.Equal("en", answer.GetProperty("language").GetString());
        Assert.InRange(answer.GetProperty("probability").GetDouble(), 0.7, 1);
        Assert.True(answer.GetProperty("reliable").GetBoolean());
        Assert.Equal("en", answer.GetProperty("set").GetString());
    }

    [Fact]
    public async Task Text_TooShort_HasAReasonAndNulls()
    {
        using var world = new ExplainWorld(null, ("Models:Path", BundledModels.TinyClip));
        JsonElement answer = await world.AskAsync(new { text = " dog " });

        Assert.Equal([.. TextFields, "tokens"], Names(answer));
        Assert.Equal("short_caption", answer.GetProperty("reason").GetString());
        Assert.All(answer.EnumerateObject().Where(field => field.Name != "reason"), field => Assert.Equal(JsonValueKind.Null, field.Value.ValueKind));
    }

    [Fact]
    public async Task Text_Raw_NoRuleApplies()
    {
        using var world = new ExplainWorld(null, ("Models:Path", BundledModels.TinyClip));
        JsonElement answer = await world.AskAsync(new { text = " ab\n", raw = true });

        Assert.Equal(" ab\n", answer.GetProperty("caption").GetString());
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("reason").ValueKind);
        Assert.Equal("und", answer.GetProperty("language").GetString());
        Assert.Equal(0, answer.GetProperty("probability").GetDouble());
        Assert.False(answer.GetProperty("reliable").GetBoolean());
        Assert.Equal("nolang", answer.GetProperty("set").GetString());
        Assert.Equal(3, answer.GetProperty("tokens").GetArrayLength());
    }

    [Theory]
    [InlineData("Das ist ein sehr schönes Bild von einem Haus am See", "de", "multi")]
    [InlineData("изображение собаки в саду рядом с домом", "ru", "multi")]
    public async Task Text_OtherLanguages_NameTheirSet(string text, string language, string set)
    {
        JsonElement answer = await _world.AskAsync(new { text });

        Assert.Equal((language, set), (answer.GetProperty("language").GetString(), answer.GetProperty("set").GetString()));
    }

    [Theory]
    [InlineData("{\"text\": \"a lone \\ud800 surrogate in the \\udc00 caption\"}")]
    [InlineData("{\"text\": \"a lone \\ud800 surrogate in the \\udc00 caption\", \"raw\": true}")]
    public async Task Text_LoneSurrogates_AreAnswered(string line)
    {
        JsonElement answer = Assert.Single(await _world.AskAllAsync([line]));

        Assert.StartsWith("a lone ", answer.GetProperty("caption").GetString(), StringComparison.Ordinal);
        Assert.Equal("en", answer.GetProperty("language").GetString());
    }

    [Theory]
    [InlineData("HTTPS://Me:pw@EXämple.com:443/a b?q=ü#f", null, "https://xn--exmple-cua.com/a%20b?q=%C3%BC", "https", "xn--exmple-cua.com", 443)]
    [InlineData("../x.jpg", "http://example.com:8080/a/b/c", "http://example.com:8080/a/x.jpg", "http", "example.com", 8080)]
    [InlineData("//0x7f.1/x", "http://example.com/", "http://127.0.0.1/x", "http", "127.0.0.1", 80)]
    [InlineData("http://[::FFFF:1.2.3.4]/", "about:blank", "http://[::ffff:102:304]/", "http", "[::ffff:102:304]", 80)]
    public async Task Url_Accepted_IsTakenApart(string url, string? baseText, string href, string scheme, string host, int port)
    {
        JsonElement answer = await _world.AskAsync(new { url, @base = baseText });

        Assert.Equal(["url", "scheme", "host", "port"], Names(answer));
        Assert.Equal(
            (href, scheme, host, port),
            (answer.GetProperty("url").GetString(), answer.GetProperty("scheme").GetString(), answer.GetProperty("host").GetString(), answer.GetProperty("port")
                .GetInt32()));
    }

    [Theory]
    [InlineData("x.jpg", null, "bad_url")]
    [InlineData("http://a b/", null, "bad_url")]
    [InlineData("ftp://example.com/x.jpg", null, "bad_url")]
    [InlineData("http://example.com/x.jpg", "no base", "bad_url")]
    [InlineData("x.SVG?y", "http://example.com/", "url_blocked")]
    public async Task Url_Refused_HasOnlyAReason(string url, string? baseText, string reason)
    {
        JsonElement answer = await _world.AskAsync(new { url, @base = baseText });

        Assert.Equal(["reason"], Names(answer));
        Assert.Equal(reason, answer.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Url_Laion5bRules_AreTheOriginals()
    {
        using var world = new ExplainWorld(null, ("Candidates:Rules", "laion5b"));

        Assert.Equal("https://example.com/a%20.ico", (await world.AskAsync(new { url = "https://example.com/a%20.ico" })).GetProperty("url").GetString());
        Assert.Equal("bad_url", (await world.AskAsync(new { url = "x.jpg", @base = "https://example.com/" })).GetProperty("reason").GetString());
        Assert.Equal("url_blocked", (await world.AskAsync(new { url = "https://example.com/a.gif?x" })).GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData("localhost", false)]
    [InlineData("printer.local.", false)]
    [InlineData("0177.0.0.1", false)]
    [InlineData("[::1]", false)]
    [InlineData("fe80::1%eth0", false)]
    [InlineData("http://me@127.1/x", false)]
    [InlineData("ftp://8.8.8.8/", false)]
    [InlineData("", false)]
    [InlineData("８.８.８.８", true)]
    [InlineData("https://example.com/", true)]
    [InlineData("example.com", true)]
    public async Task Address_AnySpelling_IsAllowedOrNot(string address, bool allowed)
    {
        JsonElement answer = await _world.AskAsync(new { address });

        Assert.Equal(["allowed"], Names(answer));
        Assert.Equal(allowed, answer.GetProperty("allowed").GetBoolean());
    }

    [Fact]
    public async Task Address_Exceptions_AreTheSettings()
    {
        using var world = new ExplainWorld(null, ("Download:AllowPrivate:0", "127.0.0.0/8"));

        Assert.True((await world.AskAsync(new { address = "127.0.0.1" })).GetProperty("allowed").GetBoolean());
        Assert.False((await world.AskAsync(new { address = "10.0.0.1" })).GetProperty("allowed").GetBoolean());
    }

    [Theory]
    [InlineData("X-Robots-Tag: noai", "LaionStream", false)]
    [InlineData("x-robots-tag:otherbot: noai", "LaionStream", true)]
    [InlineData("X-Robots-Tag: laion-stream: noimageindex", null, false)]
    [InlineData("TDM-Reservation: 1", null, false)]
    [InlineData("Content-Type: text/html; note: noai", null, true)]
    public async Task Headers_AsLines_AreReadLikePairs(string header, string? agent, bool allowed)
    {
        string[] pair = header.Split(':', 2);

        Assert.Equal(allowed, (await _world.AskAsync(new { headers = new[] { header }, agent })).GetProperty("allowed").GetBoolean());
        Assert.Equal(allowed, (await _world.AskAsync(new { headers = new[] { pair }, agent })).GetProperty("allowed").GetBoolean());
    }

    [Fact]
    public async Task Robots_WithoutAgent_IsAboutUs()
    {
        const string Robots = "User-agent: laion-stream\nDisallow: /x\n";

        Assert.False((await _world.AskAsync(new { robots = Robots, url = "https://example.com/x/y" })).GetProperty("allowed").GetBoolean());
        Assert.True((await _world.AskAsync(new { robots = Robots, url = "https://example.com/y" })).GetProperty("allowed").GetBoolean());
        Assert.True((await _world.AskAsync(new { robots = Robots, url = "https://example.com/x", agent = "OtherBot" })).GetProperty("allowed").GetBoolean());
    }

    [Fact]
    public void Create_NoModelsFolder_IsRefused()
    {
        ModelException e = Assert.Throws<ModelException>(() => new ExplainWorld(null, ("Models:Path", "no/such/folder")));

        Assert.Equal("Laion:Models:Path", e.Key);
    }

    private static IEnumerable<string> Names(JsonElement answer) => answer.EnumerateObject().Select(field => field.Name);
}
