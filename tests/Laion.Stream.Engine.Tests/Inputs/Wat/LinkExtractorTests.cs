using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using LaionStream.Engine.Inputs.Wat;
using LaionStream.TestWorld;

namespace LaionStream.Engine.Tests.Inputs.Wat;

public class LinkExtractorTests
{
    [Theory]
    [InlineData("{\"Head\":{\"Base\":\"/b/\"},\"Links\":[{\"path\":\"IMG@/src\",\"url\":\"u\",\"alt\":\"a\"}]}")]
    [InlineData("{\"Links\":[{\"alt\":\"a\",\"path\":\"IMG@/src\",\"url\":\"u\"}],\"Head\":{\"Base\":\"/b/\"}}")]
    [InlineData("{ \"Links\" : [ { \"path\" : \"IMG@/src\" , \"url\" : \"u\" , \"alt\" : \"a\" } ] , \"Head\" : { \"Base\" : \"/b/\" } }")]
    [InlineData("{\"Links\":[{\"path\":\"A@/href\",\"url\":\"x\"},{\"path\":\"IMG@/src\",\"url\":\"u\",\"alt\":\"a\"},{\"path\":\"A@/href\",\"url\":\"x\"}],\"Head\":{\"Base\":\"/b/\"}}")]
    [InlineData("{\"Links\":[{\"path\":\"IMG@\\/src\",\"url\":\"u\",\"alt\":\"a\"}],\"Head\":{\"Base\":\"/b/\"}}")]
    public void TryScan_AnyKeyOrder_FindsTheLink(string html)
    {
        byte[] json = Encoding.UTF8.GetBytes(WatFixture.Json(html));
        var page = new ScannedPage();

        Assert.True(LinkExtractor.TryScan(json, page, every: false));

        ScannedLink link = Assert.Single(page.Links);
        Assert.Equal("u", Text(json, link.Url));
        Assert.Equal("a", Text(json, link.Alt));
        Assert.Equal("/b/", Text(json, page.Base));
        Assert.Equal("http://a.example/dir/p.html", Text(json, page.TargetUri));
    }

    [Theory]
    [InlineData("{\"path\":\"A@/href\",\"url\":\"x\",\"text\":\"{\\\"path\\\":\\\"IMG@/src\\\",\\\"url\\\":\\\"fool\\\"}\"}")]
    [InlineData("{\"path\":\"A@/href\",\"alt\":\"IMG@/src\",\"url\":\"IMG@/src\"}")]
    [InlineData("{\"path\":\"A@/href\",\"url\":\"ends in a backslash \\\\\"}")]
    [InlineData("{\"path\":\"A@/href\",\"url\":\"x\",\"text\":\"}] and \\\"}],\\\" and {\"}")]
    [InlineData("{\"path\":\"A@/href\",\"more\":[{\"path\":\"IMG@/src\",\"url\":\"fool\"},{\"path\":\"IMG@/src\",\"url\":\"fool\"}]}")]
    [InlineData("{\"path\":\"A@/href\",\"more\":{\"path\":\"IMG@/src\",\"url\":\"fool\"}}")]
    [InlineData("{\"x\\\"path\":\"IMG@/src\",\"url\":\"fool\"}")]
    [InlineData("{\"url\":\"x\",\"path\":\"A@/href\",\"text\":\"[[[ ]]] ,{\"}")]
    [InlineData("null,17,\"IMG@/src\",[\"IMG@/src\"],[{\"path\":\"IMG@/src\"}]")]
    public void TryScan_MisleadingText_IsNotTakenForALink(string neighbour)
    {
        const string Link = "{\"path\":\"IMG@/src\",\"url\":\"u\",\"alt\":\"x}] \\\" y\"}";
        foreach (string links in (string[])[$"{neighbour},{Link}", $"{Link},{neighbour}", $"{Link},{neighbour},{Link}", $"{neighbour},{Link},{neighbour}"])
        {
            byte[] json = Encoding.UTF8.GetBytes(WatFixture.Json($"{{\"Links\":[{links}],\"Head\":{{\"Title\":\"t\"}}}}"));
            var page = new ScannedPage();

            Assert.True(LinkExtractor.TryScan(json, page, every: false), links);
            Assert.Equal(Expected(json), page.Links.Select(l => (Text(json, l.Url), Text(json, l.Alt))));
        }
    }

