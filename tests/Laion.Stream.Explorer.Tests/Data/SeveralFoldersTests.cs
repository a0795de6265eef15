using System.Net;
using System.Text;
using System.Text.Json;
using LaionStream.Dataset.Manifest;
using LaionStream.Explorer.Data;
using LaionStream.Search.Index;
using LaionStream.TestWorld;
using Microsoft.Extensions.Logging.Abstractions;

namespace LaionStream.Explorer.Tests.Data;

/// <summary>One service over the outputs of several boxes.</summary>
public sealed class SeveralFoldersTests
{
    private const long Second = 10_000_000_000;

    [Fact]
    public async Task Search_TwoFolders_MergesByScoreAndTellsTheRowsApart()
    {
        await using ServedOutput served = await TwoAsync();

        JsonElement found = await served.PostAsync("/api/v1/search", new { query = new[] { new { vector = new[] { 0.86515, 0.50151, 0, 0 } } }, limit = 6, distinct = false, safe = "show" });

        // Box 1 has the even degrees, box 2 the odd ones.
        Assert.Equal([15, Second + 15, Second + 14, 16, 14, Second + 16], Ids(found)); // of 30.1 degrees
        JsonElement row = found.GetProperty("rows")[2];
        Assert.Equal(MadeOutput.Row(29).Url, row.GetProperty("url").GetString());
        (_, JsonElement detail) = await served.AskAsync(HttpMethod.Get, $"/api/v1/rows/{Second + 14}");
        Assert.Equal(("box2", 14), (detail.GetProperty("folder").GetString(), detail.GetProperty("position").GetInt32()));
        (_, JsonElement similar) = await served.AskAsync(HttpMethod.Get, $"/api/v1/rows/{Second + 14}/similar?limit=3&safe=show");
        Assert.DoesNotContain(Second + 14, Ids(similar));
        Assert.NotEmpty(Ids(similar));
    }

    [Fact]
    public async Task Search_ByPages_GivesEveryRowOfBothOnce()
    {
        await using ServedOutput served = await TwoAsync();
        foreach (bool isSearch in new[] { false, true })
        {
            var all = new List<long>();
            string? cursor = null;
            do
            {
                JsonElement page = isSearch
                    ? await served.PostAsync("/api/v1/search", new { query = new[] { new { row = Second } }, limit = 7, distinct = false, safe = "show", cursor })
                    : await served.PostAsync("/api/v1/search", new { limit = 7, safe = "show", cursor });
                all.AddRange(Ids(page));
                cursor = page.GetProperty("cursor").GetString();
            }
            while (cursor is not null);

            Assert.Equal([.. Enumerable.Range(0, 50).Select(i => (long)i), .. Enumerable.Range(0, 50).Select(i => Second + i)], all.Order());
        }
    }

    [Fact]
    public async Task Filter_AndFacets_CountOverBothFolders()
    {
        await using ServedOutput served = await TwoAsync();

        JsonElement all = await served.PostAsync("/api/v1/facets", new { safe = "show" });
        JsonElement one = await served.PostAsync("/api/v1/facets", new { filter = new { folders = new[] { "box2" }, languages = new[] { "de" } }, safe = "show" });
        JsonElement rows = await served.PostAsync("/api/v1/search", new { filter = new { folders = new[] { "box2" }, languages = new[] { "de" } }, safe = "show" });
        JsonElement near = await served.PostAsync("/api/v1/search", new { query = new[] { new { row = 0 } }, filter = new { folders = new[] { "box2" } }, limit = 3, distinct = false, safe = "show" });

        Assert.Equal(100, all.GetProperty("rows").GetInt64());
        Assert.Equal(["box1 50", "box2 50"], Counts(all, "folder"));
        Assert.Equal(["en 66", "de 34"], Counts(all, "language"));
        Assert.Equal(100, all.GetProperty("histograms").GetProperty("similarity").GetProperty("counts").EnumerateArray().Sum(count => count.GetInt64()));
        Assert.Equal(["box2 17"], Counts(one, "folder"));
        Assert.Equal(17, Ids(rows).Count);
        Assert.All(Ids(rows), id => Assert.InRange(id, Second, Second + 49));
        Assert.Equal([Second, Second + 1, Second + 2], Ids(near));
    }

