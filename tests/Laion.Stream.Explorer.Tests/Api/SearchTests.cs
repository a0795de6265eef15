using System.Text.Json;
using LaionStream.TestWorld;

namespace LaionStream.Explorer.Tests.Api;

public sealed class SearchTests
{
    [Fact]
    public async Task Search_AVector_FindsTheNearestRowsFirst()
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();

        JsonElement page = await served.PostAsync("/api/v1/search", new { query = new[] { new { vector = new[] { 0f, 7f, 0, 0 } } }, safe = "show", distinct = false, limit = 3 });

        Assert.Equal([89, 90, 91], Ids(page).Order()); // float16 tells a degree apart only roughly
        Assert.Equal(1, page.GetProperty("rows")[0].GetProperty("score").GetDouble(), 3);
    }

    [Fact]
    public async Task Search_ByCursor_GoesOnWhereItEnded()
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();
        var ids = new List<long>();
        string? cursor = null;
        do
        {
            JsonElement page = await served.PostAsync("/api/v1/search", new { query = new[] { new { row = 0 } }, safe = "show", distinct = false, limit = 33, cursor });
            ids.AddRange(Ids(page));
            cursor = page.GetProperty("cursor").GetString();
        }
        while (cursor is not null);

        Assert.Equal(Enumerable.Range(0, 100).Select(i => (long)i), ids);
    }

    [Fact]
    public async Task Search_Distinct_FoldsRowsWithinTwentyDegrees()
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();

        JsonElement page = await served.PostAsync("/api/v1/search", new { query = new[] { new { row = 0 } }, safe = "show" });

        // cos 20° = 0.9397 is not a copy, cos 19° is
        Assert.Equal([0, 20, 40, 60, 80], Ids(page));
        Assert.Equal([19, 19, 19, 19, 19], page.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("duplicates").GetInt32()));
    }

    [Fact]
    public async Task Search_EqualPerceptualHashes_AreOneRow()
    {
        await using ServedOutput served = await ServedOutput.StartAsync(output => output.AddPartAsync(
            "en",
            [MadeOutput.Row(0), MadeOutput.Row(1) with { Picture = MadeOutput.Row(0).Picture }, MadeOutput.Row(2)],
            [ServedOutput.Degrees(0), ServedOutput.Degrees(40), ServedOutput.Degrees(80)]));

        JsonElement page = await served.PostAsync("/api/v1/search", new { query = new[] { new { row = 0 } } });

        Assert.Equal([0, 2], Ids(page));
        Assert.Equal(1, page.GetProperty("rows")[0].GetProperty("duplicates").GetInt32());
    }

    [Fact]
    public async Task Search_TermsWithWeights_AreAddedUp()
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();

        JsonElement between = await served.PostAsync("/api/v1/search", new { query = new[] { new { row = 20, weight = 1.0 }, new { row = 60, weight = 1.0 } }, safe = "show", distinct = false, limit = 1 });
        JsonElement away = await served.PostAsync("/api/v1/search", new { query = new[] { new { row = 0, weight = -1.0 } }, safe = "show", distinct = false, limit = 1 });

        Assert.InRange(Ids(between)[0], 39, 41);
        Assert.Equal([99], Ids(away));
    }

    [Fact]
    public async Task Search_WithAFilter_LooksOnlyAtItsRows()
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();

        JsonElement page = await served.PostAsync(
            "/api/v1/search", new { query = new[] { new { row = 50 } }, filter = new { languages = new[] { "de" } }, distinct = false, limit = 3 });

        Assert.Equal([45, 51, 54], Ids(page).Order()); // 48 is unsafe
    }

    [Fact]
    public async Task Similar_OfARow_LeavesItOut()
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();

        (int status, JsonElement page) = await served.AskAsync(HttpMethod.Get, "/api/v1/rows/0/similar?limit=2&safe=show");
        (int missing, _) = await served.AskAsync(HttpMethod.Get, "/api/v1/rows/100/similar");

        Assert.Equal((200, 404), (status, missing));
        Assert.Equal([20, 40], Ids(page));
    }

    public static TheoryData<string, int, string?> Mistakes => new()
    {
        { "", 400, null },
        { "{", 400, null },
        { "[]", 400, null },
        { "null", 400, null },
        { "\"text\"", 400, null },
        { """{"limit":0}""", 400, "limit" },
        { """{"limit":501}""", 400, "limit" },
        { """{"limit":"many"}""", 400, "limit" },
        { """{"limit":1e99}""", 400, "limit" },
        { """{"cursor":"x"}""", 400, "cursor" },
        { """{"cursor":"AAAA"}""", 400, "cursor" },
        { """{"safe":"no"}""", 400, "safe" },
        { """{"fliter":{}}""", 400, "fliter" },
        { """{"filter":{"width":{"least":5}}}""", 400, "filter.width.least" },
        { """{"filter":{"date":{"from":"yesterday"}}}""", 400, "filter.date.from" },
        { """{"filter":{"sets":[null]}}""", 400, "filter.sets" },
        { """{"filter":{"scores":{"similarity":null}}}""", 400, "filter.scores" },
        { """{"index":"sound","query":[{"row":1}]}""", 404, "index" },
        { """{"query":[{}]}""", 400, "query[0]" },
        { """{"query":[null]}""", 400, "query[0]" },
        { """{"query":[{"row":1,"vector":[1,0,0,0]}]}""", 400, "query[0]" },
        { """{"query":[{"row":1000}]}""", 404, "query[0].row" },
        { """{"query":[{"row":-1}]}""", 404, "query[0].row" },
        { """{"query":[{"vector":[0,0,0,0]}]}""", 400, "query[0].vector" },
        { """{"query":[{"vector":[1,0]}]}""", 400, "query[0].vector" },
        { """{"query":[{"vector":[1e39,0,0,0]}]}""", 400, "query[0].vector" },
        { """{"query":[{"vector":["NaN",0,0,0]}]}""", 400, "query[0].vector[0]" },
        { """{"query":[{"vector":[NaN,0,0,0]}]}""", 400, "query[0].vector[0]" },
        { """{"query":[{"row":1,"weight":1e300}]}""", 400, "query[0].weight" },
        { """{"query":[{"row":1},{"row":1,"weight":-1}]}""", 400, "query" },
        { """{"query":[{"text":"a cat"}]}""", 501, "query[0].text" },
        { """{"query":[{"picture":"%%%"}]}""", 400, "query[0].picture" },
        { """{"query":[{"picture":""}]}""", 400, "query[0].picture" },
        { """{"query":[{"url":"http://127.0.0.1/"}]}""", 403, "query[0].url" },
        { """{"query":[{"row":1},{"row":1},{"row":1},{"row":1},{"row":1},{"row":1},{"row":1},{"row":1},{"row":1},{"row":1},{"row":1},{"row":1},{"row":1},{"row":1},{"row":1},{"row":1},{"row":1}]}""", 400, "query" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task Search_AMistake_IsNamedWithItsField(string body, int expected, string? field)
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();

        (int status, JsonElement error) = await served.AskAsync(HttpMethod.Post, "/api/v1/search", body);

        Assert.Equal(expected, status);
        Assert.False(string.IsNullOrEmpty(error.GetProperty("message").GetString()));
        Assert.DoesNotContain("LaionStream", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        if (field is not null) { Assert.Equal(field, error.GetProperty("field").GetString()); }
    }

    [Fact]
    public async Task Search_WithoutVectors_SaysSo()
    {
        await using ServedOutput served = await ServedOutput.StartAsync(output => output.AddPartAsync("en", [MadeOutput.Row(0)]));

        (int status, JsonElement error) = await served.AskAsync(HttpMethod.Post, "/api/v1/search", """{"query":[{"row":0}]}""");

        Assert.Equal(501, status);
        Assert.Contains("Writing:Embeddings", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static long[] Ids(JsonElement page) => [.. page.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("id").GetInt64())];
}
