using System.Diagnostics;
using System.Globalization;
using LaionStream.Dataset.Summary;
using LaionStream.Host.Tests.Faults;
using LaionStream.Host.Verbs;

namespace LaionStream.Host.Tests.Process;

/// <summary>Real workers under <c>--supervise</c>.</summary>
public sealed class SuperviseTests
{
    [Fact]
    public async Task Run_PicturesThatKillTheWorker_EndsByItselfWithEveryOtherRow()
    {
        int[] links = [19, 31, 43];
        await using SmallRun run = await StartAsync(links);
        using HostProcess process = HostProcess.StartSupervised(5, "run", run.AllSettings());
        (int code, string output, string error) = await process.EndAsync();

        Assert.True(code == 0, error);
        Assert.NotEmpty(output); // the worker's result
        Assert.Contains("died of signal 11", error, StringComparison.Ordinal);
        await run.AssertWholeAsync(SmallRun.KeptPerFile - links.Length, SmallRun.LinksPerFile);
        Assert.Equal(links.Length, RunSummary.Parse(await File.ReadAllBytesAsync(Path.Combine(run.Output, "summary.json"))).Dropped["poison"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Run_WorkerThatAlwaysDies_EndsWithOneAfterTheRestarts(int restarts)
    {
        await using SmallRun run = await StartAsync([20]);
        run.Settings["Laion:Imaging:Isolation"] = "off";
        using HostProcess process = HostProcess.StartSupervised(restarts, "run", run.AllSettings());
        (int code, _, string error) = await process.EndAsync();

        Assert.Equal(1, code);
        Assert.Equal(restarts, error.Split("it is started again in").Length - 1);
        Assert.Contains($"was started again {restarts} times in a row", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WorkerKilledFromOutside_IsStartedAgain()
    {
        await using SmallRun run = await StartAsync([]);
        run.Settings["Laion:Download:PerHost:RequestsPerSecond"] = "2";
        using HostProcess process = HostProcess.Start(["run", "--supervise", "3", .. HostProcess.Keys(run.AllSettings())]);
        int first = await WorkerAsync(process, run);
        await SignalAsync(first, "KILL");
        int second = await WorkerAsync(process, run, first);
        Assert.NotEqual(first, second);
        (int code, _, string error) = await process.EndAsync();
        Assert.True(code == 0, error);
        await run.AssertWholeAsync(SmallRun.KeptPerFile, SmallRun.LinksPerFile);
    }

    [Theory]
    [InlineData(1, "0.4", 3)]
    [InlineData(2, "0.02", 1)] // its drain would take minutes, and the second signal ends it
    public async Task Run_SignalsToTheSupervisor_ReachTheWorkerOnceEach(int signals, string perSecond, int expected)
    {
        await using SmallRun run = await StartAsync([]);
        int requests = 0;
        run.OnRequest = _ => Interlocked.Increment(ref requests);
        run.Settings["Laion:Download:PerHost:RequestsPerSecond"] = perSecond;
        run.Settings["Laion:Download:MaxHostWait"] = "01:00:00";
        using HostProcess process = HostProcess.Start(["run", "--supervise=3", .. HostProcess.Keys(run.AllSettings())]);
        int worker = await WorkerAsync(process, run);
        await process.UntilAsync(() => Volatile.Read(ref requests) >= SmallRun.Hosts); // what comes next waits for its host
        await process.SignalAsync("INT");
        if (signals == 2)
        {
            await process.UntilAsync(() => StuckRun.Log(run).Contains("Stopped reading", StringComparison.Ordinal));
            await process.SignalAsync("TERM");
        }

        (int code, _, string error) = await process.EndAsync();
        Assert.True(code == expected, $"{code}: {error}");
        Assert.DoesNotContain("started again", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists($"/proc/{worker}"));
    }

    [Fact]
    public async Task Run_SupervisorIsKilled_TheWorkerDrainsAndEnds()
    {
        await using SmallRun run = await StartAsync([]);
        run.Settings["Laion:Download:PerHost:RequestsPerSecond"] = "1";
        using HostProcess process = HostProcess.Start(["run", "--supervise:3", .. HostProcess.Keys(run.AllSettings())]);
        int worker = await WorkerAsync(process, run);
        await process.SignalAsync("KILL");
        long start = Stopwatch.GetTimestamp();
        while (Directory.Exists($"/proc/{worker}"))
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromMinutes(1), "the worker has outlived its supervisor");
            await Task.Delay(50);
        }

        Assert.False(RunSummary.Parse(await File.ReadAllBytesAsync(Path.Combine(run.Output, "summary.json"))).Complete); // written by a drain
    }

    [Fact]
    public async Task Run_WrongSettings_EndsWithTwoAtOnce()
    {
        await using SmallRun run = await StartAsync([]);
        run.Settings["Laion:Imaging:MinSide"] = "wide";
        using HostProcess process = HostProcess.Start(["run", "--supervise", "3", .. HostProcess.Keys(run.AllSettings())]);
        (int code, _, string error) = await process.EndAsync();
        Assert.Equal(2, code);
        Assert.DoesNotContain("started again", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NewRun_EveryStartWritesIntoTheOneFolder()
    {
        await using SmallRun run = await StartAsync([]);
        Directory.CreateDirectory(run.Output);
        await File.WriteAllTextAsync(Path.Combine(run.Output, "taken"), "");
        using HostProcess process = HostProcess.Start(["run", "--supervise", "1", "--new-run", "--output", run.Output, .. HostProcess.Keys(run.AllSettings())]);
        (int code, string output, string error) = await process.EndAsync();

        Assert.True(code == 0, error);
        Assert.Contains($"New run in {run.Output}-2", output, StringComparison.Ordinal);
        run.Output += "-2";
        await run.AssertWholeAsync(SmallRun.KeptPerFile, SmallRun.LinksPerFile);
        Assert.False(Directory.Exists(run.Output[..^1] + "3"));
    }

    [Theory]
    [InlineData("run --supervise 3 --output a", "run --output a")]
    [InlineData("run --output a --supervise=3", "run --output a")]
    [InlineData("--supervise:3 run", "run")]
    [InlineData("run --supervised 3", "run --supervised 3")]
    public void Without_EachForm_IsTakenOff(string given, string left) =>
        Assert.Equal(left.Split(' '), SuperviseOption.Without(given.Split(' '), "--supervise", 1));

    private static async Task<SmallRun> StartAsync(int[] dying)
    {
        SmallRun run = await SmallRun.StartAsync(files: 1);
        Dictionary<string, byte[]> marked = dying.ToDictionary(
            link => string.Create(CultureInfo.InvariantCulture, $"/0/{link}.png"), link =>
                (byte[])[.. run.Picture, (byte)link, .. StuckHost.Die], StringComparer.Ordinal);
        run.PictureOf = path => marked.GetValueOrDefault(path, run.Picture);
        run.Settings["Laion:Pipeline:Decode:Parallelism"] = "2";
        run.Settings["Laion:Download:Timeout"] = "00:01:00";
        run.Settings["Laion:Download:MinThroughput"] = "0";
        return run;
    }

    /// <summary>The worker that holds the output.</summary>
    private static async Task<int> WorkerAsync(HostProcess process, SmallRun run, int not = 0)
    {
        string slots = Path.Combine(run.Output, "state", "decode.slots");
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            if (process.HasExited) { Assert.Fail($"The process ended: {await process.EndAsync()}"); }
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromMinutes(1), "there is no worker");
            int worker = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, CultureInfo.InvariantCulture, out _))
                .Select(name => int.Parse(name!, CultureInfo.InvariantCulture)).FirstOrDefault(id => id != not && Maps(id, slots));
            if (worker != 0) { return worker; }
            await Task.Delay(50);
        }
    }

    private static bool Maps(int process, string file)
    {
        try
        {
            return File.ReadLines($"/proc/{process}/maps").Any(line => line.EndsWith(file, StringComparison.Ordinal));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static async Task SignalAsync(int process, string signal)
    {
        using System.Diagnostics.Process kill = System.Diagnostics.Process.Start("kill", ["-s", signal, process.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }
}
