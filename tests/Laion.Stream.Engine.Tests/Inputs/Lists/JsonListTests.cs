using System.Text;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs.Queue;

namespace LaionStream.Engine.Tests.Inputs.Lists;

/// <summary>JSON in its common variants: arrays, keys in any case, captions that are not text, Python's numbers.</summary>
public sealed class JsonListTests : IDisposable
{
    private readonly ListWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("a.json", """[{"url":"https://a/1","caption":"a black cat","n":1},{"url":"https://a/2","caption":"a [white], \"}{\" cat","n":2}]""")]
    [InlineData("a.json.gz",
        "\uFEFF\n [\n  {\n \"url\" : \"https://a/1\",\n  \"caption\": \"a black cat\", \"n\": 1 } ,\r\n\t{\"n\":2,\"caption\":\"a [white], \\\"}{\\\" cat\",\"url\":\"https://a/2\"}\n]\n")]
    [InlineData("a.json",
        "[{\"url\":\"https://a/1\",\"caption\":\"a black cat\",\"n\":1}]\n[{\"url\":\"https://a/2\",\"caption\":\"a [white], \\\"}{\\\" cat\",\"n\":2}]")]
    [InlineData("a.json",
        "{\"url\":\"https://a/1\",\"caption\":\"a black cat\",\"n\":1}\n{\"url\":\"https://a/2\",\"caption\":\"a [white], \\\"}{\\\" cat\",\"n\":2}\n")]
    [InlineData("a.jsonl",
        "[{\"url\":\"https://a/1\",\"caption\":\"a black cat\",\"n\":1},{\"url\":\"https://a/2\",\"caption\":\"a [white], \\\"}{\\\" cat\",\"n\":2}]")]
    public async Task ReadAsync_ArrayOfObjects_GivesItsObjects(string name, string content)
    {
        List<LinkOutcome> outcomes = await _world.ReadAsync(_world.Write(name, content));

        Assert.Equal([("https://a/1", "a black cat", 1L), ("https://a/2", "a [white], \"}{\" cat", 2L)],
            outcomes.Select(v => (v.Candidate!.Url, v.Candidate.Text!, (long)v.Candidate.Extras![0]!)));
        Assert.Equal((0L, false), (_world.Health.BadRecords, _world.Health.Truncated));
    }

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    [InlineData("[\"a black cat\"]")]
    [InlineData("{\"en\":\"a black cat\"}")]
    [InlineData("null")]
    [InlineData("NaN")]
    public async Task ReadAsync_CaptionThatIsNoText_IsNone(string caption)
    {
        InputFile file = _world.Write("a.jsonl", $"{{\"url\":\"https://a/1\",\"caption\":\"a white cat\"}}\n{{\"url\":\"https://a/2\",\"caption\":{caption}}}\n");

        Assert.Equal([DropReason.None, DropReason.NoAlt], (await _world.ReadAsync(file)).Select(outcome => outcome.Reason));
    }

    [Fact]
    public async Task ReadAsync_ArrayWithOtherElements_CountsEachAsOneRow()
    {
        InputFile file = _world.Write("a.json",
            """[null, 17, "text", [1,[2]], {"url":"https://a/1","caption":"a black cat"}, {"url":true,"caption":"a black cat"}, {"url":"https://a/2" "caption"}, {"url":"https://a/3","caption":"a white cat"}]""");

        List<LinkOutcome> outcomes = await _world.ReadAsync(file);

        Assert.Equal(8, outcomes.Count);
        Assert.Equal([4, 7], outcomes.Select((outcome, i) => outcome.Candidate is null ? -1 : i).Where(i => i >= 0));
    }

    [Fact]
    public async Task ReadAsync_LongArray_NeedsOneElementAtATimeAndNamesACut()
    {
        var text = new StringBuilder("[");
        for (int i = 0; i < 20_000; i++)
        {
            text.Append(i == 0 ? "" : ",").Append($"{{\"url\":\"https://a/{i}\",\"caption\":\"cat number {i} \\\"quoted\\\" \\\\\"}}");
        }
        InputFile file = _world.Write("a.json", text + ",{\"url\":\"https://a/x\",\"caption\":\"cu");

        List<LinkOutcome> outcomes = await _world.ReadAsync(file);

        Assert.Equal(20_001, outcomes.Count);
        Assert.All(outcomes.Take(20_000),
            (outcome, i) => Assert.Equal(($"https://a/{i}", $"cat number {i} \"quoted\" \\"), (outcome.Candidate!.Url, outcome.Candidate.Text)));
        Assert.Equal(DropReason.BadUrl, outcomes[^1].Reason);
        Assert.True(_world.Health.Truncated);
    }

    [Fact]
    public async Task ReadAsync_ElementBeyondTheLimit_CostsOneRow()
    {
        string huge = $"{{\"url\":\"https://a/1\",\"caption\":\"{new string('x', 3 << 20)}\"}}";
        List<LinkOutcome> outcomes =
            await _world.ReadAsync(
            _world.Write("a.json", $$"""[{"url":"https://a/0","caption":"a black cat"},{{huge}},{"url":"https://a/2","caption":"a white cat"}]"""));

        Assert.Equal(["https://a/0", null, "https://a/2"], outcomes.Select(outcome => outcome.Candidate?.Url));
    }

    [Theory]
    [InlineData("""["a list","of captions"]""")]
    [InlineData("""{"en":"a caption in an object"}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("NaN")]
    public async Task ReadAsync_CaptionThatIsNotText_IsNull(string caption)
    {
        InputFile file = _world.Write("a.jsonl", $$"""
            {"url":"https://a/1","caption":"a black cat"}
            {"url":"https://a/2","caption":{{caption}}}
            """);

        List<LinkOutcome> outcomes = await _world.ReadAsync(file);

        Assert.Equal([DropReason.None, DropReason.NoAlt], outcomes.Select(outcome => outcome.Reason));
    }

    [Fact]
    public async Task ReadAsync_UrlThatIsAList_IsABadUrl()
    {
        List<LinkOutcome> outcomes = await _world.ReadAsync(_world.Write("a.jsonl", """
            {"url":["https://a/1"],"caption":"a black cat"}
            {"url":"https://a/2","caption":"a black cat"}
            """));

        Assert.Equal([DropReason.BadUrl, DropReason.None], outcomes.Select(outcome => outcome.Reason));
    }

    /// <summary>As in a Parquet list, whose columns of lists are not captions either.</summary>
    [Fact]
    public async Task ReadAsync_CaptionAlwaysAList_TakesTheNextCaptionColumn()
    {
        List<LinkOutcome> outcomes = await _world.ReadAsync(_world.Write("a.jsonl", """
            {"url":"https://a/1","caption":["one","two"],"text":"a black cat"}
            {"url":"https://a/2","caption":null,"text":"a white cat"}
            """));

        Assert.Equal(["a black cat", "a white cat"], outcomes.Select(outcome => outcome.Candidate!.Text));
        Assert.Equal("[\"one\",\"two\"]", outcomes[0].Candidate!.Extras!.Single());
    }

    [Fact]
    public async Task ReadAsync_KeysInAnyCase_AreOneColumn()
    {
        string start = string.Concat(Enumerable.Range(0, 5000).Select(i => $"{{\"url\":\"https://a/{i}\",\"Text\":\"cat number {i}\",\"Breite\":{i}}}\n"));
        InputFile file = _world.Write("a.jsonl", "{\"URL\":\"https://a/x\",\"TEXT\":\"an early cat\",\"breite\":1}\n" + start
            + "{\"uRL\":\"https://a/y\",\"tEXT\":\"a late cat\",\"BREITE\":7}\n");

        List<LinkOutcome> outcomes = await _world.ReadAsync(file);

        Assert.All(outcomes, outcome => Assert.NotNull(outcome.Candidate));
        Assert.Equal([1L, 0L, 7L], new[] { outcomes[0], outcomes[1], outcomes[^1] }.Select(outcome => outcome.Candidate!.Extras!.Single()));
        Assert.Empty(_world.Logs.Lines);
    }

    [Fact]
    public async Task ReadAsync_NumbersThatJsonHasNoWordFor_AreMissingValues()
    {
        InputFile file = _world.Write("a.jsonl", """
            {"score": NaN, "url":"https://a/1","caption":"NaN, Infinity and \" NaN","n":-Infinity}
            {"score": 0.5, "url":"https://a/2","caption":"a white cat","n":3}
            {"score": Infinity, "url":"https://a/3","caption":"a brown cat","n":NaN}
            """);

        List<LinkOutcome> outcomes = await _world.ReadAsync(file);

        Assert.Equal(["NaN, Infinity and \" NaN", "a white cat", "a brown cat"], outcomes.Select(outcome => outcome.Candidate?.Text));
        Assert.Equal([[null, null], [0.5, 3L], [null, null]], outcomes.Select(outcome => outcome.Candidate!.Extras!));
        Assert.Equal(0, _world.Health.BadRecords);
    }
}
