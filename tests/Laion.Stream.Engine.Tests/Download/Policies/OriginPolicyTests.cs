using System.Net;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Download;
using LaionStream.Engine.Flow;
using LaionStream.Engine.OptOuts;

namespace LaionStream.Engine.Tests.Download.Policies;

/// <summary>The download stage asks the files of an origin that its switches need, each once, and obeys them.</summary>
public sealed class OriginPolicyTests
{
    private const string Reserved = """[{"location":"/open/","tdm-reservation":0},{"location":"/","tdm-reservation":1,"tdm-policy":"https://a.example/p"}]""";

    private readonly Dictionary<string, int> _requests = [];

    [Fact]
    public async Task RunAsync_Standard_AsksNoFile()
    {
        using ModuleUnderTest module = Module(new(), robots: "User-agent: *\nDisallow: /\nContent-Usage: train-ai=n", tdm: Reserved);

        Assert.Equal(OptOutSignal.None, await DecidedAsync(module, "/a.png"));
        Assert.Equal(["/a.png"], _requests.Keys);
    }

    [Theory]
    [InlineData("User-agent: *\nDisallow: /a", "robots_disallow")]
    [InlineData("User-agent: *\nContent-Usage: train-ai=n", "robots_content_usage")]
    [InlineData("User-agent: *\nContent-Signal: ai-train=no", "robots_content_signal")]
    [InlineData("User-agent: *\nAllow: /", "tdm_file")]
    public async Task RunAsync_Strict_NamesTheFilesSignal(string robots, string expected)
    {
        using ModuleUnderTest module = Module(new() { Preset = OptOutPreset.Strict }, robots, Reserved);

        Assert.Equal(expected, (await DecidedAsync(module, "/a.png")).Name());
        await DecidedAsync(module, "/a2.png");
        Assert.Equal(1, _requests["/robots.txt"]);
        Assert.Equal(expected == "tdm_file" ? 1 : 0, _requests.GetValueOrDefault("/.well-known/tdmrep.json"));
    }

    [Fact]
    public async Task RunAsync_TdmFile_HeaderOverFile()
    {
        using ModuleUnderTest open = Module(new() { TdmRep = true }, null, Reserved, header: "0");
        using ModuleUnderTest closed = Module(new() { TdmRep = true }, null, Reserved, header: "1");
        using ModuleUnderTest silent = Module(new() { TdmRep = true }, null, Reserved);

        Assert.Equal(OptOutSignal.None, await DecidedAsync(open, "/a.png"));
        Assert.Equal(OptOutSignal.TdmReservation, await DecidedAsync(closed, "/open/a.png"));
        Assert.Equal(OptOutSignal.None, await DecidedAsync(silent, "/open/a.png"));
        Assert.Equal(OptOutSignal.TdmFile, await DecidedAsync(silent, "/a.png"));
        Assert.Equal(0, _requests.GetValueOrDefault("/robots.txt"));
    }

    [Fact]
    public async Task RunAsync_TdmPolicy_IsKeptFromTheFile()
    {
        using ModuleUnderTest module = Module(new() { TdmRep = true }, null, Reserved, header: "0");

        Assert.Equal("https://a.example/p", (await StepAsync(module, "/a.png")).Row!.Fetch.TdmPolicy);
        Assert.Null((await StepAsync(module, "/open/a.png")).Row!.Fetch.TdmPolicy);
    }

    [Fact]
    public async Task RunAsync_ContentSignalOnly_CountsTheDisallowThatItDoesNotObey()
    {
        using ModuleUnderTest module = Module(new() { ContentSignal = true }, "User-agent: *\nDisallow: /a", null);

        Assert.Equal(OptOutSignal.None, await DecidedAsync(module, "/a.png"));
        Assert.Equal([(OptOutSignal.RobotsDisallow, 1L)], module.OptOuts.Seen);
    }

    [Fact]
    public async Task RunAsync_TdmFileThatCannotBeFetched_DropsForThatReason()
    {
        using ModuleUnderTest module = Module(new() { TdmRep = true }, null, tdm: null, missing: HttpStatusCode.ServiceUnavailable);

        Assert.Equal(new DropOutcome(DropReason.HttpStatus, 503), (await StepAsync(module, "/a.png")).Drop);
        Assert.Equal(0, _requests.GetValueOrDefault("/a.png"));
    }

    [Fact]
    public async Task RunAsync_FileThatDoesNotExist_AllowsEverything()
    {
        using ModuleUnderTest module = Module(new() { Preset = OptOutPreset.Strict }, null, null);

        Assert.Equal(OptOutSignal.None, await DecidedAsync(module, "/a.png"));
    }

    private ModuleUnderTest Module(OptOutOptions options, string? robots, string? tdm, string? header = null, HttpStatusCode missing = HttpStatusCode.NotFound) =>
        new(configure: now => now.Retries = 0, http: new LambdaWeb((request, _) =>
        {
            string path = request.RequestUri!.AbsolutePath;
            lock (_requests) { _requests[path] = _requests.GetValueOrDefault(path) + 1; }
            string? text = path == "/robots.txt" ? robots : path == "/.well-known/tdmrep.json" ? tdm : "";
            HttpResponseMessage answer = text is null ? new(missing) { Content = new ByteArrayContent([]) }
                : new(HttpStatusCode.OK) { Content = text.Length > 0 ? new StringContent(text) : new ByteArrayContent(new byte[6000]) };
            if (header is not null && text is "") { answer.Headers.TryAddWithoutValidation("tdm-reservation", header); }
            return Task.FromResult(answer);
        }), optOut: options);

    private static async Task<OptOutSignal> DecidedAsync(ModuleUnderTest module, string path) => OptOutSignals.Of((await StepAsync(module, path)).Drop);

    private static async Task<Step<FetchedImage>> StepAsync(ModuleUnderTest module, string path)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        Step<FetchedImage> step = await module.Module.Stage.RunAsync(ModuleUnderTest.Row("http://127.0.0.1:8080" + path), limit.Token);
        step.Row?.Dispose();
        return step;
    }
}
