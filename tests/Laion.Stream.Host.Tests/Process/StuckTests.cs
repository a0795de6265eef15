using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using LaionStream.Dataset.Summary;
using LaionStream.Host.Tests.Faults;

namespace LaionStream.Host.Tests.Process;

/// <summary>
/// Real processes in which calls of a stage never return: the log reports it, the process ends when it is told to, and the output can be completed.
/// </summary>
public sealed class StuckTests
{
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(20); // a machine under load starts threads and flushes logs slowly
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Never = TimeSpan.FromMinutes(10);

    [Theory]
    [InlineData(1, "spin")]
    [InlineData(2, "hang")]
    [InlineData(4, "spin")]
    public async Task Drain_EveryDecodeWorkerIsStuck_EndsWithOneWithinLimitAndGraceAndTheOutputIsFinishedByTheNextStarts(int workers, string how)
    {
        await using SmallRun run = await StartAsync(workers, how);
        ShortDrain(run);
        using (HostProcess process = HostProcess.StartStuck("run", run.AllSettings()))
        {
            await process.UntilAsync(() => Overruns(run, "decode") == workers);
            await process.SignalAsync("TERM");
            await AssertEndsAsync(process, Drain + Grace, "did not drain within");
        }

        LongDrain(run);
        List<JsonElement> notes = Notes(run);
        Assert.Equal(Marked(workers).Order(), notes.Select(Ordinal).Order());
        Assert.All(notes, note =>
            Assert.Equal(("decode", "drain_limit", false, run.Inputs[0]),
            (Text(note, "stage"), Text(note, "why"), note.GetProperty("alone").GetBoolean(), Text(note, "input"))));

        // Each next start decodes the suspects alone, one after the other; one that again does not return ends the run, and is dropped from then on.
        for (int found = 1; found <= workers; found++)
        {
            using HostProcess process = HostProcess.StartStuck("run", run.AllSettings());
            (int code, _, string error) = await process.EndAsync();
            Assert.True(code == 1, $"start {found + 1} ended with {code}: {error}");
            JsonElement last = Notes(run)[^1];
            Assert.Equal((workers + found, "suspect", true), (Notes(run).Count, Text(last, "why"), last.GetProperty("alone").GetBoolean()));
        }

        using (HostProcess process = HostProcess.StartStuck("run", run.AllSettings()))
        {
            (int code, _, string error) = await process.EndAsync();
            Assert.True(code == 0, error);
        }

        await run.AssertWholeAsync(SmallRun.KeptPerFile - workers, SmallRun.LinksPerFile);
        Assert.Equal(workers, (await SummaryAsync(run)).Dropped["poison"]);
    }

    [Theory]
    [InlineData(1, "hang", false)]
    [InlineData(2, "spin", false)]
    [InlineData(8, "spin", true)]
    public async Task SecondSignal_EveryDecodeWorkerIsStuck_EndsWithOneAtOnceAndInnocentRowsAreKeptLater(int workers, string how, bool starved)
    {
        await using SmallRun run = await StartAsync(workers, how);

        // The pool may have no more threads than there are hanging calls: no continuation and no timer of the process runs any more.
        using (HostProcess process = HostProcess.StartStuck("run", run.AllSettings(), starved ? ("DOTNET_ThreadPool_ForceMaxWorkerThreads", "8") : default))
        {
            await process.UntilAsync(() => Overruns(run, "decode") == workers);
            await process.SignalAsync("INT");
            await process.UntilAsync(() => Log(run).Contains("Stopped reading", StringComparison.Ordinal));
            await process.SignalAsync("INT");
            await AssertEndsAsync(process, Grace, "Aborted: aborted");
        }

        // Without threads, downloads do not progress either; the log reports them, without consequences.
        Assert.Equal(Marked(workers).Order(), Notes(run).Where(note => !starved || Text(note, "stage") == "decode").Select(Ordinal).Order());
        Assert.All(Notes(run), note => Assert.Equal("signal", Text(note, "why")));

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
        await using SmallRun run = await StartAsync(2, "spin");
        run.Settings["Laion:Pipeline:AbortGrace"] = Never.ToString();
        using HostProcess process = HostProcess.StartStuck("run", run.AllSettings());
        await process.UntilAsync(() => Overruns(run, "decode") == 2);
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
        await using SmallRun run = await StartAsync(2, "spin");
        ShortDrain(run);
        run.Settings["Laion:Download:Retries"] = "0";
        run.Settings["Laion:Download:Breaker:Failures"] = "0";
        run.Settings["Laion:Download:Resolve:*"] = "127.0.0.1:1"; // nothing listens there
        using (HostProcess process = HostProcess.StartStuck("run", run.AllSettings())) { Assert.Equal(0, (await process.EndAsync()).Code); }

        run.Settings.Remove("Laion:Download:Resolve:*");
        using (HostProcess process = HostProcess.StartStuck("retry", run.AllSettings()))
        {
            await process.UntilAsync(() => Overruns(run, "decode") == 2);
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
        await using SmallRun run = await StartAsync(1, "spin");
        ShortDrain(run);
        run.Settings["Laion:Pipeline:StageLimit"] = "00:00:01";
        using (HostProcess process = HostProcess.StartStuck("extract", run.AllSettings(), (StuckHost.StuckCaption, "number 0 31")))
        {
            await process.UntilAsync(() => Overruns(run, "language") == 1);
            await process.SignalAsync("TERM");
            await AssertEndsAsync(process, Drain + Grace, "did not drain within");
        }

        Assert.Equal(("language", 31), (Text(Assert.Single(Notes(run)), "stage"), Ordinal(Notes(run)[0])));
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
            await process.UntilAsync(() => Overruns(run, "decode") == 2);
            await process.SignalAsync("KILL");
            await process.EndAsync();
        }

        Assert.False(File.Exists(Path.Combine(run.Output, "state", "suspects.jsonl")));
        using (HostProcess process = HostProcess.Start(["run", .. HostProcess.Keys(run.AllSettings())])) { Assert.Equal(0, (await process.EndAsync()).Code); }
        await run.AssertWholeAsync(SmallRun.KeptPerFile, SmallRun.LinksPerFile);
    }