    [Fact]
    public void TryScan_ImagePathsOutsideTheLinks_AreNoLinks()
    {
        byte[] json = Encoding.UTF8.GetBytes(
            "{\"Envelope\":{\"Payload-Metadata\":{\"HTTP-Response-Metadata\":{\"HTML-Metadata\":{\"Links\":[],\"Other\":[{\"path\":\"IMG@/src\",\"url\":\"fool\"}]},"
            + "\"Headers\":{\"path\":\"IMG@/src\",\"url\":\"fool\",\"alt\":\"fool\"}}}},\"Links\":[{\"path\":\"IMG@/src\",\"url\":\"fool\"}]}");
        var page = new ScannedPage();

        Assert.True(LinkExtractor.TryScan(json, page, every: false));
        Assert.Empty(page.Links);
    }

    [Theory]
    [InlineData("{\"Links\":[{\"path\":\"A@/href\",\"url\":\"http://creativecommons.org/licenses/by/3.0/\"}]}", "http://creativecommons.org/licenses/by/3.0/")]
    [InlineData("{\"Head\":{\"Link\":[{\"path\":\"LINK@/href\",\"url\":\"//creativecommons.org/licenses/by/3.0/\"}]},\"Links\":[]}",
        "//creativecommons.org/licenses/by/3.0/")]
    [InlineData("{\"Links\":[{\"path\":\"A@/href\",\"text\":\"see creativecommons.org/licenses/by\",\"url\":\"/x\"}]}", "")]
    [InlineData("{\"Links\":[{\"path\":\"A@/href\",\"url\":\"http://creativecommons.org/\"},{\"path\":\"A@/href\",\"url\":\"http://creativecommons.org\\/licenses\\/by\\/\"}]}", "http://creativecommons.org\\/licenses\\/by\\/")]
    [InlineData("{\"Links\":[{\"path\":\"A@/href\",\"url\":\"a\\\"b?creativecommons.org/licenses/\"}]}", "a\\\"b?creativecommons.org/licenses/")]
    public void FindLicense_TakesTheFirstLinkAddress(string html, string expected)
    {
        byte[] json = Encoding.UTF8.GetBytes(WatFixture.Json(html));
        var page = new ScannedPage();
        Assert.True(LinkExtractor.TryScan(json, page, every: false));

        Assert.Equal(expected, Text(json, LinkExtractor.FindLicense(json, page)));
    }

    [Fact]
    public void TryScan_RandomJson_FindsWhatAFullParserFinds()
    {
        for (int seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            string html = RandomHtml(random);
            byte[] json = Encoding.UTF8.GetBytes(WatFixture.Json(html));
            var page = new ScannedPage();

            Assert.True(LinkExtractor.TryScan(json, page, every: false), $"seed {seed}: {html}");
            Assert.Equal(Expected(json), page.Links.Select(l => (Text(json, l.Url), Text(json, l.Alt))));
        }
    }