    [Fact]
    public async Task Clip_Indices_AreAllTogetherAndEachFolder()
    {
        await using ServedOutput served = await TwoAsync();

        (_, JsonElement names) = await served.AskAsync(HttpMethod.Get, "/indices-list");
        async Task<List<long>> AskAsync(string index, string modality = "image")
        {
            string body = $$"""{"embedding_input":[1,0,0,0],"modality":"{{modality}}","num_images":3,"indice_name":"{{index}}"}""";
            (int status, JsonElement rows) = await served.AskAsync(HttpMethod.Post, "/knn-service", body);
            Assert.Equal(200, status);
            return [.. rows.EnumerateArray().Select(row => row.GetProperty("id").GetInt64())];
        }

        Assert.Equal(["image", "text", "box1", "box2"], names.EnumerateArray().Select(name => name.GetString()));
        Assert.Equal([0, Second, 1], await AskAsync("image"));
        Assert.Equal([0, 1, 2], await AskAsync("box1"));
        Assert.Equal([Second, Second + 1, Second + 2], await AskAsync("box2"));
        Assert.Equal([Second + 49, Second + 48, Second + 47], await AskAsync("box2", "text")); // captions go the other way
        Assert.Equal([Second + 49, 49, Second + 48], await AskAsync("image", "text"));

        (_, JsonElement metadata) = await served.AskAsync(HttpMethod.Post, "/metadata", $$"""{"ids":[3,{{Second + 3}},{{Second + 50}},{{2 * Second}}],"indice_name":"box2"}""");
        Assert.Equal([MadeOutput.Row(6).Url, MadeOutput.Row(7).Url], metadata.EnumerateArray().Select(row => row.GetProperty("metadata").GetProperty("url").GetString()));
    }

