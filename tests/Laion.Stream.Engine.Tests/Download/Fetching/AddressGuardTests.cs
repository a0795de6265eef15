using System.Net;
using System.Text.Json;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Tests.Download.Golden;
using LaionStream.TestWorld;
using LaionStream.Text.Urls;

namespace LaionStream.Engine.Tests.Download.Fetching;

public sealed class AddressGuardTests
{
    private static readonly AddressGuard Guard = new([]);

    [Fact]
    public void IsAllowed_GoldenAddresses_NoneWrong()
    {
        Assert.Equal(125, CountRight("address", row => Guard.JudgeSpelling(Value(row)) != true));
    }

    [Fact]
    public void JudgeHost_GoldenUrls_NoneWrong()
    {
        int rows = CountRight("url", row =>
        {
            if (!WebUrl.TryParse(Value(row), null, out WebUrl? url))
            {
                return true;
            }

            Assert.Equal(row.GetProperty("host").GetString(), url.Host);
            return Guard.JudgeHost(url.Host) == false;
        });
        Assert.Equal(89, rows);
    }

    [Fact]
    public void Filter_GoldenAnswers_LeavesOnlyWhatMayBeConnectedTo()
    {
        int rows = CountRight("dns", row =>
        {
            IPAddress[] left = [.. Guard.Filter(Addresses(row, "answers"))];
            if (row.TryGetProperty("connect_only", out _))
            {
                Assert.Equal(Addresses(row, "connect_only"), left);
            }

            // A second look-up is filtered like the first: the row passes only if both leave an address.
            bool later = row.TryGetProperty("later_answers", out _) && !Guard.Filter(Addresses(row, "later_answers")).Any();
            return Guard.JudgeHost(Value(row)) == false || left.Length == 0 || later;
        });
        Assert.Equal(13, rows);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("127.0.1.1", false)]
    [InlineData("::1", false)]
    [InlineData("64:ff9b::127.0.0.1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("10.0.0.1", false)]
    public void IsAllowed_WithException_CoversItAndItsMappedFormOnly(string address, bool allowed) =>
        Assert.Equal(allowed, new AddressGuard([IPNetwork.Parse("127.0.0.0/24")]).IsAllowed(IPAddress.Parse(address)));

    [Theory]
    [InlineData("168.63.129.16", false)]
    [InlineData("192.31.196.1", false)]
    [InlineData("2620:4f:8000::1", false)]
    [InlineData("2001:20::1", false)]
    [InlineData("2a00:1450::5efe:7f00:1", false)]
    [InlineData("2a00:1450::200:5efe:a00:1", false)]
    [InlineData("2a00:1450::5efe:808:808", true)]
    [InlineData("2002:808:808::1", true)]
    [InlineData("4000::1", false)]
    [InlineData("::ffff:0:808:808", false)]
    public void IsAllowed_BeyondTheGoldens_FollowsTheRegistries(string address, bool allowed) =>
        Assert.Equal(allowed, Guard.IsAllowed(IPAddress.Parse(address)));

    [Theory]
    [InlineData("localhost", false)]
    [InlineData("a.LOCALHOST.", false)]
    [InlineData("printer.local", false)]
    [InlineData("metadata.google.internal", false)]
    [InlineData("nas.home.arpa", false)]
    [InlineData("0177.1", false)]
    [InlineData("[::1]", false)]
    [InlineData("fe80::1%eth0", false)]
    [InlineData("no host", false)]
    [InlineData("", false)]
    [InlineData("8.8.8.8", true)]
    [InlineData("0x08080808", true)]
    [InlineData("2606:4700:4700::1111", true)]
    [InlineData("example.com", null)]
    [InlineData("notlocal", null)]
    [InlineData("mylocalhost", null)]
    [InlineData("1.example1", null)]
    public void JudgeSpelling_AnySpelling_IsDecidedOrNeedsALookup(string text, bool? outcome) =>
        Assert.Equal(outcome, Guard.JudgeSpelling(text));

    [SkippableFact]
    public void JudgeSpelling_KnownSpellingsOfLocalhost_NonePasses()
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);
        string[] spellings = File.ReadAllLines(SharedData.PathOf("data", "url", "ssrf", "localhost.txt"));
        Assert.True(spellings.Length > 50);
        Assert.DoesNotContain(spellings, spelling => Guard.JudgeSpelling(spelling) == true);
    }

    [Fact]
    public void JudgeHost_ReservedNameWithExceptions_ReturnsNull() =>
        Assert.Null(new AddressGuard([IPNetwork.Parse("127.0.0.0/8")]).JudgeHost("localhost"));

    /// <summary>Rows of a kind, after checking that each is blocked at exactly the right place.</summary>
    private static int CountRight(string kind, Func<JsonElement, bool> isBlocked)
    {
        JsonElement[] rows = [.. GoldenRows.Of("ssrf.jsonl").Where(row => row.GetProperty("kind").GetString() == kind)];
        Assert.Empty(rows.Where(row => isBlocked(row) != row.GetProperty("must_block").GetBoolean()).Select(row => row.ToString()));
        return rows.Length;
    }

    private static string Value(JsonElement row) => row.GetProperty("value").GetString()!;

    private static IPAddress[] Addresses(JsonElement row, string name) =>
        [.. row.GetProperty(name).EnumerateArray().Select(address => IPAddress.Parse(address.GetString()!))];
}
