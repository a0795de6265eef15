using System.Text.Json;
using LaionStream.TestWorld;

namespace LaionStream.Host.Tests.Verbs.Explain;

/// <summary>The golden files as a script would compare them with us: their lines in, our lines out.</summary>
public sealed class ExplainGoldenTests : IDisposable
{
    private readonly ExplainWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Headers_GoldenRows_NoneWrong() =>
        Assert.Equal(69, await CountRightAsync(ExplainWorld.Golden("Laion.Stream.Engine.Tests", "Download", "Golden", "x-robots-tag.jsonl"), row => row,
            (row, answer) =>
            answer.GetProperty("allowed").GetBoolean() == (row.GetProperty("verdict").GetString() == "allow")));

    [Fact]
    public async Task Robots_GoldenRows_NoneWrong() =>
        Assert.Equal(136, await CountRightAsync(ExplainWorld.Golden("Laion.Stream.Engine.Tests", "Download", "Golden", "robots.jsonl"), row => row,
            (row, answer) =>
            answer.GetProperty("allowed").GetBoolean() == row.GetProperty("allowed").GetBoolean()));

    [Theory]
    [InlineData("address", "value", 125)]
    [InlineData("url", "value", 89)]
    [InlineData("url", "host", 70)]
    public async Task Address_GoldenRows_NoneWrong(string kind, string field, int rows)
    {
        string[] golden = [.. ExplainWorld.Golden("Laion.Stream.Engine.Tests", "Download", "Golden", "ssrf.jsonl")
            .Where(line => Parse(line).GetProperty("kind").GetString() == kind && Parse(line).TryGetProperty(field, out _))];

        Assert.Equal(rows, await CountRightAsync(golden, row => new { address = row.GetProperty(field).GetString() }, (row, answer) =>
            answer.GetProperty("allowed").GetBoolean() != row.GetProperty("must_block").GetBoolean()));
    }

    [Fact]
    public async Task Url_GoldenAddresses_HaveWhatwgsHost()
    {
        string[] golden = [.. ExplainWorld.Golden("Laion.Stream.Engine.Tests", "Download", "Golden", "ssrf.jsonl")
            .Where(line => Parse(line).GetProperty("kind").GetString() == "url")];

        Assert.Equal(89, await CountRightAsync(golden, row => new { url = row.GetProperty("value").GetString() }, (row, answer) =>
            row.TryGetProperty("host", out JsonElement host) && answer.TryGetProperty("host", out JsonElement ours)
                ? ours.GetString() == host.GetString()
                : answer.GetProperty("reason").GetString() == "bad_url"));
    }

    [Fact]
    public async Task Text_CommittedLanguages_AreCld3s() =>
        Assert.Equal(208, await CountRightAsync(ExplainWorld.Golden("Laion.Stream.Text.Tests", "Languages", "cld3-fixture.jsonl"), Raw, (row, answer) =>
            IsSame(answer, row.GetProperty("laion")[0], row.GetProperty("laion")[1], row.GetProperty("laion")[2])));

