using LaionStream.Dataset.Summary;
using LaionStream.Host.Tests.Faults;
using static LaionStream.Host.Tests.Process.StuckRun;

namespace LaionStream.Host.Tests.Process;

/// <summary>
/// Real processes in which calls of a stage never return: the log reports it, the process ends when it is told to, and the output can be completed.
/// </summary>
public sealed class StuckTests
{
    [Theory]
    [InlineData(1, "hang", false)]
    [InlineData(2, "spin", false)]
    [InlineData(8, "rest", true)]
    public async Task SecondSignal_EveryDecodeWorkerIsStuck_EndsWithOneAtOnceAndInnocentRowsAreKeptLater(int workers, string how, bool starved)
    {
        await using SmallRun run = await StartAsync(workers, how);

        // The pool may have no more threads than there are hanging calls: no continuation and no timer of the process runs any more.
        using (HostProcess process = HostProcess.StartStuck("run", run.AllSettings(), starved ? ("DOTNET_ThreadPool_ForceMaxWorkerThreads", "8") : default))
        {
            await process.UntilAsync(() => AreStuck(run, "decode", Marked(workers)));
            await process.SignalAsync("INT");
            await process.UntilAsync(() => Log(run).Contains("Stopped reading", StringComparison.Ordinal));
            await process.SignalAsync("INT");
            await AssertEndsAsync(process, Grace, "Aborted: aborted");
        }

        // Without threads, downloads do not progress either; the log reports them, without consequences.
        Assert.Equal(Marked(workers).Order(), Notes(run).Where(note => !starved || Field(note, "stage") == "decode").Select(Ordinal).Order());
        Assert.All(Notes(run), note => Assert.Equal("signal", Field(note, "why")));

        // The real executable, for which these pictures are valid: a record of a suspect does not make a row that returns poison.
        using (HostProcess process = HostProcess.Start(["run", .. HostProcess.Keys(run.AllSettings())]))
        {
            (int code, _, string error) = await process.EndAsync();
            Assert.True(code == 0, error);
            Assert.Contains("was in stage decode", error, StringComparison.Ordinal);
        }

        await run.AssertWholeAsync(SmallRun.KeptPerFile, SmallRun.LinksPerFile);
    }

    [Fact]
    public async Task ThirdSignal_LongGrace_EndsWithOneAtOnce()
    {
        await using SmallRun run = await StartAsync(2, "rest");
        run.Settings["Laion:Pipeline:AbortGrace"] = Never.ToString();
        using HostProcess process = HostProcess.StartStuck("run", run.AllSettings());
        await process.UntilAsync(() => AreStuck(run, "decode", Marked(2)));
        await process.SignalAsync("TERM");
        await process.UntilAsync(() => Log(run).Contains("Stopped reading", StringComparison.Ordinal));
        await process.SignalAsync("TERM");
        await Task.Delay(1000); // two signals merge into one if the process has not handled the first yet
        Assert.False(process.HasExited);
        await process.SignalAsync("TERM");
        await AssertEndsAsync(process, TimeSpan.FromSeconds(2), "Aborted");
        Assert.Equal(2, Notes(run).Count);
    }

    [Fact]
    public async Task Retry_DecodeIsStuck_EndsWithOneAndTheNextRetriesFinish()
    {
        await using SmallRun run = await StartAsync(2, "rest");
        ShortDrain(run);
        run.Settings["Laion:Download:Retries"] = "0";
        run.Settings["Laion:Download:Breaker:Failures"] = "0";
        run.Settings["Laion:Download:Resolve:*"] = "127.0.0.1:1"; // nothing listens there
        using (HostProcess process = HostProcess.StartStuck("run", run.AllSettings())) { Assert.Equal(0, (await process.EndAsync()).Code); }

        run.Settings.Remove("Laion:Download:Resolve:*");
        using (HostProcess process = HostProcess.StartStuck("retry", run.AllSettings()))
        {
            await process.UntilAsync(() => AreStuck(run, "decode", Marked(2)));
            await process.SignalAsync("TERM");
            await AssertEndsAsync(process, Drain + Grace, "did not drain within");
        }

        LongDrain(run);
        int starts = 0;
        for (int code = 1; code != 0; starts++)
        {
            Assert.True(starts < 4, "the retry never ends");
            using HostProcess process = HostProcess.StartStuck("retry", run.AllSettings());
            code = (await process.EndAsync()).Code;
        }

        await run.AssertWholeAsync(SmallRun.KeptPerFile - 2, SmallRun.LinksPerFile);
        Assert.Equal((3, 2L), (starts, (await SummaryAsync(run)).Dropped["poison"]));
    }

    [Fact]
    public async Task Extract_LanguageIsStuck_IsReportedEndsWithOneAndCanBeResumed()
    {
        await using SmallRun run = await StartAsync(1, "rest");
        ShortDrain(run);
        run.Settings["Laion:Pipeline:StageLimit"] = "00:00:01";
        using (HostProcess process = HostProcess.StartStuck("extract", run.AllSettings(), (StuckHost.StuckCaption, "number 0 31")))
        {
            await process.UntilAsync(() => AreStuck(run, "language", 31));
            await process.SignalAsync("TERM");
            await AssertEndsAsync(process, Drain + Grace, "did not drain within");
        }

        Assert.Equal(("language", 31), (Field(Assert.Single(Notes(run)), "stage"), Ordinal(Notes(run)[0])));
        using (HostProcess process = HostProcess.StartStuck("extract", run.AllSettings())) { Assert.Equal(0, (await process.EndAsync()).Code); }
        RunSummary summary = await SummaryAsync(run);
        Assert.Equal((SmallRun.LinksPerFile, SmallRun.KeptPerFile), (summary.Links, summary.Kept));
    }

    [Fact]
    public async Task Kill_DecodeIsStuck_NoRowBecomesASuspect()
    {
        await using SmallRun run = await StartAsync(2, "hang");
        using (HostProcess process = HostProcess.StartStuck("run", run.AllSettings()))
        {
            await process.UntilAsync(() => AreStuck(run, "decode", Marked(2)));
            await process.SignalAsync("KILL");
            await process.EndAsync();
        }

        Assert.False(File.Exists(Path.Combine(run.Output, "state", "suspects.jsonl")));
        using (HostProcess process = HostProcess.Start(["run", .. HostProcess.Keys(run.AllSettings())])) { Assert.Equal(0, (await process.EndAsync()).Code); }
        await run.AssertWholeAsync(SmallRun.KeptPerFile, SmallRun.LinksPerFile);
    }
}
