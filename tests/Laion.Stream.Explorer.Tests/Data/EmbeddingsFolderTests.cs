using System.Text.Json;
using LaionStream.Explorer.Data;
using LaionStream.TestWorld;

namespace LaionStream.Explorer.Tests.Data;

/// <summary>Folders of embeddings that clip-retrieval or autofaiss made, served like outputs.</summary>
public sealed class EmbeddingsFolderTests
{
    /// <summary>What img2dataset and clip-retrieval write, and other names and types that people's metadata have.</summary>
    public static TheoryData<string> Metadata =>
    [
        "SELECT i::VARCHAR AS image_path, 'picture ' || i AS caption, 'https://a.example/' || i || '.jpg' AS url, 'UNLIKELY' AS NSFW, 0.3::DOUBLE AS similarity, 200 AS width, 100 AS height FROM range({0}, {1}) t(i)",
        "SELECT 'https://a.example/' || i || '.jpg' AS URL, 'picture ' || i AS TEXT, 200 AS WIDTH, 100 AS HEIGHT, 0.3::DOUBLE AS similarity, 'UNLIKELY' AS NSFW, [1, 2] AS boxes, {{'a': i}} AS nested FROM range({0}, {1}) t(i)",
        "SELECT [i] AS first, 'picture ' || i AS text, 'https://a.example/' || i || '.jpg' AS image_url, 200::DOUBLE AS original_width, 100::BIGINT AS original_height, 50 AS width, 50 AS height, 0.3::FLOAT AS similarity, 'UNLIKELY' AS nsfw, i::VARCHAR AS key FROM range({0}, {1}) t(i)",
    ];

    [Theory]
    [MemberData(nameof(Metadata))]
    public async Task Rows_OfAFolderWithMetadata_AreFoundAndHaveTheirColumns(string metadata)
    {
        var world = new TempFolder();
        for (int file = 0; file < 2; file++)
        {
            MadeEmbeddings.Add(world.At("others"), file, [.. Enumerable.Range(50 * file, 50).Select(ServedOutput.Degrees)], string.Format(System.Globalization.CultureInfo.InvariantCulture, metadata, 50 * file, 50 * (file + 1)));
        }

        await using ServedOutput served = await ServedOutput.StartAsync(world, ["others"]);
        JsonElement found = await served.PostAsync("/api/v1/search", new { query = new[] { new { vector = ServedOutput.Degrees(70) } }, limit = 1 });
        JsonElement page = await served.PostAsync("/api/v1/search", new { limit = 100, filter = new { domains = new[] { "a.example" }, width = new { min = 150 }, text = "PICTURE 7", scores = new { similarity = new { min = 0.29 } } } });
        (_, JsonElement clip) = await served.AskAsync(HttpMethod.Post, "/knn-service", """{"embedding_input":[1,0,0,0],"modality":"image","num_images":2,"indice_name":"image"}""");

        JsonElement row = found.GetProperty("rows")[0];
        Assert.Equal((70, "https://a.example/70.jpg", "picture 70"), (row.GetProperty("id").GetInt64(), row.GetProperty("url").GetString(), row.GetProperty("caption").GetString()));
        Assert.Equal((200, 100, "a.example", "UNLIKELY"), (row.GetProperty("width").GetInt32(), row.GetProperty("height").GetInt32(), row.GetProperty("domain").GetString(), row.GetProperty("nsfw").GetString()));
        Assert.Equal(0.3, row.GetProperty("scores").GetProperty("similarity").GetDouble(), 3);
        Assert.Equal(11, page.GetProperty("rows").GetArrayLength()); // 7 and 70 to 79
        Assert.Equal(("https://a.example/0.jpg", "picture 0", "0"), (clip[0].GetProperty("url").GetString(), clip[0].GetProperty("caption").GetString(), clip[0].GetProperty("image_path").GetString()));
        foreach (string path in new[] { "/", "/api/v1/rows/70", "/api/v1/rows/70/similar", "/api/v1/info", "/api/v1/dataset" }) { Assert.True((await served.Client.GetAsync(path)).IsSuccessStatusCode, path); }
        (int run, _) = await served.AskAsync(HttpMethod.Get, "/api/v1/run");
        Assert.Equal(404, run);
        using HttpResponseMessage urls = await served.Client.PostAsync("/api/v1/export", new StringContent("""{"ids":[70],"format":"urls"}"""));
        Assert.Equal("https://a.example/70.jpg\n", await urls.Content.ReadAsStringAsync());
        using HttpResponseMessage parquet = await served.Client.PostAsync("/api/v1/export", new StringContent("""{"ids":[70],"format":"parquet"}"""));
        Assert.True(parquet.IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("img_emb")]
    [InlineData("text_emb")]
    [InlineData("")]
    public async Task Rows_WithoutMetadata_AreFoundWithNulls(string kind)
    {
        var world = new TempFolder();
        MadeEmbeddings.Add(world.At("others"), 0, [.. Enumerable.Range(0, 50).Select(ServedOutput.Degrees)], kind: kind);
        MadeEmbeddings.Add(world.At("others"), 1, [.. Enumerable.Range(50, 50).Select(ServedOutput.Degrees)], kind: kind);

        await using ServedOutput served = await ServedOutput.StartAsync(world, ["others"]);
        JsonElement found = await served.PostAsync("/api/v1/search", new { query = new[] { new { row = 70 } }, limit = 1 });
        JsonElement walk = await served.PostAsync("/api/v1/search", new { limit = 500 });
        (_, JsonElement clip) = await served.AskAsync(HttpMethod.Post, "/knn-service", $$"""{"embedding_input":[1,0,0,0],"modality":"{{(kind == "text_emb" ? "text" : "image")}}","num_images":2,"indice_name":null}""");

        Assert.Equal(70, found.GetProperty("rows")[0].GetProperty("id").GetInt64());
        Assert.Equal(JsonValueKind.Null, found.GetProperty("rows")[0].GetProperty("url").ValueKind);
        Assert.Equal(100, walk.GetProperty("rows").GetArrayLength());
        Assert.Equal((0, JsonValueKind.Null), (clip[0].GetProperty("id").GetInt64(), clip[0].GetProperty("url").ValueKind));
    }

    [Fact]
    public async Task Metadata_WithNullsAndMissingColumns_AreAnsweredWithNulls()
    {
        var world = new TempFolder();
        MadeEmbeddings.Add(
            world.At("others"), 0, [.. Enumerable.Range(0, 3).Select(i => ServedOutput.Degrees(i * 30))],
            "SELECT CASE WHEN i = 1 THEN NULL ELSE 'https://a.example/' || i END AS url, NULL::VARCHAR AS caption, CASE WHEN i = 1 THEN NULL ELSE 'nan'::DOUBLE END AS similarity FROM range(3) t(i)");

        await using ServedOutput served = await ServedOutput.StartAsync(world, ["others"]);
        JsonElement walk = await served.PostAsync("/api/v1/search", new { });
        (_, JsonElement metadata) = await served.AskAsync(HttpMethod.Post, "/metadata", """{"ids":[0,1],"indice_name":"image"}""");
        (_, JsonElement detail) = await served.AskAsync(HttpMethod.Get, "/api/v1/rows/1");
        using HttpResponseMessage urls = await served.Client.PostAsync("/api/v1/export", new StringContent("""{"format":"urls"}"""));

        Assert.Equal("https://a.example/0\nhttps://a.example/2\n", await urls.Content.ReadAsStringAsync());
        Assert.Equal(["https://a.example/0", null, "https://a.example/2"], walk.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("url").GetString()));
        Assert.Equal(JsonValueKind.Null, walk.GetProperty("rows")[0].GetProperty("scores").GetProperty("similarity").ValueKind);
        Assert.Equal(JsonValueKind.Null, detail.GetProperty("columns").GetProperty("caption").ValueKind);
        Assert.Equal("", metadata[0].GetProperty("metadata").GetProperty("caption").GetString()); // its page asks a caption for its length
        Assert.Equal(JsonValueKind.Null, metadata[1].GetProperty("metadata").GetProperty("url").ValueKind);
    }

