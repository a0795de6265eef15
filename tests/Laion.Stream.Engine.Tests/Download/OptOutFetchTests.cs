using System.Net;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Download;
using LaionStream.Engine.Flow;
using LaionStream.Engine.OptOuts;

namespace LaionStream.Engine.Tests.Download;

/// <summary>The download stage obeys the signals whose switches are on, names the one that decided, and counts the others.</summary>
public sealed class OptOutFetchTests
{
    private const string Picture = "http://127.0.0.1:8080/a.png";

    [Fact]
    public async Task RunAsync_HeadersByDefault_AreObeyedAndNamed()
    {
        Assert.Equal(OptOutSignal.ContentUsage, await DecidedAsync(new(), [("Content-Usage", "search=y"), ("Content-Usage", "train-ai=n")]));
        Assert.Equal(OptOutSignal.XRobotsTag, await DecidedAsync(new(), [("X-Robots-Tag", "noai"), ("Content-Usage", "train-ai=n")]));
        Assert.Equal(OptOutSignal.TdmReservation, await DecidedAsync(new(), [("tdm-reservation", "1")]));
        Assert.Equal(OptOutSignal.None, await DecidedAsync(new(), [("Content-Usage", "train-ai=n, =")]));
    }

    [Fact]
    public async Task RunAsync_RedirectThatObjects_AppliesToItsTarget()
    {
        using var module = new ModuleUnderTest(http: new LambdaWeb((request, _) => Task.FromResult(
            request.RequestUri!.AbsolutePath == "/a.png" ? Moved("/b.png", ("Content-Usage", "train-ai=n")) : Sound())), optOut: new());

        Assert.Equal(OptOutSignal.ContentUsage.Outcome(), await OutcomeAsync(module));
    }

    [Fact]
    public async Task RunAsync_SwitchOff_CountsWhatItWouldCost()
    {
        OptOutOptions options = new() { ContentUsage = false, XRobotsTag = false };
        using var module = new ModuleUnderTest(http: new LambdaWeb((request, _) => Task.FromResult(
            request.RequestUri!.AbsolutePath == "/a.png" ? Moved("/b.png", ("X-Robots-Tag", "noai")) : Sound(("X-Robots-Tag", "noai"), ("Content-Usage", "train-ai=n")))),
            optOut: options);

        Assert.Equal(default, await OutcomeAsync(module));
        Assert.Equal([(OptOutSignal.XRobotsTag, 1L), (OptOutSignal.ContentUsage, 1L)], module.OptOuts.Seen); // once a row, though two answers say so
    }

    [Fact]
    public async Task RunAsync_AnotherSignalDecides_TheOthersCostNothing()
    {
        using ModuleUnderTest module = Module(new() { ContentUsage = false }, [("tdm-reservation", "1"), ("Content-Usage", "train-ai=n")]);

        Assert.Equal(OptOutSignal.TdmReservation.Outcome(), await OutcomeAsync(module));
        Assert.Empty(module.OptOuts.Seen);
    }

    private static async Task<OptOutSignal> DecidedAsync(OptOutOptions options, (string, string)[] headers)
    {
        using ModuleUnderTest module = Module(options, headers);
        return OptOutSignals.Of(await OutcomeAsync(module));
    }

    private static ModuleUnderTest Module(OptOutOptions options, (string, string)[] headers) =>
        new(http: new LambdaWeb((_, _) => Task.FromResult(Sound(headers))), optOut: options);

    private static async Task<DropOutcome> OutcomeAsync(ModuleUnderTest module)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        Step<FetchedImage> step = await module.Module.Stage.RunAsync(ModuleUnderTest.Row(Picture), limit.Token);
        step.Row?.Dispose();
        return step.Drop;
    }

    private static HttpResponseMessage Moved(string location, params (string Name, string Value)[] headers) =>
        With(new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri(location, UriKind.Relative) } }, headers);

    private static HttpResponseMessage Sound(params (string Name, string Value)[] headers) =>
        With(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(new byte[6000]) }, headers);

    private static HttpResponseMessage With(HttpResponseMessage response, (string Name, string Value)[] headers)
    {
        foreach ((string name, string value) in headers) { response.Headers.TryAddWithoutValidation(name, value); }
        return response;
    }
}
