using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Download.Policies;
using LaionStream.Engine.Tests.Download.Golden;
using LaionStream.TestWorld;
using LaionStream.Text.Urls;

namespace LaionStream.Engine.Tests.Download.Policies;

public sealed class RobotsFileTests
{
    [Fact]
    public void IsAllowed_GoldenFiles_NoneWrong()
    {
        IReadOnlyList<JsonElement> rows = GoldenRows.Of("robots.jsonl");
        Assert.Equal(136, rows.Count);
        Assert.Empty(Wrong(rows, row => Encoding.UTF8.GetBytes(row.GetProperty("robots").GetString()!)));
    }

    [SkippableFact]
    public void IsAllowed_RealFiles_NoneWrong()
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);
        IReadOnlyList<JsonElement> rows = GoldenRows.Read(SharedData.PathOf("data", "golden", "robots-real.jsonl"));
        Dictionary<string, byte[]> bundle = ReadBundle("robots/protego-a.tar.gz");
        Assert.Equal(592, rows.Count);
        Assert.Empty(Wrong(rows, row => Body(row.GetProperty("robots_file").GetString()!, bundle)));
    }

    [Fact]
    public void Outcome_GoldenResults_NoneWrong()
    {
        IReadOnlyList<JsonElement> rows = GoldenRows.Of("robots-status.jsonl");
        Assert.Equal(18, rows.Count);
        Assert.All(rows, row => Assert.Equal(row.GetProperty("outcome").GetString(), Result(row.GetProperty("result")).Outcome.ToString().ToLowerInvariant()));
    }

    [Theory]
    [InlineData("User-agent: *\nDisallow: /", "/robots.txt", true)]
    [InlineData("User-agent: *\nDisallow: /*a*b$", "/xaab", false)]
    [InlineData("User-agent: *\nDisallow: /*a*b$", "/xaabc", true)]
    [InlineData("User-agent: *\nDisallow: /a*$", "/abc", false)]
    [InlineData("User-agent: *\nDisallow: /ab*ba$", "/aba", true)]
    [InlineData("User-agent: *\nDisallow: /?u=http%3A%2F%2Fx", "/?u=http://x/y", false)]
    [InlineData("User-agent: *\nDisallow: /a%2fb", "/a/b", true)]
    [InlineData("User-agent: *\nDisallow: /a%2fb", "/a%2Fb", false)]
    [InlineData("User-agent: *\nDisallow: /a|b", "/a|b", false)]
    [InlineData("User-agent: *\nDisallow: /a^b", "/a%5Eb", false)]
    [InlineData("User-agent: *\nDisallow: *.jpg$", "/x.jpg", false)]
    [InlineData("User-agent: *\nDisallow: x", "/x", true)]
    [InlineData("User-agent: *\nDisallow: /\n\nUser-agent: Bot2\nAllow: /", "/x", true)]
    [InlineData("Useragent: *\nDissallow: /", "/x", false)]
    [InlineData("", "/x", true)]
    public void IsAllowed_Patterns_MatchAsTheRfcSays(string robots, string path, bool allowed) =>
        Assert.Equal(allowed, RobotsFile.Parse(Encoding.UTF8.GetBytes(robots)).IsAllowed("Bot2/1.0 (+https://example.com)", path));

    [Fact]
    public void Parse_Utf16WithMark_IsRead()
    {
        const string Robots = "User-agent: *\nDisallow: /x\n";
        Assert.False(RobotsFile.Parse([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Robots)]).IsAllowed("any", "/x"));
        Assert.False(RobotsFile.Parse([0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(Robots)]).IsAllowed("any", "/x"));
    }

    [Fact]
    public void From_FetchResults_AllowOrDenyAll()
    {
        Assert.True(RobotsFile.From(new PolicyFetchResult(404, default)).IsAllowed("bot", "/x"));
        Assert.False(RobotsFile.From(PolicyFetchResult.Failed(DropReason.Timeout)).IsAllowed("bot", "/x"));
        Assert.False(RobotsFile.From(new PolicyFetchResult(200, Encoding.UTF8.GetBytes("User-agent: *\nDisallow: /x"))).IsAllowed("bot", "/x"));
    }

    [SkippableFact]
    public void Parse_CrawlerCommonsFiles_GiveTheSameAnswersInEveryEncoding()
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);
        bool[] expected = [false, true, false];
        foreach (string name in new[] { "utf8", "utf16le", "utf16be" })
        {
            RobotsFile file = RobotsFile.Parse(File.ReadAllBytes(SharedData.PathOf("data", "robots", "crawler-commons", $"robots-with-{name}-bom.txt")));
            bool[] answers = [file.IsAllowed("foobot", "/profile"), file.IsAllowed("foobot", "/fish"), file.IsAllowed("googlebot", "/profile")];
            Assert.Equal(expected, answers);
        }
    }

    [Fact]
    public void Parse_MoreThanTheLimit_IgnoresTheRest()
    {
        byte[] head = Encoding.UTF8.GetBytes("User-agent: *\nDisallow: /a\n");
        byte[] tail = Encoding.UTF8.GetBytes("\nDisallow: /b\n");
        byte[] body = [.. head, .. Enumerable.Repeat((byte)'\n', RobotsFile.MaxBytes), .. tail];
        RobotsFile file = RobotsFile.Parse(body);
        Assert.False(file.IsAllowed("any", "/a"));
        Assert.True(file.IsAllowed("any", "/b"));
    }

    [Fact]
    public void Parse_RandomBytes_NeverThrows()
    {
        var random = new Random(5);
        string[] pieces = ["User-agent:", "Disallow:", "Allow", ":", " ", "\n", "\r", "*", "$", "/", "%", "%2", "%41", "ü", "#", "\0", "\uFEFF", "index.html",
            "?", "bot"];
        for (int i = 0; i < 20_000; i++)
        {
            string robots = string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => pieces[random.Next(pieces.Length)]));
            byte[] body = Encoding.UTF8.GetBytes(robots);
            if (body.Length > 0)
            {
                body[random.Next(body.Length)] = (byte)random.Next(256);
            }

            RobotsFile file = RobotsFile.Parse(body);
            Assert.True(file.IsAllowed("bot", "/robots.txt"));
            file.IsAllowed("bot", pieces[random.Next(pieces.Length)]);
        }
    }

    private static string[] Wrong(IEnumerable<JsonElement> rows, Func<JsonElement, byte[]> body) =>
        [.. rows.Where(row => IsAllowed(row, body(row)) != row.GetProperty("allowed").GetBoolean()).Select(row => row.ToString())];

    private static bool IsAllowed(JsonElement row, byte[] body)
    {
        string agent = row.GetProperty("agent").GetString()!, target = row.GetProperty("url").GetString()!;
        RobotsFile file = RobotsFile.Parse(body);
        return WebUrl.TryParse(target, null, out WebUrl? url) ? file.IsAllowed(agent, url) : file.IsAllowed(agent, target);
    }

    private static PolicyFetchResult Result(JsonElement result) => result.ValueKind == JsonValueKind.Number
        ? new PolicyFetchResult(result.GetInt32(), default)
        : result.GetString() switch
        {
            "timeout" => PolicyFetchResult.Failed(DropReason.Timeout),
            "dns_failed" => PolicyFetchResult.Failed(DropReason.DnsFailed),
            "connect_failed" => PolicyFetchResult.Failed(DropReason.ConnectFailed),
            "redirect_loop" => PolicyFetchResult.Failed(DropReason.TooManyRedirects),
            "body_over_500_KiB" => new PolicyFetchResult(200, new byte[RobotsFile.MaxBytes + 1]),
            _ => throw new InvalidDataException($"The golden file knows a result we do not: {result}."),
        };

    private static byte[] Body(string name, Dictionary<string, byte[]> bundle)
    {
        string[] parts = name.Split('!');
        return parts.Length == 2 ? bundle[parts[1]] : File.ReadAllBytes(SharedData.PathOf("data", parts[0]));
    }

    private static Dictionary<string, byte[]> ReadBundle(string path)
    {
        var files = new Dictionary<string, byte[]>();
        using var tar = new TarReader(new GZipStream(File.OpenRead(SharedData.PathOf("data", path)), CompressionMode.Decompress));
        while (tar.GetNextEntry(copyData: true) is { } entry)
        {
            if (entry.DataStream is { } data)
            {
                byte[] bytes = new byte[entry.Length];
                data.ReadExactly(bytes);
                files[entry.Name] = bytes;
            }
        }

        return files;
    }
}
