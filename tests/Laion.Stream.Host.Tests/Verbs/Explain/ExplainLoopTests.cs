using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using LaionStream.Host.Verbs.Explain;

namespace LaionStream.Host.Tests.Verbs.Explain;

public sealed class ExplainLoopTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ExplainWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("nonsense")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{}")]
    [InlineData("{\"text\": null}")]
    [InlineData("{\"text\": 5}")]
    [InlineData("{\"text\": \"a dog\", \"raw\": 1}")]
    [InlineData("{\"text\": \"a dog\"")]
    [InlineData("{\"text\": \"a dog\"} {}")]
    [InlineData("{\"text\": \"a dog\",}")]
    [InlineData("{\"text\": \"a \\q dog\"}")]
    [InlineData("{\"text\": \"a \\ud80\"}")]
    [InlineData("{\"robots\": \"\"}")]
    [InlineData("{\"headers\": \"X-Robots-Tag: noai\"}")]
    [InlineData("{\"headers\": [\"noai\"]}")]
    [InlineData("{\"headers\": [[\"X-Robots-Tag\"]]}")]
    [InlineData("{\"headers\": [[\"a\", \"b\", \"c\"]]}")]
    [InlineData("{\"headers\": [5]}")]
    [InlineData("{\"image\": \"/no/such/picture\"}")]
    [InlineData("{\"image\": \"\"}")]
    [InlineData("{\"image\": \"a\\u0000b\"}")]
    public async Task Run_MalformedLine_IsAnsweredAndTheNextLineIsRead(string line)
    {
        JsonElement[] answers = await _world.AskAllAsync([line, "{\"address\": \"8.8.8.8\"}"]);

        Assert.Equal(2, answers.Length);
        Assert.Equal(["error"], answers[0].EnumerateObject().Select(field => field.Name));
        Assert.NotEmpty(answers[0].GetProperty("error").GetString()!);
        Assert.True(answers[1].GetProperty("allowed").GetBoolean());
    }

    [Fact]
    public async Task Run_DamagedUtf8_IsAnsweredAndTheNextLineIsRead()
    {
        string[] answers = (await _world.RunAsync([.. "{\"text\": \"a"u8, 0xFF, .. "\"}\n{\"address\": \"8.8.8.8\"}\n"u8])).Split('\n');

        Assert.Contains("not UTF-8", answers[0], StringComparison.Ordinal);
        Assert.Equal("{\"allowed\":true}", answers[1]);
    }

    [Fact]
    public async Task Run_UnknownFields_AreIgnored()
    {
        string deep = new string('[', 500) + new string(']', 500);
        JsonElement[] answers = await _world.AskAllAsync(
        [
            "{\"note\": {\"text\": [1, {\"url\": null}]}, \"address\": \"10.0.0.1\", \"allowed\": true}",
            "{\"\\ud800\": \"\\udc00\", \"address\": \"8.8.8.8\", \"deep\": " + deep + "}",
            "{\"addre\\u0073s\": \"127.0.0.1\", \"agent\": null, \"text\": null}",
        ]);

        Assert.Equal([false, true, false], answers.Select(answer => answer.GetProperty("allowed").GetBoolean()));
    }

    [Fact]
    public async Task Run_MarkCrLfAndNoLastLineEnd_AreLinesLikeOthers()
    {
        string answers = await _world.RunAsync([0xEF, 0xBB, 0xBF, .. "{\"address\": \"8.8.8.8\"}\r\n{\"address\": \"10.0.0.1\"}"u8]);

        Assert.Equal("{\"allowed\":true}\n{\"allowed\":false}\n", answers);
    }

    [Fact]
    public async Task Run_NoInput_WritesNothing() => Assert.Equal("", await _world.RunAsync([]));

    [Fact]
    public async Task Run_ManyLinesOfAllSizes_AreAnsweredInOrder()
    {
        var random = new Random(3);
        string[] texts = [.. Enumerable.Range(0, 20_000).Select(i => $"number {i} {new string('x', i % 1000 == 0 ? 100_000 : random.Next(40))}")];

        JsonElement[] answers = await _world.AskAllAsync(texts.Select(text => JsonSerializer.Serialize(new { text, raw = true })));

        Assert.Equal(texts, answers.Select(answer => answer.GetProperty("caption").GetString()));
    }

    [Fact]
    public async Task Run_InputPauses_AnswersAreWritten()
    {
        var input = new Pipe();
        var output = new Pipe();
        await using var writer = new StreamWriter(output.Writer.AsStream(), new UTF8Encoding(false), 1 << 16) { NewLine = "\n" };
        using var lines = new StreamReader(output.Reader.AsStream());
        Task loop = ExplainLoop.RunAsync(input.Reader.AsStream(), writer, _world.Explainer.AnswerAsync, CancellationToken.None);
        for (int i = 0; i < 3; i++)
        {
            await input.Writer.WriteAsync(Encoding.UTF8.GetBytes($"{{\"address\": \"{(i == 1 ? "10.0.0.1" : "8.8.8.8")}\"}}\n{{\"addr"));
            Assert.Equal(i == 1 ? "{\"allowed\":false}" : "{\"allowed\":true}", await lines.ReadLineAsync().WaitAsync(Patience));
            await input.Writer.WriteAsync("ess\": \"::1\"}\n"u8.ToArray());
            Assert.Equal("{\"allowed\":false}", await lines.ReadLineAsync().WaitAsync(Patience));
        }

        await input.Writer.CompleteAsync();
        await loop.WaitAsync(Patience);
    }

    [Fact]
    public async Task Run_StoppedWhileWaiting_EndsWithItsAnswersWritten()
    {
        var input = new Pipe();
        using var stop = new CancellationTokenSource();
        await using var output = new StringWriter { NewLine = "\n" };
        Task loop = ExplainLoop.RunAsync(
            input.Reader.AsStream(),
            output,
            async (line, token) =>
            {
                string answer = await _world.Explainer.AnswerAsync(line, token);
                stop.CancelAfter(TimeSpan.FromMilliseconds(50));
                return answer;
            },
            stop.Token);
        await input.Writer.WriteAsync("{\"address\": \"8.8.8.8\"}\n"u8.ToArray());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loop.WaitAsync(Patience));
        Assert.Equal("{\"allowed\":true}\n", output.ToString());
    }
}
