using LaionStream.Dataset.Summary;
using LaionStream.Demo;
using LaionStream.Engine.Ledger.Verify;
using LaionStream.TestWorld;
using Xunit.Abstractions;

namespace LaionStream.Host.Tests.Process;

/// <summary>A run under a limit on open files and sockets keeps every row, and reports what it has reduced.</summary>
public sealed class HandleTests(ITestOutputHelper output) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("laion-handles");

    private string Output => Path.Combine(_folder.FullName, "out");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(256, 256, 800)]
    [InlineData(64, 1024, 2000)] // the soft limit is raised to the hard one
    public async Task Run_FewHandles_KeepsEveryRow(int soft, int hard, int links)
    {
        RunSummary summary = await RunAsync(soft, hard, links, "--Laion:Log:Level=information");

        Assert.InRange(summary.Download!.HandlesPeak, 1, hard);
        string log = string.Concat(Directory.EnumerateFiles(Path.Combine(Output, "logs")).Select(File.ReadAllText));
        Assert.Contains("Laion:Download:MaxIdle", log, StringComparison.Ordinal);
        Assert.Contains($"\"Limit\":{hard}", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TooFewHandlesForAnything_IsRefusedWithTheNumberItTakes()
    {
        using HostProcess process = HostProcess.StartLimited(128, 128, Arguments(await WriteWatAsync(20), "127.0.0.1:9"));
        (int code, _, string error) = await process.EndAsync();

        Assert.True(code == 2, error);
        Assert.Contains("ulimit -Hn", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(Output, "state")));
    }

    [Fact]
    public async Task Run_ManyHosts_KeepsIdleConnectionsWithinTheirLimit()
    {
        RunSummary summary = await RunAsync(20_000, 20_000, 1500, "--Laion:Download:MaxIdle=50", "--Laion:Download:Concurrency=32");

        Assert.InRange(summary.Download!.IdleClosed, 1000, 1500);
        Assert.InRange(_peak, 1, 50 + 32 + 200);
    }

    // No plan helps when something else uses the handles: here the limit is lowered below the number of open ones. Not in the default suite, because what it
    // measures depends on the load: on two cores with 20 busy processes no run of 20 ended before its end, and one did not meet the figures below.
    [SkippableFact]
    public async Task Run_HandlesRunOutInTheMiddle_WaitsForThemAndKeepsEveryRow()
    {
        Skip.IfNot(Soak.IsOn, Soak.OffReason);
        const int Links = 1500;
        await using LoopbackWorld world = await LoopbackWorld.StartAsync(_ => LoopbackFaults.SoundPicture.ToArray(), delay: TimeSpan.FromMilliseconds(100));
        using HostProcess process = HostProcess.StartLimited(
            20_000, 20_000, [.. Arguments(await WriteWatAsync(Links), world.EndPoint.ToString()), "--Laion:Download:Concurrency=48",
                "--Laion:Download:Breaker:Failures=1"]);
        while (world.Connections < 400 && !process.HasExited) { await Task.Delay(20); }

        _peak = process.Handles;
        await process.SetLimitAsync(_peak - 40);
        await Task.Delay(3000);
        await process.SetLimitAsync(20_000);

        RunSummary summary = await EndAsync(process, Links);
        Assert.InRange(summary.Download!.HandleShortages, 1, int.MaxValue);
        Assert.InRange(summary.Download.IdleClosed, 1, Links);
    }

    [SkippableTheory]
    [InlineData(1024, 10_000)]
    [InlineData(4096, 10_000)]
    [InlineData(20_000, 25_000)]
    public async Task Run_ManyLinks_KeepsEveryRow(int limit, int links)
    {
        Skip.IfNot(Soak.IsOn, Soak.OffReason);
        RunSummary summary = await RunAsync(limit, limit, links);
        Assert.InRange(_peak, 1, Math.Min(limit, 256 + 1024 + 1024 + 300));
        output.WriteLine($"limit {limit}, {links} hosts: {_peak} handles at most, {summary.Download!.IdleClosed} idle closed, {summary.Download.HandleShortages} shortages");
    }

    private int _peak;

    private async Task<RunSummary> RunAsync(int soft, int hard, int links, params string[] more)
    {
        byte[] picture = LoopbackFaults.SoundPicture.ToArray();
        await using LoopbackWorld world = await LoopbackWorld.StartAsync(_ => picture);
        using HostProcess process = HostProcess.StartLimited(soft, hard, [.. Arguments(await WriteWatAsync(links), world.EndPoint.ToString()), .. more]);
        return await EndAsync(process, links, hard);
    }

    private async Task<RunSummary> EndAsync(HostProcess process, int links, int hard = int.MaxValue)
    {
        Task<(int Code, string Output, string Error)> ending = process.EndAsync(TimeSpan.FromMinutes(15));
        while (!ending.IsCompleted)
        {
            _peak = Math.Max(_peak, process.Handles);
            await Task.WhenAny(ending, Task.Delay(100));
        }

        (int code, _, string error) = await ending;
        Assert.True(code == 0, error);
        Assert.InRange(_peak, 1, hard);
        RunSummary summary = RunSummary.Parse(await File.ReadAllBytesAsync(Path.Combine(Output, "summary.json")));
        Assert.DoesNotContain(summary.Dropped, reason => reason.Value > 0);
        Assert.Equal(links, summary.Kept);
        VerifyReport report = await new RunVerifier(Output).VerifyAsync(default);
        Assert.True(report.IsWhole, report.Line);
        return summary;
    }

    private async Task<string> WriteWatAsync(int links)
    {
        string wat = Path.Combine(_folder.FullName, "in.warc.wat.gz");
        await using FileStream file = File.Create(wat);
        WatWriter.Write(file, Enumerable.Range(0, links / 20).Select(page => new WatPage(
            new Uri($"http://www.handles.example/{page}"),
            [.. Enumerable.Range(page * 20, 20).Select(i => new WatLink("IMG@/src", $"http://h{i}.handles.example/{i}.png", $"a picture with number {i}"))])));
        return wat;
    }

    private string[] Arguments(string wat, string server) =>
    [
        "run", .. HostProcess.Keys(new Dictionary<string, string?>
        {
            ["Laion:Input:Paths:0"] = wat,
            ["Laion:Writing:Path"] = Output,
            ["Laion:Filtering:Off"] = "true",
            ["Laion:Download:Resolve:*"] = server,
            ["Laion:Download:AllowPrivate:0"] = "127.0.0.0/8",
        }),
    ];
}