    [Fact]
    public async Task Export_OfRowsOfBoth_HasThemAll()
    {
        await using ServedOutput served = await TwoAsync();

        using HttpResponseMessage answer = await served.Client.PostAsync("/api/v1/export", JsonContentOf(new { ids = new[] { 1, Second + 1 }, format = "urls" }));
        JsonElement command = await served.PostAsync("/api/v1/export/command", new { ids = new[] { 1, Second + 1 }, format = "csv" });
        JsonElement ofFilter = await served.PostAsync("/api/v1/export/command", new { filter = new { folders = new[] { "box2" } } });

        Assert.Equal($"{MadeOutput.Row(2).Url}\n{MadeOutput.Row(3).Url}\n", await answer.Content.ReadAsStringAsync());
        Assert.StartsWith("laion-stream subset box1 box2 --output rows.csv --where", command.GetProperty("command").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("laion-stream subset box2 --output", ofFilter.GetProperty("command").GetString(), StringComparison.Ordinal);
    }

    /// <summary>A folder's pictures and captions have one name; the modality tells which are meant.</summary>
    [Fact]
    public async Task Knn_OfAFoldersPicturesAndThenItsCaptions_AreDifferentAnswers()
    {
        await using ServedOutput served = await TwoAsync();
        var nearest = new List<long>();
        foreach (string modality in new[] { "image", "text", "image" })
        {
            (_, JsonElement rows) = await served.AskAsync(
                HttpMethod.Post, "/knn-service", $$"""{"embedding_input":[1,0,0,0],"modality":"{{modality}}","num_images":1,"indice_name":"box1","deduplicate":true}""");
            nearest.Add(rows[0].GetProperty("id").GetInt64());
        }

        Assert.Equal([0, 49, 0], nearest);
    }

    /// <summary>A name that is listed is taken, though the folder has no vectors of pictures.</summary>
    [Fact]
    public async Task Index_OfAFolderWithCaptionsOnly_IsFoundByItsName()
    {
        var world = new TempFolder();
        await AddAsync(new MadeOutput(world.At("box1")), 0, 2);
        MadeEmbeddings.Add(world.At("captions"), 0, [.. Enumerable.Range(0, 3).Select(ServedOutput.Degrees)], kind: "text_emb");

        await using ServedOutput served = await ServedOutput.StartAsync(world, ["box1", "captions"]);
        JsonElement found = await served.PostAsync("/api/v1/search", new { index = "captions", query = new[] { new { vector = ServedOutput.Degrees(2) } }, limit = 1 });
        (int metadata, _) = await served.AskAsync(HttpMethod.Post, "/metadata", """{"ids":[10000000002],"indice_name":"captions"}""");
        (int none, _) = await served.AskAsync(HttpMethod.Post, "/metadata", """{"ids":[10000000002],"indice_name":"others"}""");

        Assert.Equal([Second + 2], Ids(found));
        Assert.Equal((200, 404), (metadata, none));
    }

    /// <summary>Callers catch what the search of one folder throws.</summary>
    [Fact]
    public async Task Search_ThatFailsInAFolder_FailsAsThatOfOneDoes()
    {
        using var world = new TempFolder();
        foreach (string name in new[] { "one", "two" }) { MadeEmbeddings.Add(world.At(name), 0, [.. Enumerable.Range(0, 3).Select(ServedOutput.Degrees)]); }
        await using var data = ExplorerData.Open([world.At("one"), world.At("two")], NullLogger<ExplorerData>.Instance);

        Assert.Throws<ArgumentException>(() => data.Find("image")!.Search(new float[3], 1, null, CancellationToken.None));
    }

    /// <summary>Its rows would have the ids of the next folder's: that is said at the start, not to each that asks.</summary>
    [Theory]
    [InlineData(10_000_000_000, 1)]
    [InlineData(1, 10_000_000_000)]
    public async Task Open_AFolderWithMoreRowsThanIds_FailsByItsName(long first, long second)
    {
        using var world = new TempFolder();
        await AddAsync(new MadeOutput(world.At("small")), 0, 1);
        string state = Directory.CreateDirectory(Path.Combine(world.At("large"), "state")).FullName;
        await File.WriteAllLinesAsync(Path.Combine(state, "manifest.jsonl"), new[] { first, second }.Select((rows, i) => Encoding.UTF8.GetString(
            new ManifestEntry(i + 1, "en", DateTimeOffset.UnixEpoch, rows, [new ManifestFile($"en/part-{i}.parquet", "en/.temp", 1, "00")], new Dictionary<int, string>()).ToLine())));

        foreach (string[] folders in (string[][])[[world.At("large")], [world.At("small"), world.At("large")], [world.At("large"), world.At("small")]])
        {
            InvalidDataException refused = Assert.Throws<InvalidDataException>(() => ExplorerData.Open(folders, NullLogger<ExplorerData>.Instance));
            Assert.StartsWith($"'{world.At("large")}' has rows up to number 10000000000,", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Refresh_AFolderThatIsStillWritten_GrowsAndChangesNoId()
    {
        var world = new TempFolder();
        MadeOutput first = new(world.At("box1"));
        await AddAsync(first, 0, 1);
        await AddAsync(new MadeOutput(world.At("box2")), 1, 1);
        await using ServedOutput served = await ServedOutput.StartAsync(world, ["box1", "box2"]);
        string? before = await UrlAsync(served, Second);

        await AddAsync(first, 2, 1);
        await UntilAsync(served, info => info.GetProperty("rows").GetInt64() == 150);
        JsonElement near = await served.PostAsync("/api/v1/search", new { query = new[] { new { vector = ServedOutput.Degrees(1) } }, limit = 1, filter = new { folders = new[] { "box2" } }, safe = "show" });

        Assert.Equal(before, await UrlAsync(served, Second));
        Assert.Equal([Second], Ids(near));
        Assert.Equal(MadeOutput.Row(2).Url, await UrlAsync(served, 50));
    }

    [Fact]
    public async Task Refresh_AFolderThatVanishes_IsNamedAndTheOthersGrowOn()
    {
        var world = new TempFolder();
        await AddAsync(new MadeOutput(world.At("box1")), 0, 1);
        MadeOutput second = new(world.At("box2"));
        await AddAsync(second, 1, 1);
        await using ServedOutput served = await ServedOutput.StartAsync(world, ["box1", "box2"]);
        await UntilAsync(served, info => info.GetProperty("rows").GetInt64() == 100);

        Directory.Move(world.At("box1"), world.At("away"));
        await AddAsync(second, 3, 1);
        JsonElement info = await UntilAsync(served, info => info.GetProperty("rows").GetInt64() == 150 && !info.GetProperty("folders")[0].GetProperty("readable").GetBoolean());

        Assert.Equal("box1", info.GetProperty("folders")[0].GetProperty("name").GetString());
        Assert.True(info.GetProperty("folders")[1].GetProperty("readable").GetBoolean());
        Assert.Equal(MadeOutput.Row(0).Url, await UrlAsync(served, 0)); // as it was read before
        Assert.Equal(0, Ids(await served.PostAsync("/api/v1/search", new { query = new[] { new { row = 0 } }, limit = 1, safe = "show" }))[0]);
        using HttpResponseMessage thumbnail = await served.Client.GetAsync("/api/v1/rows/0/thumbnail");
        Assert.Equal(HttpStatusCode.NotFound, thumbnail.StatusCode);

        Directory.Move(world.At("away"), world.At("box1"));
        await UntilAsync(served, now => now.GetProperty("folders")[0].GetProperty("readable").GetBoolean());
    }

    [Fact]
    public async Task Start_OnVectorsOfDifferentWidths_NamesTheFolder()
    {
        using var world = new TempFolder();
        await new MadeOutput(world.At("box1")).AddPartAsync("en", [MadeOutput.Row(0)], [[1, 0, 0, 0]]);
        await new MadeOutput(world.At("box2")).AddPartAsync("en", [MadeOutput.Row(0)], [[1, 0, 0]]);

        InvalidDataException refused = await Assert.ThrowsAsync<InvalidDataException>(() => ServedOutput.StartAsync(world, ["box1", "box2"]));

        Assert.Contains("box2", refused.Message, StringComparison.Ordinal);
        Assert.Contains("3 numbers", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_AnIndexPerFolder_IsSearchedAndMergedExactly()
    {
        var world = new TempFolder();
        var random = new Random(7);
        var vectors = new float[2][][];
        for (int box = 0; box < 2; box++)
        {
            vectors[box] = [.. Enumerable.Range(0, 600).Select(_ => Unit([.. Enumerable.Range(0, 16).Select(_ => random.NextSingle() - 0.5f)]))];
            MadeOutput output = new(world.At($"box{box}"));
            await output.AddPartAsync("en", [.. Enumerable.Range(0, 600).Select(MadeOutput.Row)], vectors[box]);
            new IndexBuilder(output.Folder, new IndexOptions { ExactBelow = 100, SegmentRows = 600 }).Build(VectorKind.Image, compacts: false, CancellationToken.None);
        }

        await using ServedOutput served = await ServedOutput.StartAsync(world, ["box0", "box1"]);
        float[] query = vectors[1][5];
        JsonElement found = await served.PostAsync("/api/v1/search", new { query = new[] { new { vector = query } }, limit = 20, distinct = false, safe = "show" });

        double CosineOf(long id)
        {
            double[] stored = [.. vectors[id / Second][id % Second].Select(number => (double)(Half)number)];
            return stored.Zip(query, (a, b) => a * b).Sum() / Math.Sqrt(stored.Sum(a => a * a) * query.Sum(b => (double)b * b));
        }

        long[] nearest = [.. Enumerable.Range(0, 2).SelectMany(box => Enumerable.Range(0, 600).Select(row => (box * Second) + row)).OrderByDescending(CosineOf).Take(20)];
        double[] scores = [.. found.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("score").GetDouble())];
        Assert.Equal(20, Ids(found).Count);
        Assert.All(Ids(found).Zip(scores), row => Assert.Equal(CosineOf(row.First), row.Second, 1e-3)); // exact, whichever index found it
        Assert.Equal(scores.OrderDescending(), scores);
        Assert.Equal(Second + 5, Ids(found)[0]);
        Assert.InRange(Ids(found).Intersect(nearest).Count(), 17, 20); // graphs that several threads build differ, and may miss a row
        Assert.Equal(2, Ids(found).Select(id => id / Second).Distinct().Count());
    }

    [Theory]
    [InlineData(new[] { "/a/out", "/b/out" }, new[] { "a/out", "b/out" })]
    [InlineData(new[] { "/a/out", "/b/more" }, new[] { "out", "more" })]
    [InlineData(new[] { "/x/a/out", "/y/a/out", "/z" }, new[] { "x/a/out", "y/a/out", "z" })]
    [InlineData(new[] { "/out", "/a/out" }, new[] { "out", "a/out" })]
    [InlineData(new[] { "/image", "/text" }, new[] { "./image", "./text" })]
    [InlineData(new[] { "/" }, new[] { "output" })]
    public void Names_OfPaths_AreShortAndEachAnother(string[] paths, string[] expected) => Assert.Equal(expected, FolderNames.Of(paths));

    private static float[] Unit(float[] vector)
    {
        float length = MathF.Sqrt(vector.Sum(number => number * number));
        return Array.ConvertAll(vector, number => number / length);
    }

    private static StringContent JsonContentOf(object body) => new(JsonSerializer.Serialize(body));

    private static List<long> Ids(JsonElement answer) => [.. answer.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("id").GetInt64())];

    private static string[] Counts(JsonElement answer, string facet) =>
        [.. answer.GetProperty("facets").GetProperty(facet).EnumerateArray().Select(one => $"{one.GetProperty("value").GetString()} {one.GetProperty("count").GetInt64()}")];

    private static async Task<string?> UrlAsync(ServedOutput served, long id) => (await served.AskAsync(HttpMethod.Get, $"/api/v1/rows/{id}")).Json.GetProperty("url").GetString();

    private static async Task<JsonElement> UntilAsync(ServedOutput served, Func<JsonElement, bool> isSo)
    {
        for (int tries = 0; tries < 600; tries++)
        {
            JsonElement info = (await served.AskAsync(HttpMethod.Get, "/api/v1/info")).Json;
            if (isSo(info)) { return info; }
            await Task.Delay(100);
        }

        throw new TimeoutException("The service did not come to what the test waits for.");
    }

    /// <summary>Fifty rows and vectors: row n points n · step + first degrees from the first axis, its caption as many from the last row's.</summary>
    private static Task<ManifestEntry> AddAsync(MadeOutput output, int first, int step) => output.AddPartAsync(
        "en", [.. Enumerable.Range(0, 50).Select(i => MadeOutput.Row(first + (i * step)))], [.. Enumerable.Range(0, 50).Select(i => ServedOutput.Degrees(first + (i * step)))],
        [.. Enumerable.Range(0, 50).Select(i => ServedOutput.Degrees(100 - first - (i * step)))]);

    private static async Task<ServedOutput> TwoAsync()
    {
        var world = new TempFolder();
        await AddAsync(new MadeOutput(world.At("box1")), 0, 2);
        await AddAsync(new MadeOutput(world.At("box2")), 1, 2);
        return await ServedOutput.StartAsync(world, ["box1", "box2"]);
    }
}
