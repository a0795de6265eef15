using System.Text;
using System.Text.Json;
using LaionStream.Explorer.Maps;
using LaionStream.Search.Index;
using LaionStream.Search.Mapping;
using LaionStream.TestWorld;

namespace LaionStream.Explorer.Tests.Maps;

public sealed class MapApiTests
{
    [Fact]
    public async Task Map_ThatIsNotThere_IsAnEmptyAnswer()
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();

        (int status, JsonElement answer) = await served.AskAsync(HttpMethod.Get, "/api/v1/map");

        Assert.Equal(200, status); // nothing is wrong: a browser would write 404 on its console
        Assert.Equal(0, answer.GetProperty("maps").GetArrayLength());
        Assert.Equal(0, answer.GetProperty("ids").GetArrayLength());
        Assert.Equal(404, (await served.AskAsync(HttpMethod.Post, "/api/v1/map/passes", "{}")).Status);
    }

    [Fact]
    public async Task Map_OfAnOutput_HasPlacesGroupsScoresAndWords()
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();
        Build(served);

        (_, JsonElement answer) = await served.AskAsync(HttpMethod.Get, "/api/v1/map?safe=show");

        Assert.Equal([("out", "image"), ("out", "text")], answer.GetProperty("maps").EnumerateArray().Select(map => (map.GetProperty("folder").GetString(), map.GetProperty("kind").GetString())));
        Assert.Equal(("out", "image", 100), (answer.GetProperty("folder").GetString(), answer.GetProperty("kind").GetString(), answer.GetProperty("vectors").GetInt32()));
        Assert.Equal(Enumerable.Range(0, 100).Select(row => (long)row), Ids(answer));
        Assert.Equal((200, 200), (answer.GetProperty("x").GetBytesFromBase64().Length, answer.GetProperty("y").GetBytesFromBase64().Length));
        byte[] unsafes = answer.GetProperty("unsafe").GetBytesFromBase64();
        Assert.Equal(Enumerable.Range(0, 100).Select(row => row % 10 >= 8), unsafes.Select(one => one == 1));
        JsonElement languages = answer.GetProperty("groups").EnumerateArray().Single(group => group.GetProperty("name").GetString() == "language");
        Assert.Equal(["en", "de"], languages.GetProperty("values").EnumerateArray().Select(value => value.GetString()));
        Assert.Equal(Enumerable.Range(0, 100).Select(row => row % 3 == 0), languages.GetProperty("of").GetBytesFromBase64().Select(place => place == 1));
        JsonElement aesthetic = answer.GetProperty("scores").EnumerateArray().Single(score => score.GetProperty("name").GetString() == "aesthetic");
        byte[] scores = aesthetic.GetProperty("of").GetBytesFromBase64();
        Assert.Equal((1, 255, 0), (scores[0], scores[99], answer.GetProperty("scores").EnumerateArray().Count(score => score.GetProperty("name").GetString() == "q16")));
        Assert.Equal(100, Ids((await served.AskAsync(HttpMethod.Get, "/api/v1/map?kind=text&folder=out&safe=blur")).Json).Length);
    }

    [Fact]
    public async Task Map_WithoutASafeMode_LeavesUnsafeRowsOut()
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();
        Build(served);

        Assert.Equal(80, Ids((await served.AskAsync(HttpMethod.Get, "/api/v1/map")).Json).Length);
        Assert.All(Ids((await served.AskAsync(HttpMethod.Get, "/api/v1/map?safe=hide")).Json), id => Assert.InRange(id % 10, 0, 7));
        JsonElement passes = await served.PostAsync("/api/v1/map/passes", new { filter = new { languages = new[] { "de" } } });
        Assert.Equal(80, passes.GetProperty("of").GetBytesFromBase64().Length);
    }

    [Fact]
    public async Task Passes_OfAFilter_AreThePointsThatPass()
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();
        Build(served);

        JsonElement passes = await served.PostAsync("/api/v1/map/passes", new { filter = new { languages = new[] { "de" }, width = new { min = 150 } }, safe = "show" });

        Assert.Equal(Enumerable.Range(0, 100).Select(row => row % 3 == 0 && row >= 50), passes.GetProperty("of").GetBytesFromBase64().Select(one => one == 1));
        Assert.Equal(17, passes.GetProperty("count").GetInt32());
        Assert.Equal((await served.AskAsync(HttpMethod.Get, "/api/v1/map?safe=show")).Json.GetProperty("version").GetString(), passes.GetProperty("version").GetString());
    }

    [Theory]
    [InlineData("GET", "/api/v1/map?kind=sound", null, 404)]
    [InlineData("GET", "/api/v1/map?folder=../../etc", null, 404)]
    [InlineData("GET", "/api/v1/map?safe=perhaps", null, 400)]
    [InlineData("POST", "/api/v1/map/passes", """{"folder":"none"}""", 404)]
    [InlineData("POST", "/api/v1/map/passes", """{"filter":{"colour":1}}""", 400)]
    [InlineData("POST", "/api/v1/map/passes", """{"filters":{}}""", 400)]
    [InlineData("POST", "/api/v1/map/passes", "", 400)]
    public async Task Map_AskedWrongly_SaysWhy(string method, string path, string? body, int expected)
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();
        Build(served);

        (int status, JsonElement answer) = await served.AskAsync(new HttpMethod(method), path, body);

        Assert.Equal(expected, status);
        Assert.NotEmpty(answer.GetProperty("message").GetString()!);
    }

    [Fact]
    public async Task Map_AfterRowsWereRemovedOrCommitted_ShowsWhatIsThere()
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();
        Build(served);
        Assert.Contains(7, Ids((await served.AskAsync(HttpMethod.Get, "/api/v1/map?safe=show")).Json));

        IndexRemoval.Remove(served.Output.Folder, 1, [7, 8]);
        Assert.Equal(98, Ids((await served.AskAsync(HttpMethod.Get, "/api/v1/map?safe=show")).Json).Length);
        Assert.DoesNotContain(7, Ids((await served.AskAsync(HttpMethod.Get, "/api/v1/map?safe=show")).Json));

        string map = Directory.GetFiles(Path.Combine(served.Output.Folder, "index"), "image-*.map").Single();
        Build(served);
        Assert.False(File.Exists(map));
        Assert.Equal(98, Ids((await served.AskAsync(HttpMethod.Get, "/api/v1/map?safe=show")).Json).Length);
    }

    [Fact]
    public async Task Map_ThatIsDamaged_IsSaidWithoutItsPath()
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();
        Build(served);
        string map = Directory.GetFiles(Path.Combine(served.Output.Folder, "index"), "image-*.map").Single();
        byte[] bytes = File.ReadAllBytes(map);
        bytes[^1] ^= 1;
        File.WriteAllBytes(map, bytes);

        (int status, JsonElement answer) = await served.AskAsync(HttpMethod.Get, "/api/v1/map");

        Assert.Equal(503, status);
        Assert.Contains("index --map", answer.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(served.Output.Folder, answer.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labels_OfHeaps_AreTheirOwnWordsAndNeverMarkup()
    {
        string[] captions = ["<script>alert(1)</script> harbour boats", "a harbour at dawn", "‮ mountain <b onload=x>lake</b>", "the mountain lake"];
        await using ServedOutput served = await ServedOutput.StartAsync(output => output.AddPartAsync(
            "en", [.. Enumerable.Range(0, 200).Select(row => MadeOutput.Row(row) with { Text = captions[(row % 2 * 2) + (row / 2 % 2)] })],
            [.. Enumerable.Range(0, 200).Select(row => ServedOutput.Degrees((row % 2 * 90) + (row % 5)))]));
        Build(served);

        (_, JsonElement answer) = await served.AskAsync(HttpMethod.Get, "/api/v1/map?safe=show");

        string[] texts = [.. answer.GetProperty("labels").EnumerateArray().Select(label => label.GetProperty("text").GetString()!)];
        Assert.Contains(texts, text => text.Contains("harbour", StringComparison.Ordinal));
        Assert.Contains(texts, text => text.Contains("mountain", StringComparison.Ordinal) || text.Contains("lake", StringComparison.Ordinal));
        Assert.All(texts, text => Assert.Matches(@"^[\p{L}\p{M}]+( · [\p{L}\p{M}]+)?$", text));
    }

    [Fact]
    public async Task Labels_OfHeapsWithArticles_DoNotHaveThem()
    {
        string[] captions = ["harbour number ", "the mountain with the lake "];
        await using ServedOutput served = await ServedOutput.StartAsync(output => output.AddPartAsync(
            "en", [.. Enumerable.Range(0, 200).Select(row => MadeOutput.Row(row) with { Text = captions[row % 2] + row })],
            [.. Enumerable.Range(0, 200).Select(row => ServedOutput.Degrees((row % 2 * 90) + (row % 5)))]));
        Build(served);

        (_, JsonElement answer) = await served.AskAsync(HttpMethod.Get, "/api/v1/map?safe=show");

        string[] words = [.. answer.GetProperty("labels").EnumerateArray().SelectMany(label => label.GetProperty("text").GetString()!.Split(" · "))];
        Assert.Contains(words, word => word is "mountain" or "lake");
        Assert.DoesNotContain(words, word => word is "the" or "with");
    }

    [Theory]
    [InlineData("a Bus; at the café-bar", "bus café bar")]
    [InlineData("The dog, and its ball: für die Katze, pour les chats", "dog ball katze chats")]
    [InlineData("<img src=x onerror=alert(1)>", "img src onerror alert")]
    [InlineData("富士山 view", "富士 士山 view")]
    [InlineData("กรุงเทพ हिन्दी", "กรุงเทพ हिन्दी")]
    [InlineData("12345 !!! ​‮", "")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ok", "")]
    public void Words_OfACaption_AreRunsOfLetters(string caption, string words)
    {
        var found = new HashSet<string>();

        CaptionWords.Add(Encoding.UTF8.GetBytes(caption.ToLowerInvariant()), found);

        Assert.Equal(words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    private static long[] Ids(JsonElement answer) => [.. answer.GetProperty("ids").EnumerateArray().Select(id => id.GetInt64())];

    private static void Build(ServedOutput served)
    {
        foreach (VectorKind kind in IndexBuilder.KindsOf(served.Output.Folder)) { new MapBuilder(served.Output.Folder, new IndexOptions()).Build(kind, default); }
    }
}