    private static async Task<SmallRun> StartAsync(int workers, string how)
    {
        SmallRun run = await SmallRun.StartAsync(files: 1);
        byte[] stuck = [.. run.Picture, .. how == "spin" ? StuckHost.Spin : StuckHost.Hang];
        HashSet<string> marked = [.. Marked(workers).Select(link => string.Create(CultureInfo.InvariantCulture, $"/0/{link}.png"))];
        run.PictureOf = path => marked.Contains(path) ? stuck : run.Picture;
        run.Settings["Laion:Pipeline:Decode:Parallelism"] = workers.ToString(CultureInfo.InvariantCulture);
        run.Settings["Laion:Pipeline:Decode:Capacity"] = "16";
        run.Settings["Laion:Pipeline:OverrunGrace"] = "00:00:00.2";
        run.Settings["Laion:Imaging:DecodeTimeout"] = "00:00:01";
        run.Settings["Laion:Pipeline:AbortGrace"] = Grace.ToString();
        run.Settings["Laion:Imaging:Isolation"] = "off"; // PoisonTests has it on
        LongDrain(run);
        return run;
    }

    private static void ShortDrain(SmallRun run)
    {
        run.Settings["Laion:Pipeline:DrainTimeout"] = Drain.ToString();
        run.Settings["Laion:Download:Timeout"] = "00:00:05"; // a drain must be longer
    }

    /// <summary>Longer than any test waits, so that slowness on a machine under load does not cause outcomes.</summary>
    private static void LongDrain(SmallRun run)
    {
        run.Settings["Laion:Pipeline:DrainTimeout"] = Never.ToString();
        run.Settings["Laion:Download:Timeout"] = "00:01:00";
        run.Settings["Laion:Download:MinThroughput"] = "0";
    }

    private static IEnumerable<int> Marked(int rows) => Enumerable.Range(0, rows).Select(row => 19 + (2 * row)).Select(link => link % 6 == 0 ? link + 1 : link);

    private static async Task AssertEndsAsync(HostProcess process, TimeSpan limit, string said)
    {
        long start = Stopwatch.GetTimestamp();
        (int code, string output, string error) = await process.EndAsync();
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        Assert.True(code == 1, $"{code}: {error}");
        Assert.True(took < limit + Slack, $"ended after {took}");
        Assert.Empty(output);
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.Contains("still running: ", error, StringComparison.Ordinal);
        Assert.Contains("Run again with the same output to go on", error, StringComparison.Ordinal);
    }

    /// <summary>Rows that the log reports as beyond the time limit of a stage.</summary>
    private static int Overruns(SmallRun run, string stage) => Log(run).Split('\n')
        .Where(line => line.Contains("does not return", StringComparison.Ordinal))
        .Select(line => JsonDocument.Parse(line).RootElement)
        .Where(line => Text(line, "Stage") == stage)
        .Select(line => Text(line, "Rows"))
        .Distinct().Count();

    private static string Log(SmallRun run)
    {
        string folder = Path.Combine(run.Output, "logs");
        string? file = Directory.Exists(folder) ? Directory.EnumerateFiles(folder).FirstOrDefault() : null;
        if (file is null) { return ""; }

        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        string text = new StreamReader(stream).ReadToEnd();
        return text[..(text.LastIndexOf('\n') + 1)];
    }

    private static List<JsonElement> Notes(SmallRun run) =>
        [.. File.ReadLines(Path.Combine(run.Output, "state", "suspects.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static int Ordinal(JsonElement note) => note.GetProperty("ordinal").GetInt32();

    private static async Task<RunSummary> SummaryAsync(SmallRun run) =>
        RunSummary.Parse(await File.ReadAllBytesAsync(Path.Combine(run.Output, "summary.json")));
}
