using System.Net;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.OptOuts;

namespace LaionStream.Engine.Tests.Download;

/// <summary>Asking again about pictures that were fetched before.</summary>
public sealed class ReexaminerTests
{
    private readonly List<string> _asked = [];

    [Theory]
    [InlineData(false, null, "None 0")]
    [InlineData(true, "noai", "HeaderOptOut 1")]
    [InlineData(true, "all", "None 0")]
    public async Task AskAsync_Headers_OnlyIfWanted(bool headers, string? robotsTag, string expected)
    {
        using ModuleUnderTest module = Module(robotsTag);

        DropOutcome outcome = await module.Module.Reexaminer.AskAsync("http://127.0.0.1:8080/a.png", headers, CancellationToken.None);

        Assert.Equal(expected, $"{outcome.Reason} {outcome.Detail}");
        Assert.Equal(headers, _asked.Contains("HEAD /a.png"));
        Assert.DoesNotContain("GET /a.png", _asked);
        Assert.Equal(0, module.Bodies.Held);
    }

    [Fact]
    public async Task AskAsync_PictureThatIsGone_IsNotReserved()
    {
        using ModuleUnderTest module = Module("noai", HttpStatusCode.Gone);

        Assert.Equal(
            new DropOutcome(DropReason.HttpStatus, 410), await module.Module.Reexaminer.AskAsync("http://127.0.0.1:8080/a.png", true, CancellationToken.None));
    }

    private ModuleUnderTest Module(string? robotsTag, HttpStatusCode status = HttpStatusCode.OK) =>
        new(http: new LambdaWeb((request, _) =>
        {
            lock (_asked) { _asked.Add($"{request.Method} {request.RequestUri!.AbsolutePath}"); }
            bool isPicture = request.RequestUri!.AbsolutePath == "/a.png";
            var answer = new HttpResponseMessage(isPicture ? status : HttpStatusCode.NotFound) { Content = new ByteArrayContent([]) };
            if (isPicture && robotsTag is not null) { answer.Headers.TryAddWithoutValidation("X-Robots-Tag", robotsTag); }
            if (isPicture) { answer.Content.Headers.ContentLength = 123_456; }
            return Task.FromResult(answer);
        }), optOut: new OptOutOptions { Preset = OptOutPreset.Strict });
}
