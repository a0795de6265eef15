using LaionStream.Host.Verbs;

namespace LaionStream.Host.Tests.Verbs;

/// <summary>Values of rows as JSON.</summary>
public sealed class RowJsonTests
{
    [Fact]
    public void Of_ValueOfEachType_IsWrittenAsReadersExpect()
    {
        string json = RowJson.Of(
        [
            new("text", "é <b>"),
            new("none", null),
            new("yes", true),
            new("byte", (byte)7),
            new("short", (short)-7),
            new("uint", uint.MaxValue),
            new("long", long.MinValue),
            new("ulong", ulong.MaxValue),
            new("float", 0.1f),
            new("nan", float.NaN),
            new("infinite", double.PositiveInfinity),
            new("decimal", 1.50m),
            new("bytes", new byte[] { 1, 2, 3 }),
            new("date", new DateOnly(2026, 11, 29)),
            new("time", new TimeOnly(7, 5)),
            new("at", new DateTime(2026, 11, 29, 7, 5, 0)),
            new("span", TimeSpan.FromSeconds(90)),
            new("id", Guid.Empty),
            new("list", new List<object?> { "a", 1, null, double.NaN }),
            new("map", new Dictionary<string, object?> { ["a"] = new[] { 1L, 2L } }),
        ]);

        Assert.Equal(
            """{"text":"é <b>","none":null,"yes":true,"byte":7,"short":-7,"uint":4294967295,"long":-9223372036854775808,"ulong":18446744073709551615,"float":0.1,"""
            + """ "nan":null,"infinite":null,"decimal":1.50,"bytes":"AQID","date":"2026-11-29","time":"07:05:00.0000000","at":"2026-11-29T07:05:00Z",""".TrimStart()
            + """ "span":"00:01:30","id":"00000000-0000-0000-0000-000000000000","list":["a",1,null,null],"map":{"a":[1,2]}}""".TrimStart(),
            json);
    }
}
