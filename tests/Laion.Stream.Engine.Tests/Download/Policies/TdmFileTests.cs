using System.Text;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Download.Policies;

namespace LaionStream.Engine.Tests.Download.Policies;

/// <summary>tdmrep.json by the final report of the W3C TDM Reservation Protocol.</summary>
public sealed class TdmFileTests
{
    // The report's second example, with a policy.
    private const string Example =
        """
        [
          {"location": "/directory-a/", "tdm-reservation": 1},
          {"location": "/directory-b/html/", "tdm-reservation": 1, "tdm-policy": "https://provider.example/policies/policy.json"},
          {"location": "/directory-b/images/*.jpg", "tdm-reservation": 0}
        ]
        """;

    [Theory]
    [InlineData("/directory-a/x.pdf", "1")]
    [InlineData("/directory-b/html/x", "1 https://provider.example/policies/policy.json")]
    [InlineData("/directory-b/images/a/x.jpg", "0")]
    [InlineData("/directory-b/images/x.png", "none")]
    [InlineData("/Directory-A/x.pdf", "none")]
    [InlineData("/", "none")]
    public void Find_ReportsExample_FirstMatchDecides(string path, string expected) => Assert.Equal(expected, Find(Example, path));

    [Theory]
    [InlineData("""[{"location":"/","tdm-reservation":1}]""", "1")]
    [InlineData("""[{"location":"/","tdm-reservation":"1"}]""", "1")]
    [InlineData("""[{"location":"/a","tdm-reservation":0},{"location":"/","tdm-reservation":1}]""", "0")] // the first, not the longest
    [InlineData("""[{"location":"/","tdm-reservation":1},{"location":"/a","tdm-reservation":0}]""", "1")]
    [InlineData("""[{"location":"/a/*","tdm-reservation":1}]""", "1")]
    [InlineData("""[{"location":"/*.jpg$","tdm-reservation":1}]""", "1")]
    [InlineData("""[{"location":"/*.jp$","tdm-reservation":1}]""", "none")]
    [InlineData("""[{"location":"/%61/","tdm-reservation":1}]""", "1")]
    [InlineData("""[{"location":"/","tdm-reservation":2}]""", "none")]
    [InlineData("""[{"location":"/","tdm-reservation":true}]""", "none")]
    [InlineData("""[{"location":"/"},{"location":"/","tdm-reservation":1}]""", "1")] // a rule without a reservation is none
    [InlineData("""[{"tdm-reservation":1}]""", "none")]
    [InlineData("""[{"location":"","tdm-reservation":1}]""", "none")]
    [InlineData("""[{"location":7,"tdm-reservation":1}]""", "none")]
    [InlineData("""[7,null,[],{"location":"/","tdm-reservation":1,"x":{"y":[1]}}]""", "1")]
    [InlineData("""{"location":"/","tdm-reservation":1}""", "none")] // brackets are mandatory
    [InlineData("""[{"location":"/","tdm-reservation":1}""", "none")]
    [InlineData("", "none")]
    [InlineData("<html>", "none")]
    public void Find_Rules_AsTheReportSays(string json, string expected) => Assert.Equal(expected, Find(json, "/a/x.jpg"));

    [Fact]
    public void Parse_ByteOrderMark_IsPassedOver() =>
        Assert.Equal("1", Find('\uFEFF' + """[{"location":"/","tdm-reservation":1}]""", "/x"));

    [Theory]
    [InlineData(404, "none")]
    [InlineData(410, "none")]
    [InlineData(200, "1")]
    public void From_Status_IsJudgedAsForRobots(int status, string expected)
    {
        TdmFile file = TdmFile.From(new PolicyFetchResult(status, Encoding.UTF8.GetBytes("""[{"location":"/","tdm-reservation":1}]""")));

        Assert.Equal(expected, Describe(file.Find("/x")));
        Assert.Equal(default, file.Unreachable);
    }

    [Fact]
    public void From_ServerError_IsUnreachable() =>
        Assert.Equal(new DropOutcome(DropReason.HttpStatus, 503), TdmFile.From(new PolicyFetchResult(503, default)).Unreachable);

    private static string Find(string json, string path) => Describe(TdmFile.Parse(Encoding.UTF8.GetBytes(json)).Find(path));

    private static string Describe(TdmRule? rule) => rule is null ? "none" : $"{(rule.IsReserved ? 1 : 0)} {rule.Policy}".Trim();
}
