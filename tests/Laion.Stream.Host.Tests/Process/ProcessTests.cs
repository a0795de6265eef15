using LaionStream.Dataset.Summary;
using LaionStream.Demo;
using LaionStream.Engine.Ledger.Verify;

namespace LaionStream.Host.Tests.Process;

/// <summary>The executable from outside: exit codes, signals, and how a restart handles an interrupted output.</summary>
public sealed class ProcessTests : IDisposable
{
    private const int Links = 1200;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("laion-process");

    private string Output => Path.Combine(_folder.FullName, "out");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(2, "run", "--input", "missing.wat")]
    [InlineData(2, "run", "--Laion:Download:Timeout=soon")]
    [InlineData(2, "fly")]
    [InlineData(2, "run", "--config", "missing.json")]
    [InlineData(2, "models", "check")]
    [InlineData(2, "verify", "nowhere")]
    [InlineData(0, "--help")]
    [InlineData(0, "run", "--help")]
    public async Task Exit_Usage_IsTwoAndHelpIsZero(int expected, params string[] args)
    {
        using HostProcess process = HostProcess.Start(args);
        (int code, string output, string error) = await process.EndAsync();

        Assert.Equal(expected, code);
        Assert.NotEmpty(expected == 0 ? output : error);
        if (expected != 0) { Assert.Empty(output); }
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("HUP")]
    public async Task Signal_First_DrainsAndExitsThree_ThenARestartEndsTheRun(string signal)
    {
        await using LoopbackWorld world = await StartWorldAsync();
        string[] args = await ArgumentsAsync(world);
        (int Code, string Output, string Error) stopped;
        using (HostProcess process = HostProcess.Start(args))
        {
            await UntilRequestedAsync(process, world, Links / 8);
            await process.SignalAsync(signal);
            stopped = await process.EndAsync();
        }

        Assert.True(stopped.Code == 3, stopped.Error);
        RunSummary half = RunSummary.Parse(await File.ReadAllBytesAsync(Path.Combine(Output, "summary.json")));
        Assert.InRange(half.Kept, 1, Links - 1);
        Assert.Equal(half.Links, half.Kept + half.Dropped.Values.Sum());

        using (HostProcess process = HostProcess.Start(args)) { Assert.Equal(0, (await process.EndAsync()).Code); }
        await AssertWholeAsync();
    }

    [Fact]
    public async Task Signal_Second_AbortsWithOne_AndTheOutputCanBeResumed()
    {
        await using LoopbackWorld world = await StartWorldAsync();
        string[] args = await ArgumentsAsync(world);
        using (HostProcess process = HostProcess.Start([.. args, "--Laion:Download:PerHost:RequestsPerSecond=2"]))
        {
            await UntilRequestedAsync(process, world, 3);
            await process.SignalAsync("INT");
            await Task.Delay(1500); // two signals merge into one if the process has not handled the first yet
            await process.SignalAsync("INT");
            (int code, _, string error) = await process.EndAsync();
            Assert.True(code == 1, error);
            Assert.Contains("Aborted", error, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.EnumerateFiles(Output, "part-*.parquet", SearchOption.AllDirectories));
        using (HostProcess process = HostProcess.Start(args)) { Assert.Equal(0, (await process.EndAsync()).Code); }
        await AssertWholeAsync();
    }

    // The runtime's own file locks can be switched off from outside; ours cannot.
    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    public async Task Lock_SecondProcessOnOneOutput_IsRefused(string noRuntimeLocks)
    {
        (string, string) variable = ("DOTNET_SYSTEM_IO_DISABLEFILELOCKING", noRuntimeLocks);
        await using LoopbackWorld world = await StartWorldAsync();
        string[] args = [.. await ArgumentsAsync(world), "--Laion:Download:PerHost:RequestsPerSecond=2"];
        using HostProcess first = HostProcess.StartWith(variable, args);
        await UntilRequestedAsync(first, world, 2);
        using HostProcess second = HostProcess.StartWith(variable, args);
        (int code, _, string error) = await second.EndAsync();

        Assert.Equal(2, code);
        Assert.Contains(Output, error, StringComparison.Ordinal);
        Assert.Contains($"process {first.Id} on {Environment.MachineName}", error, StringComparison.Ordinal);
        await AssertReadersSayThatItRunsAsync(first.Id);
        await first.SignalAsync("KILL");
        await first.EndAsync();
        RunRecord record = RunSummary.Parse(await File.ReadAllBytesAsync(Path.Combine(Output, "summary.json"))).Run!;
        Assert.Equal((RunStates.Running, first.Id, "2"), (record.State, record.Process, record.Settings["Laion:Download:PerHost:RequestsPerSecond"]));
        Assert.Contains("ended by force", (await new RunVerifier(Output).VerifyAsync(default)).Line, StringComparison.Ordinal);

        // An OS lock is released with its process: nothing blocks the next one.
        using HostProcess third = HostProcess.StartWith(variable, [.. args, "--Laion:Download:PerHost:RequestsPerSecond=0"]);
        Assert.Equal(0, (await third.EndAsync()).Code);
    }

    [Fact]
    public async Task Lock_FileDeletedWhileTwoWrite_TheFirstCommitsNothingMore()
    {
        await using LoopbackWorld world = await StartWorldAsync();
        string[] args = [.. await ArgumentsAsync(world), "--Laion:Download:PerHost:RequestsPerSecond=2"];
        using HostProcess first = HostProcess.Start(args);
        await UntilRequestedAsync(first, world, 2);
        File.Delete(Path.Combine(Output, "state", "lock"));
        using HostProcess second = HostProcess.Start([.. args, "--Laion:Download:PerHost:RequestsPerSecond=0"]);
        (int code, _, string error) = await first.EndAsync();

        Assert.True(code == 1, error);
        Assert.Contains("deleted or replaced", error, StringComparison.Ordinal);
        (int done, _, string why) = await second.EndAsync();
        Assert.True(done == 0, why);
        await AssertWholeAsync();
    }

    [Fact]
    public async Task HangUp_IgnoredSinceTheStart_DoesNotStop()
    {
        await using LoopbackWorld world = await StartWorldAsync();
        using HostProcess process = HostProcess.StartIn("trap '' HUP", await ArgumentsAsync(world)); // as nohup does
        await UntilRequestedAsync(process, world, Links / 8);
        await process.SignalAsync("HUP");
        (int code, _, string error) = await process.EndAsync();

        Assert.True(code == 0, error);
        await AssertWholeAsync();
    }

    [Fact]
    public async Task FileSizeLimit_EndsAsAFullDiskDoes()
    {
        await using LoopbackWorld world = await StartWorldAsync();
        string[] args = await ArgumentsAsync(world);
        // 16 KiB, which the runtime's own mapping of code would exceed
        using (HostProcess process = HostProcess.StartIn("export DOTNET_EnableWriteXorExecute=0; ulimit -f 16", [.. args, "--Laion:Log:File="]))
        {
            (int code, _, string error) = await process.EndAsync();

            Assert.True(code == 1, $"{code} {error}");
            Assert.Contains("Failed: ", error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        }

        using (HostProcess process = HostProcess.Start(args)) { Assert.Equal(0, (await process.EndAsync()).Code); }
        await AssertWholeAsync();
    }

    private async Task AssertReadersSayThatItRunsAsync(int id)
    {
        using HostProcess verify = HostProcess.Start("verify", Output);
        using HostProcess inspect = HostProcess.Start("inspect", Output);
        (int refused, string nothing, string why) = await verify.EndAsync();
        (int done, string shown, _) = await inspect.EndAsync();

        Assert.True(refused == 2, why);
        Assert.Empty(nothing);
        Assert.Equal(0, done);
        Assert.All([why, shown], text => Assert.Contains($"is being written by a run in progress (process {id} on", text, StringComparison.Ordinal));
    }

    private static Task<LoopbackWorld> StartWorldAsync()
    {
        byte[] picture = LoopbackFaults.SoundPicture.ToArray();
        return LoopbackWorld.StartAsync(_ => picture);
    }

    private static async Task UntilRequestedAsync(HostProcess process, LoopbackWorld world, int requests)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (world.RequestCounts.Values.Sum() < requests)
        {
            Assert.False(process.HasExited, "the process ended before it made enough requests");
            await Task.Delay(10, patience.Token);
        }
    }

    private async Task<string[]> ArgumentsAsync(LoopbackWorld world)
    {
        string wat = Path.Combine(_folder.FullName, "in.warc.wat.gz");
        await using (FileStream file = File.Create(wat))
        {
            WatWriter.Write(file, Enumerable.Range(0, Links / 20).Select(page => new WatPage(
                new Uri($"http://www.process.example/{page}"),
                [.. Enumerable.Range(page * 20, 20)
                    .Select(i => new WatLink("IMG@/src", $"http://h{i % 10}.process.example/{i}.png", $"a picture with number {i}"))])));
        }

        return
        [
            "run", .. HostProcess.Keys(new Dictionary<string, string?>
            {
                ["Laion:Input:Paths:0"] = wat,
                ["Laion:Writing:Path"] = Output,
                ["Laion:Filtering:Off"] = "true",
                ["Laion:Download:Resolve:*"] = world.EndPoint.ToString(),
                ["Laion:Download:AllowPrivate:0"] = "127.0.0.0/8",
                ["Laion:Download:PerHost:RequestsPerSecond"] = "40",

                // A small graph: the signal must arrive while most of the input is unread.
                ["Laion:Download:Queue:Parallelism"] = "16",
                ["Laion:Download:Queue:Capacity"] = "32",
                ["Laion:Pipeline:Language:Capacity"] = "8",
                ["Laion:Pipeline:Decode:Capacity"] = "8",
                ["Laion:Inference:BatchSize"] = "8",
            }),
        ];
    }

    private async Task AssertWholeAsync()
    {
        VerifyReport report = await new RunVerifier(Output).VerifyAsync(default);
        Assert.True(report.IsWhole, report.Line);
        Assert.Equal(Links, report.Rows);
        Assert.Equal(Links, report.Links);
    }
}