    [Fact]
    public void TryScan_DamagedJson_NeverThrows()
    {
        for (int seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            byte[] json = Encoding.UTF8.GetBytes(WatFixture.Json(RandomHtml(random)));
            for (int i = 0; i < 5; i++)
            {
                json[random.Next(json.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)"\"\\{}[],:"[random.Next(8)];
            }

            var page = new ScannedPage();
            if (LinkExtractor.TryScan(json.AsSpan(0, random.Next(2) == 0 ? json.Length : random.Next(json.Length)), page, every: random.Next(2) == 0))
            {
                Assert.All(page.Links, l => Assert.True(l.Url.End.Value <= json.Length && l.Alt.End.Value <= json.Length));
                LinkExtractor.FindLicense(json, page);
            }
        }
    }

    [SkippableFact]
    public void TryScan_JsonTestSuite_NeverThrowsAndTakesValidJson()
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);
        using var gzip = new GZipStream(File.OpenRead(SharedData.PathOf("data", "json", "JSONTestSuite.tar.gz")), CompressionMode.Decompress);
        using var tar = new TarReader(gzip);
        int files = 0;
        var page = new ScannedPage();
        while (tar.GetNextEntry() is { } entry)
        {
            if (!entry.Name.EndsWith(".json", StringComparison.Ordinal))
            {
                continue;
            }

            byte[] text = new byte[entry.Length];
            entry.DataStream?.ReadExactly(text); // one of the files is empty
            LinkExtractor.TryScan(text, page, every: false);
            LinkExtractor.TryScan(text, page, every: true);
            byte[] inside = [.. "{\"Envelope\":{\"Payload-Metadata\":{\"HTTP-Response-Metadata\":{\"HTML-Metadata\":{\"Links\":[{\"path\":\"IMG@/src\",\"url\":\"u\"},"u8, .. text, .. "]}}}}}"u8];
            bool taken = LinkExtractor.TryScan(inside, page, every: false);
            Assert.True(taken || !Path.GetFileName(entry.Name).StartsWith("y_", StringComparison.Ordinal), entry.Name);
            files++;
        }

        Assert.Equal(318, files);
    }

    internal static string Text(byte[] json, Range range) => Encoding.UTF8.GetString(json.AsSpan(range));

    /// <summary>The image links from a full parser: the raw contents of their strings, empty when there is none.</summary>
    internal static List<(string Url, string Alt)> Expected(byte[] json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement links = document.RootElement.GetProperty("Envelope").GetProperty("Payload-Metadata").GetProperty("HTTP-Response-Metadata")
            .GetProperty("HTML-Metadata").GetProperty("Links");
        var expected = new List<(string, string)>();
        foreach (JsonElement link in links.EnumerateArray())
        {
            if (link.ValueKind == JsonValueKind.Object && link.TryGetProperty("path", out JsonElement path) && path.ValueKind == JsonValueKind.String
                && path.GetString()!.StartsWith("IMG@/", StringComparison.Ordinal))
            {
                expected.Add((Raw(link, "url"), Raw(link, "alt")));
            }
        }

        return expected;
    }

    private static string Raw(JsonElement link, string name) =>
        link.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetRawText()[1..^1] : "";

    internal static string RandomHtml(Random random)
    {
        string links = string.Join(',', Enumerable.Range(0, random.Next(12)).Select(_ => RandomLink(random)));
        string head = $"\"Head\":{{\"Title\":{RandomString(random)},\"Metas\":[{{\"name\":{RandomString(random)},\"content\":{RandomString(random)}}}]}}";
        return random.Next(2) == 0 ? $"{{{head},\"Links\":[{links}]}}" : $"{{\"Links\":[{links}],{head}}}";
    }

    private static string RandomLink(Random random)
    {
        if (random.Next(40) == 0)
        {
            return (string)(random.Next(4) switch { 0 => "null", 1 => "[]", 2 => "{}", _ => RandomString(random) });
        }

        var members = new List<string> { $"\"path\":\"{(random.Next(3) == 0 ? "IMG@/src" : "A@/href")}\"", $"\"url\":{RandomString(random)}" };
        if (random.Next(2) == 0)
        {
            members.Add($"\"alt\":{RandomString(random)}");
        }

        if (random.Next(15) == 0)
        {
            members.Add($"\"more\":{(random.Next(2) == 0 ? $"[{RandomLink(random)},{RandomLink(random)}]" : RandomLink(random))}");
        }

        if (random.Next(4) == 0)
        {
            members.Reverse();
        }

        return "{" + string.Join(random.Next(20) == 0 ? " , " : ",", members) + "}";
    }

    private static string RandomString(Random random)
    {
        string[] parts = ["abc", " ", "IMG@/src", "}]", "{", ",{", "\\\"", "\\\\", "\\u00e9", "ü", "[", "]", ":",
            "\":[".Replace("\"", "\\\"", StringComparison.Ordinal), "\\\"path\\\":\\\"IMG@/src\\\"", "creativecommons.org/licenses/"];
        return "\"" + string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => parts[random.Next(parts.Length)])) + "\"";
    }
}
