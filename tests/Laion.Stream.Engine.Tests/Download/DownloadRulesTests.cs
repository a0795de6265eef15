using System.Net;
using System.Text.Json;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Digests;
using LaionStream.Engine.Download;
using LaionStream.Engine.Download.BlockLists;
using LaionStream.Engine.Download.Connections;
using LaionStream.Engine.Download.Dns;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Download.Hosts;
using LaionStream.Engine.Download.Network;
using LaionStream.Engine.Download.Settings;
using LaionStream.TestWorld;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LaionStream.Engine.Tests.Download;

public sealed class DownloadRulesTests
{
    [Theory]
    [InlineData(5, 10, 100, 100, 5, 60, 900.0, false)] // within its share, whatever else
    [InlineData(10, 10, 100, 100, 5, 0, 900.0, true)] // it cannot start in time
    [InlineData(10, 10, 100, 100, 5, 31, null, true)] // it has not started in time
    [InlineData(50, 10, 49, 100, 5, 20, 20.0, false)] // the queue has space for all
    [InlineData(90, 10, 90, 100, 1, 20, 20.0, false)] // there are no other hosts
    [InlineData(90, 10, 91, 100, 2, 20, 1.0, false)] // it is fast
    [InlineData(90, 10, 91, 100, 2, 20, 3.0, true)] // it blocks other hosts
    [InlineData(90, 10, 91, 100, 2, 1, null, false)] // too early to decide
    [InlineData(90, 10, 91, 100, 2, 3, null, true)]
    public void IsSurplus_Table(int pending, int share, int waiting, int workers, int hosts, int headSeconds, double? drainSeconds, bool expected)
    {
        TimeSpan? drain = drainSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

        Assert.Equal(expected, HostRules.IsSurplus(pending, share, waiting, workers, hosts, TimeSpan.FromSeconds(headSeconds), drain, TimeSpan.FromMinutes(1)));
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("Thu, 01 Jan 1970 00:01:00 GMT", 60)]
    [InlineData("soon", null)]
    [InlineData("-5", null)]
    public void RetryAfter_SecondsOrDate_IsRead(string value, int? seconds)
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("Retry-After", value);

