using System.Net;
using System.Text.Json;
using LaionStream.Dataset.Rows;
using LaionStream.TestWorld;

namespace LaionStream.Explorer.Tests.Api;

public sealed class BrowsingTests
{
    [Fact]
    public async Task Search_WithoutAQuery_ListsAllRowsInOrderByCursor()
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();
        var ids = new List<long>();
        string? cursor = null;
        do
        {
            JsonElement page = await served.PostAsync("/api/v1/search", new { safe = "show", limit = 30, cursor });
            ids.AddRange(Ids(page));
            cursor = page.GetProperty("cursor").GetString();
        }
        while (cursor is not null);

        Assert.Equal(Enumerable.Range(0, 100).Select(i => (long)i), ids);
    }

    [Fact]
    public async Task Search_WithoutAQuery_FoldsRowsThatHaveThePictureOfAnEarlierOne()
    {
        // Rows 0 to 9 and 10 to 19 have the same ten pictures, in two parts; rows 20 to 22 have no hash.
        static SampleRow Copy(int number) => MadeOutput.Row(number) with
        {
            Picture = MadeOutput.Row(number).Picture with { PHash = number >= 20 ? "0000000000000000" : MadeOutput.Row(number % 10).Picture.PHash },
        };
        await using ServedOutput served = await ServedOutput.StartAsync(async output =>
        {
            await output.AddPartAsync("en", [.. Enumerable.Range(0, 10).Select(Copy)]);
            await output.AddPartAsync("en", [.. Enumerable.Range(10, 13).Select(Copy)]);
        });

        JsonElement first = await served.PostAsync("/api/v1/search", new { safe = "show", limit = 4 });
        JsonElement second = await served.PostAsync("/api/v1/search", new { safe = "show", cursor = first.GetProperty("cursor").GetString() });
        JsonElement whole = await served.PostAsync("/api/v1/search", new { safe = "show", distinct = false });
        JsonElement few = await served.PostAsync("/api/v1/search", new { safe = "show", filter = new { width = new { min = 105 } } }); // rows from 5 on

        Assert.Equal([0, 1, 2, 3], Ids(first));
        Assert.Equal([4, 5, 6, 7, 8, 9, 20, 21, 22], Ids(second));
        Assert.All(first.GetProperty("rows").EnumerateArray(), row => Assert.Equal(1, row.GetProperty("duplicates").GetInt32()));
        Assert.Equal(23, Ids(whole).Length);
        Assert.Equal([5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 20, 21, 22], Ids(few)); // of equal pictures the first that passes
        Assert.Equal([1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0], few.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("duplicates").GetInt32()));
    }

    [Fact]
    public async Task Search_ARow_HasItsFacts()
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();

        JsonElement row = (await served.PostAsync("/api/v1/search", new { safe = "show", limit = 10 })).GetProperty("rows")[9];

        Assert.Equal(MadeOutput.Row(9).Url, row.GetProperty("url").GetString());
        Assert.Equal(MadeOutput.Row(9).Text, row.GetProperty("caption").GetString());
        Assert.Equal("host2.example", row.GetProperty("domain").GetString());
        Assert.Equal("NSFW", row.GetProperty("nsfw").GetString());
        Assert.True(row.GetProperty("unsafe").GetBoolean());
        Assert.Equal(JsonValueKind.Null, row.GetProperty("score").ValueKind);
        Assert.Equal(0.29, row.GetProperty("scores").GetProperty("similarity").GetDouble(), 5);
        Assert.Equal(JsonValueKind.Null, row.GetProperty("scores").GetProperty("q16").ValueKind);
    }

    public static TheoryData<string, Func<int, bool>> Filters => new()
    {
        { """{"languages":["de"]}""", i => i % 3 == 0 },
        { """{"languages":["de","en"]}""", _ => true },
        { """{"languages":["fr"]}""", _ => false },
        { """{"sets":["en"]}""", _ => true },
        { """{"sets":["multi"]}""", _ => false },
        { """{"licences":["?"]}""", i => i % 5 != 0 },
        { """{"domains":["host3.example"]}""", i => i % 7 == 3 },
        { """{"width":{"min":150}}""", i => i >= 50 },
        { """{"width":{"min":150,"max":160},"languages":["de"]}""", i => i is >= 50 and <= 60 && i % 3 == 0 },
        { """{"height":{"max":199}}""", _ => false },
        { """{"aspect":{"max":0.6}}""", i => i <= 20 },
        { """{"date":{"from":"2024-05-02","to":"2024-05-02"}}""", i => i is >= 24 and < 48 },
        { """{"date":{"to":"2024-05-01T05:00:00Z"}}""", i => i <= 5 },
        { """{"scores":{"similarity":{"min":0.31}}}""", i => i % 50 >= 11 },
        { """{"scores":{"aesthetic":{"min":9.5,"max":9.7}}}""", i => i is >= 95 and <= 97 },
        { """{"scores":{"q16":{"min":0}}}""", _ => false },
        { """{"scores":{"nothing":{"max":1}}}""", _ => false },
        { """{"text":"a RED thing"}""", i => i % 2 == 0 },
        { """{"text":"number 4"}""", i => i == 4 || i is >= 40 and < 50 },
        { "{}", _ => true },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task Search_AFilter_LetsTheRightRowsPassAndIsCountedAlike(string filter, Func<int, bool> passes)
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();

        (int status, JsonElement page) = await served.AskAsync(HttpMethod.Post, "/api/v1/search", $$"""{"filter":{{filter}},"safe":"blur","limit":200}""");
        (_, JsonElement facets) = await served.AskAsync(HttpMethod.Post, "/api/v1/facets", $$"""{"filter":{{filter}},"safe":"show"}""");

        Assert.Equal(200, status);
        Assert.Equal(Enumerable.Range(0, 100).Where(passes).Select(i => (long)i), Ids(page));
        Assert.Equal(Enumerable.Range(0, 100).Count(passes), facets.GetProperty("rows").GetInt64());
        Assert.Equal(Enumerable.Range(0, 100).Count(passes), facets.GetProperty("facets").GetProperty("set").EnumerateArray().Sum(value => value.GetProperty("count").GetInt64()));
        Assert.Equal(Enumerable.Range(0, 100).Count(passes), facets.GetProperty("histograms").GetProperty("width").GetProperty("counts").EnumerateArray().Sum(bin => bin.GetInt64()));
    }

    /// <summary>Parts of sizes that are no multiples of 64, one of them moved away: rows keep their numbers and are counted together.</summary>
    [Fact]
    public async Task Search_SeveralParts_AreOneOutput()
    {
        await using ServedOutput served = await ServedOutput.StartAsync(async output =>
        {
            await output.AddPartAsync("en", [.. Enumerable.Range(0, 70).Select(MadeOutput.Row)], [.. Enumerable.Range(0, 70).Select(ServedOutput.Degrees)]);
            await output.AddPartAsync("multi", [.. Enumerable.Range(70, 10).Select(MadeOutput.Row)], [.. Enumerable.Range(70, 10).Select(ServedOutput.Degrees)]);
            await output.AddPartAsync("en", [.. Enumerable.Range(80, 65).Select(MadeOutput.Row)], [.. Enumerable.Range(80, 65).Select(ServedOutput.Degrees)]);
            File.Delete(Path.Combine(output.Folder, "multi", "part-00002.parquet"));
        });
        int[] expected = [.. Enumerable.Range(0, 145).Where(i => i is < 70 or >= 80 && i % 3 == 0).Where(i => i % 3 == 0)];

        JsonElement first = await served.PostAsync("/api/v1/search", new { filter = new { languages = new[] { "de" } }, safe = "show", limit = 30 });
        JsonElement rest = await served.PostAsync("/api/v1/search", new { filter = new { languages = new[] { "de" } }, safe = "show", limit = 30, cursor = first.GetProperty("cursor").GetString() });
        JsonElement near = await served.PostAsync("/api/v1/search", new { query = new[] { new { row = 75 } }, filter = new { languages = new[] { "de" } }, safe = "show", limit = 500, distinct = false });
        JsonElement facets = await served.PostAsync("/api/v1/facets", new { filter = new { languages = new[] { "de" } }, safe = "show" });

        Assert.Equal(expected.Select(i => (long)i), Ids(first).Concat(Ids(rest)));
        Assert.Equal(expected.Select(i => (long)i), Ids(near).Order());
        Assert.Equal(expected.Length, facets.GetProperty("rows").GetInt64());
        Assert.Equal(expected.Length, facets.GetProperty("facets").GetProperty("domain").EnumerateArray().Sum(value => value.GetProperty("count").GetInt64()));
    }

    [Fact]
    public async Task Search_UnlessToldOtherwise_LeavesUnsafeRowsOut()
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();

        long[] ids = Ids(await served.PostAsync("/api/v1/search", new { limit = 200 }));

        Assert.Equal(Enumerable.Range(0, 100).Where(i => i % 10 < 8).Select(i => (long)i), ids);
    }

    [Fact]
    public async Task Rows_ById_HaveEveryColumnAndWhyTheyWereKept()
    {
        await using ServedOutput served = await ServedOutput.StartAsync(async output =>
        {
            await output.AddPartAsync("en", [MadeOutput.Row(0)]);
            await output.AddPartAsync("multi", [MadeOutput.Row(1), MadeOutput.Row(2)]);
            File.WriteAllText(Path.Combine(output.Folder, "summary.json"), """
                {"verb":"run","complete":true,"links":5,"candidates":4,"kept":3,"dropped":{"no_alt":2},"sets":{"en":1,"multi":2},"files":{"known":1,"done":1},
                 "thresholds":{"similarity.en":0.3,"similarity.multi":0.215,"punsafe.max":0.5,"aesthetic.min":4},"written_at":"2024-05-01T00:00:00Z"}
                """);
        });

        (int status, JsonElement row) = await served.AskAsync(HttpMethod.Get, "/api/v1/rows/2");

        Assert.Equal(200, status);
        Assert.Equal(2, row.GetProperty("id").GetInt64());
        Assert.Equal(MadeOutput.Row(2).Hash, row.GetProperty("columns").GetProperty("hash").GetInt64());
        Assert.Equal(("multi/part-00002.parquet", 1), (row.GetProperty("part").GetString(), row.GetProperty("position").GetInt32()));
        Assert.Equal(
            ["aesthetic min 4 False", "punsafe max 0.5 True", "similarity min 0.215 True"],
            row.GetProperty("why").EnumerateArray().Select(why => FormattableString.Invariant(
                $"{why.GetProperty("name")} {why.GetProperty("kind")} {why.GetProperty("limit").GetDouble()} {why.GetProperty("passed").GetBoolean()}")));
    }

    [Theory]
    [InlineData("/api/v1/rows/100")]
    [InlineData("/api/v1/rows/-1")]
    [InlineData("/api/v1/rows/99999999999999999999")]
    [InlineData("/api/v1/rows/1.5")]
    [InlineData("/api/v1/rows/..%2F..%2Fetc%2Fpasswd")]
    [InlineData("/api/v1/nothing")]
    [InlineData("/nothing")]
    [InlineData("/app/nothing.js")]
    [InlineData("/app/..%2f..%2fsummary.json")]
    [InlineData("/app//etc/passwd")]
    public async Task Get_WhatIsNotThere_Is404AsJson(string path)
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();

        (int status, JsonElement error) = await served.AskAsync(HttpMethod.Get, path);

        Assert.Equal(404, status);
        Assert.False(string.IsNullOrEmpty(error.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task Info_WhileARunGoesOn_GrowsWithIt()
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();
        (_, JsonElement before) = await served.AskAsync(HttpMethod.Get, "/api/v1/info");
        await served.Output.AddPartAsync("nolang", [MadeOutput.Row(100)], [ServedOutput.Degrees(100)]);
        for (int i = 0; i < 100 && (await served.AskAsync(HttpMethod.Get, "/api/v1/info")).Json.GetProperty("rows").GetInt64() < 101; i++) { await Task.Delay(100); }
        (_, JsonElement after) = await served.AskAsync(HttpMethod.Get, "/api/v1/info");

        Assert.Equal((100, 101), (before.GetProperty("rows").GetInt64(), after.GetProperty("rows").GetInt64()));
        Assert.Equal(["en", "nolang"], after.GetProperty("sets").EnumerateArray().Select(set => set.GetString()));
        Assert.Equal(101, after.GetProperty("indexes")[0].GetProperty("vectors").GetInt64());
        Assert.False(after.GetProperty("canEmbedText").GetBoolean());
        Assert.True(after.GetProperty("safeModeDefault").GetBoolean());
    }

    [Fact]
    public async Task Root_IsThePage_WithHeadersThatProtectIt()
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();

        using HttpResponseMessage answer = await served.Client.GetAsync("/");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
        Assert.DoesNotContain("unsafe", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.False(answer.Headers.Contains("Server"));
    }

    private static long[] Ids(JsonElement page) => [.. page.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("id").GetInt64())];
}