    [SkippableFact]
    public async Task Text_AllLanguages_AreCld3s()
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);

        Assert.Equal(4298, await CountRightAsync(File.ReadAllLines(SharedData.PathOf("data", "golden", "cld3-5-2000.jsonl")), Raw, (row, answer) =>
            IsSame(answer, row.GetProperty("language"), row.GetProperty("probability"), row.GetProperty("is_reliable"))));
    }

    [SkippableFact]
    public async Task Text_WithVocabularyOnly_HasOpenAisTokens()
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);
        using var world = new ExplainWorld(null, ("Models:Path", SharedData.PathOf("models", "clip-bpe")));

        Assert.Equal(2579, await CountRightAsync(world, File.ReadAllLines(SharedData.PathOf("data", "golden", "clip-ids-plain.jsonl")), Raw, (row, answer) =>
            answer.GetProperty("tokens").EnumerateArray().Select(id => id.GetInt32())
                .SequenceEqual(row.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()))));
    }

    [SkippableFact]
    public async Task Text_Laion5bRules_AreTheOriginals()
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);
        using var world = new ExplainWorld(null, ("Candidates:Rules", "laion5b"), ("Candidates:MaxCaption", "1000000"));
        string[] golden = [.. File.ReadAllLines(SharedData.PathOf("data", "golden", "ftfy.jsonl")).Where(line => Parse(line).TryGetProperty("input", out _))];

        Assert.True(golden.Length > 1000);
        await CountRightAsync(world, golden, row => new { text = row.GetProperty("input").GetString() }, (row, answer) =>
            row.GetProperty("laion5b").GetString() is var expected && expected!.EnumerateRunes().Count() < 5
                ? answer.GetProperty("caption").ValueKind == JsonValueKind.Null && answer.GetProperty("reason").GetString() == "short_caption"
                : answer.GetProperty("caption").GetString() == expected);
    }

    [SkippableFact]
    public async Task Url_WebPlatformTests_AreResolvedAsBrowsersDo()
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);
        string[] golden =
        [
            .. Parse(File.ReadAllText(SharedData.PathOf("data", "url", "wpt", "urltestdata.json"))).EnumerateArray()
                .Where(row => row.ValueKind == JsonValueKind.Object).Select(row => row.GetRawText().ReplaceLineEndings(" ")),
        ];

        // The row's own JSON is renamed to our fields: some of its strings contain lone surrogates.
        int rows = await CountRightAsync(_world, golden, line => line.Replace("\"input\":", "\"url\":", StringComparison.Ordinal), (row, answer) =>
            IsWeb(row)
                ? answer.GetProperty("host").GetString() == row.GetProperty("hostname").GetString()
                    && answer.GetProperty("scheme").GetString() + ":" == row.GetProperty("protocol").GetString()
                : answer.GetProperty("reason").GetString() == "bad_url");
        Assert.True(rows > 500, $"{rows} rows");
    }

    private static bool IsWeb(JsonElement row) => !row.TryGetProperty("failure", out _) && row.GetProperty("protocol").GetString() is "http:" or "https:";

    private static object Raw(JsonElement row) => new { text = row.GetProperty("text").GetString(), raw = true, language = "xx" };

    private static bool IsSame(JsonElement answer, JsonElement language, JsonElement probability, JsonElement reliable) =>
        answer.GetProperty("language").GetString() == language.GetString()
        && Math.Abs(answer.GetProperty("probability").GetDouble() - probability.GetDouble()) <= 1e-4
        && answer.GetProperty("reliable").GetBoolean() == reliable.GetBoolean();

    private Task<int> CountRightAsync(string[] golden, Func<JsonElement, object> question, Func<JsonElement, JsonElement, bool> isRight) =>
        CountRightAsync(_world, golden, question, isRight);

    private static Task<int> CountRightAsync(ExplainWorld world, string[] golden, Func<JsonElement, object> question,
        Func<JsonElement, JsonElement, bool> isRight) =>
        CountRightAsync(world, golden, line => JsonSerializer.Serialize(question(Parse(line))), isRight);

    /// <summary>Rows, after checking that every answer is right.</summary>
    private static async Task<int> CountRightAsync(ExplainWorld world, string[] golden, Func<string, string> question,
        Func<JsonElement, JsonElement, bool> isRight)
    {
        JsonElement[] answers = await world.AskAllAsync(golden.Select(question));
        Assert.Equal(golden.Length, answers.Length);
        Assert.Empty(golden.Zip(answers).Where(pair => pair.Second.TryGetProperty("error", out _) || !isRight(Parse(pair.First), pair.Second))
            .Select(pair => $"{pair.First} -> {pair.Second}"));
        return golden.Length;
    }

    private static JsonElement Parse(string json) => JsonSerializer.Deserialize<JsonElement>(json);
}