    /// <summary>Other programs need not store vectors of length 1: what is a copy is told by the cosine.</summary>
    [Theory]
    [InlineData(10f)]
    [InlineData(0.1f)]
    public async Task Search_VectorsOfAnyLength_FoldsOnlyCopies(float length)
    {
        var world = new TempFolder();
        MadeEmbeddings.Add(world.At("others"), 0, [.. new[] { 0, 1, 30, 60, 90, 91 }.Select(degrees => Array.ConvertAll(ServedOutput.Degrees(degrees), number => number * length))], kind: "");

        await using ServedOutput served = await ServedOutput.StartAsync(world, ["others"]);
        JsonElement found = await served.PostAsync("/api/v1/search", new { query = new[] { new { vector = ServedOutput.Degrees(0) } } });

        Assert.Equal(4, found.GetProperty("rows").GetArrayLength());
        Assert.Equal(1, found.GetProperty("rows")[0].GetProperty("duplicates").GetInt32());
    }

    /// <summary>The subset command reads outputs only.</summary>
    [Fact]
    public async Task Command_OfAFolderOfEmbeddings_IsRefused()
    {
        var world = new TempFolder();
        await new MadeOutput(world.At("ours")).AddPartAsync("en", [MadeOutput.Row(0)], [ServedOutput.Degrees(0)]);
        MadeEmbeddings.Add(world.At("others"), 0, [ServedOutput.Degrees(1)], "SELECT 'https://b.example/' || i AS url, i AS hash FROM range(1) t(i)");

        await using ServedOutput served = await ServedOutput.StartAsync(world, ["ours", "others"]);
        foreach (string body in new[] { "{}", """{"filter":{"folders":["others"]}}""", """{"ids":[0,10000000000]}""" })
        {
            (int status, JsonElement error) = await served.AskAsync(HttpMethod.Post, "/api/v1/export/command", body);
            Assert.Equal(400, status);
            Assert.Contains("'others' is a folder of embeddings", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        Assert.Equal(200, (await served.AskAsync(HttpMethod.Post, "/api/v1/export/command", """{"filter":{"folders":["ours"]}}""")).Status);
    }

    [Fact]
    public async Task Folder_BesideAnOutput_IsSearchedWithIt()
    {
        var world = new TempFolder();
        await new MadeOutput(world.At("ours")).AddPartAsync("en", [.. Enumerable.Range(0, 10).Select(MadeOutput.Row)], [.. Enumerable.Range(0, 10).Select(i => ServedOutput.Degrees(i * 2))]);
        MadeEmbeddings.Add(world.At("others"), 0, [.. Enumerable.Range(0, 10).Select(i => ServedOutput.Degrees((i * 2) + 1))], "SELECT 'https://b.example/' || i AS url, 'text ' || i AS caption, i AS width, 1 AS height FROM range(10) t(i)");

        await using ServedOutput served = await ServedOutput.StartAsync(world, ["ours", "others"]);
        JsonElement found = await served.PostAsync("/api/v1/search", new { query = new[] { new { vector = ServedOutput.Degrees(0) } }, limit = 3, distinct = false, safe = "show" });
        using HttpResponseMessage csv = await served.Client.PostAsync("/api/v1/export", new StringContent("""{"ids":[1,10000000001],"format":"urls"}"""));
        using HttpResponseMessage parquet = await served.Client.PostAsync("/api/v1/export", new StringContent("""{"ids":[1,10000000001],"format":"parquet"}"""));

        Assert.Equal([0, 10_000_000_000, 1], found.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("id").GetInt64()));
        Assert.Equal($"{MadeOutput.Row(1).Url}\nhttps://b.example/1\n", await csv.Content.ReadAsStringAsync());
        Assert.True(parquet.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Folder_WhoseMetadataHaveOtherRows_HidesNoOtherFile()
    {
        var world = new TempFolder();
        MadeEmbeddings.Add(world.At("others"), 0, [.. Enumerable.Range(0, 10).Select(ServedOutput.Degrees)], "SELECT 'https://a.example/' || i AS url FROM range(9) t(i)");
        MadeEmbeddings.Add(world.At("others"), 1, [.. Enumerable.Range(10, 10).Select(ServedOutput.Degrees)], "SELECT 'https://b.example/' || i AS url FROM range(10) t(i)");

        await using ServedOutput served = await ServedOutput.StartAsync(world, ["others"]);
        (_, JsonElement info) = await served.AskAsync(HttpMethod.Get, "/api/v1/info");
        (_, JsonElement row) = await served.AskAsync(HttpMethod.Get, "/api/v1/rows/10");

        Assert.Equal(10, info.GetProperty("rows").GetInt64());
        Assert.False(info.GetProperty("folders")[0].GetProperty("readable").GetBoolean());
        Assert.Equal("https://b.example/0", row.GetProperty("url").GetString());
    }

    /// <summary>A folder that others own: nothing can be written into it, and its rows are served all the same.</summary>
    [Fact]
    public async Task Folder_ThatCannotBeWritten_HasItsRowStoreElsewhere()
    {
        var world = new TempFolder();
        MadeEmbeddings.Add(world.At("others"), 0, [.. Enumerable.Range(0, 10).Select(ServedOutput.Degrees)], "SELECT 'https://a.example/' || i AS url FROM range(10) t(i)");
        await File.WriteAllTextAsync(world.At("others", "index"), "in the way"); // for root, too, who may write into any folder

        string? place = RowStorePlace.Of(world.At("others"));
        try
        {
            await using ServedOutput served = await ServedOutput.StartAsync(world, ["others"]);
            (_, JsonElement row) = await served.AskAsync(HttpMethod.Get, "/api/v1/rows/3");

            Assert.Equal("https://a.example/3", row.GetProperty("url").GetString());
            Assert.NotEmpty(Directory.GetFiles(place!, "*.rows"));
        }
        finally
        {
            if (place is not null) { Directory.Delete(place, recursive: true); }
        }
    }

    [Fact]
    public async Task Folder_ThatGrows_IsReadOn()
    {
        var world = new TempFolder();
        MadeEmbeddings.Add(world.At("others"), 0, [.. Enumerable.Range(0, 10).Select(ServedOutput.Degrees)]);
        await using ServedOutput served = await ServedOutput.StartAsync(world, ["others"]);

        MadeEmbeddings.Add(world.At("others"), 1, [.. Enumerable.Range(60, 10).Select(ServedOutput.Degrees)]);
        JsonElement found = default;
        for (int tries = 0; tries < 300; tries++)
        {
            found = await served.PostAsync("/api/v1/search", new { query = new[] { new { vector = ServedOutput.Degrees(65) } }, limit = 1 });
            if (found.GetProperty("rows")[0].GetProperty("id").GetInt64() == 15) { break; }
            await Task.Delay(100);
        }

        Assert.Equal(15, found.GetProperty("rows")[0].GetProperty("id").GetInt64());
    }
}