        Assert.Equal(seconds, (int?)ResponseRules.RetryAfter(response, DateTimeOffset.UnixEpoch)?.TotalSeconds);
    }

    [Theory]
    [InlineData(429, true)]
    [InlineData(408, true)]
    [InlineData(503, true)]
    [InlineData(404, false)]
    [InlineData(501, false)]
    public void IsTransient_Status_Table(int status, bool expected) =>
        Assert.Equal(expected, RetryRules.IsTransient(new DropOutcome(DropReason.HttpStatus, status)));

    [Fact]
    public void Delay_GrowsAndSpreads()
    {
        TimeSpan mean = TimeSpan.FromSeconds(1);

        Assert.Equal(0.5, RetryRules.Delay(0, mean, 0).TotalSeconds);
        Assert.Equal(6, RetryRules.Delay(2, mean, 1).TotalSeconds);
    }

    [Theory]
    [InlineData(80, null, true)]
    [InlineData(8080, null, true)]
    [InlineData(25, null, false)]
    [InlineData(8080, new[] { 80, 443 }, false)]
    [InlineData(25, new[] { 25 }, true)]
    public void IsAllowed_Port_Table(int port, int[]? allowed, bool expected) => Assert.Equal(expected, PortRules.IsAllowed(port, allowed));

    [Theory]
    [InlineData("img.example", "10.0.0.1:1")]
    [InlineData("a.cdn.example", "10.0.0.2:2")]
    [InlineData("x.a.cdn.example", "10.0.0.2:2")]
    [InlineData("x.example", "10.0.0.3:0")]
    [InlineData("else.test", "10.0.0.4:4")]
    public void Find_MostExactPattern_Wins(string host, string expected)
    {
        var map = new ResolveMap(new Dictionary<string, string>
        {
            ["*"] = "10.0.0.4:4",
            ["*.example"] = "10.0.0.3",
            ["*.cdn.example"] = "10.0.0.2:2",
            ["IMG.example"] = "10.0.0.1:1",
        });

        Assert.Equal(expected, map.Find(host)!.ToString());
    }

    [Fact]
    public void Validate_Everything_IsReportedAtOnce()
    {
        var options = new DownloadOptions
        {
            Concurrency = "many",
            MinBytes = 10,
            MaxBytes = 5,
            AllowPrivate = ["127.0.0.0/33"],
            AllowedPorts = [0],
            Resolve = { ["*"] = "nowhere" },
            Dns = { Servers = ["dns.example"] },
            BlockLists = { Urls = ["/no/such/file"] },
            UserAgent = "a\nb",
        };

        string[] failures = [.. new DownloadOptionsRules().Validate(null, options).Failures!];

        Assert.Equal(8, failures.Length);
        Assert.All(failures, failure => Assert.StartsWith("Laion:Download:", failure));
        Assert.True(new DownloadOptionsRules().Validate(null, new DownloadOptions()).Succeeded);
    }

    [Fact]
    public void Parse_DigestLists_TakesHexOfThreeLengths()
    {
        byte[] bytes = [1, 2, 3];
        string[] lines =
        [
            "# header", "", Convert.ToHexString(System.Security.Cryptography.MD5.HashData(bytes)) + "  file.jpg", "not hex at all", "abcd", new string('g', 32),
        ];

        DigestLists lists = DigestLists.Parse(lines);

        Assert.Equal(1, lists.Count);
        Assert.Equal(3, lists.Malformed);
        Assert.True(lists.Contains(new BodyDigests(bytes)));
        Assert.False(lists.Contains(new BodyDigests(new byte[] { 1, 2, 4 })));
    }

    [Fact]
    public void BlocksUrl_FileChanges_IsReadAgain()
    {
        var clock = new FakeTimeProvider();
        string file = Path.Combine(Directory.CreateTempSubdirectory("lists").FullName, "urls");
        File.WriteAllText(file, "");
        using var list = new HashBlockList(new BlockListOptions { Urls = [file] }, clock, NullLogger.Instance);
        Assert.False(list.BlocksUrl("http://example.com/é"));

        File.WriteAllText(file, Convert.ToHexString(System.Security.Cryptography.SHA256.HashData("http://example.com/é"u8)) + "\n");
        clock.Advance(TimeSpan.FromSeconds(11));

        Assert.True(list.BlocksUrl("http://example.com/é"));
        Assert.False(list.BlocksUrl("http://example.com/e"));
    }

    [Fact]
    public void Top_MoreHostsThanHeld_KeepsTheHeavy()
    {
        var hosts = new TopHosts(50);
        for (int i = 0; i < 10_000; i++)
        {
            hosts.Note("light" + i);
            if (i % 10 == 0) { hosts.Note("heavy"); }
        }

        Assert.Equal("heavy", hosts.Top(1)[0].Key);
        Assert.Equal(50, hosts.Top(100).Count);
    }

    [Fact]
    public void Percentile_Times_AreInTheirBucket()
    {
        var times = new LatencyHistogram();
        for (int i = 1; i <= 1000; i++) { times.Note(TimeSpan.FromMilliseconds(i)); }

        Assert.InRange(times.Percentile(0.5).TotalMilliseconds, 500, 600);
        Assert.InRange(times.Percentile(0.99).TotalMilliseconds, 990, 1200);
        Assert.Equal(1000, times.Count);
    }

    [SkippableFact]
    public async Task FindAsync_GoldenResolverAnswers_OnlyPublicOnesPass()
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);
        int rows = 0;
        foreach (string line in await File.ReadAllLinesAsync(SharedData.PathOf("data", "golden", "ssrf.jsonl")))
        {
            using JsonDocument row = JsonDocument.Parse(line);
            if (row.RootElement.GetProperty("kind").GetString() != "dns") { continue; }

            rows++;
            bool mustBlock = row.RootElement.GetProperty("must_block").GetBoolean();
            foreach (string answers in new[] { "answers", "later_answers" })
            {
                if (!row.RootElement.TryGetProperty(answers, out JsonElement list)) { continue; }
                IPAddress[] addresses = [.. list.EnumerateArray().Select(address => IPAddress.Parse(address.GetString()!))];
                var dns = new DnsOptions { HostsFile = "" };
                using var names = new NameResolver(dns, [new IPEndPoint(0, 1)],
                    (_, _, _, _) => Task.FromResult(new DnsReply(DnsStatus.Found, addresses, default)), TimeProvider.System);
                var guard = new AddressGuard([]);
                using var connections = new ConnectionTable(int.MaxValue, static () => 0);
                using var network = new NetworkWatch(static () => new OutageOptions(), TimeProvider.System, NullLogger<NetworkWatch>.Instance);
                var dialer = new SocketDialer(names, new ResolveMap(new Dictionary<string, string>()), guard, connections, network,
                    static () => TimeSpan.FromSeconds(1));

                (IPEndPoint[] found, DropReason refused) = await dialer.FindAsync(row.RootElement.GetProperty("value").GetString()!, 80, default);

                Assert.All(found, endPoint => Assert.True(guard.IsAllowed(endPoint.Address)));
                if (mustBlock && answers == "answers" && !row.RootElement.TryGetProperty("later_answers", out _))
                {
                    Assert.Equal(DropReason.BlockedAddress, refused);
                }
                if (row.RootElement.TryGetProperty("connect_only", out JsonElement only) && answers == "answers")
                {
                    Assert.Equal(only.EnumerateArray().Select(address => address.GetString()), found.Select(endPoint => endPoint.Address.ToString()));
                }
            }
        }

        Assert.InRange(rows, 5, 100);
    }
}
