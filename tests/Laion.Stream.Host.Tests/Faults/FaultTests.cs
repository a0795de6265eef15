using LaionStream.Dataset.Summary;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Ledger.Verify;
using LaionStream.Engine.Run;
using LaionStream.Text.Languages;
using Microsoft.Extensions.DependencyInjection;

namespace LaionStream.Host.Tests.Faults;

/// <summary>Failures around a run: each time it ends without a hang and with a reason, and the next run completes the output.</summary>
public sealed class FaultTests
{
    [Fact]
    public async Task Input_VanishesBetweenListingAndReading_TheOthersAreReadAndTheNextRunReadsIt()
    {
        await using SmallRun run = await SmallRun.StartAsync(files: 3);
        byte[] bytes = await File.ReadAllBytesAsync(run.Inputs[1]);
        run.OnRequest = _ => File.Delete(run.Inputs[1]); // the first file is being read: the list exists, the second file is not opened

        RunReport report = await run.ExecuteAsync();

        Assert.Equal(RunEnd.InputsMissing, report.End);
        Assert.Contains(run.Inputs[1], Assert.Single(report.Unreadable), StringComparison.Ordinal);
        Assert.Equal((2 * SmallRun.KeptPerFile, false, new FilesSummary(3, 2)), (report.Summary.Kept, report.Summary.Complete, report.Summary.Files));

        run.OnRequest = _ => { };
        await File.WriteAllBytesAsync(run.Inputs[1], bytes);
        Assert.Equal(RunEnd.Done, (await run.ExecuteAsync()).End);
        await run.AssertWholeAsync(3 * SmallRun.KeptPerFile, 3 * SmallRun.LinksPerFile);
    }

    [Fact]
    public async Task Input_UnfinishedFileGrew_IsRefusedUntilItIsTheFileItWas()
    {
        await using SmallRun run = await SmallRun.StartAsync(files: 1);
        await StopHalfwayAsync(run);

        run.WriteInput(0, 2 * SmallRun.LinksPerFile);
        await Assert.ThrowsAsync<InputException>(() => run.ExecuteAsync());

        run.WriteInput(0, SmallRun.LinksPerFile);
        Assert.Equal(RunEnd.Done, (await run.ExecuteAsync()).End);
        await run.AssertWholeAsync(SmallRun.KeptPerFile, SmallRun.LinksPerFile);
    }

    [Fact]
    public async Task Input_UnfinishedFileShrank_IsRefusedUntilItIsTheFileItWas()
    {
        await using SmallRun run = await SmallRun.StartAsync(files: 1);
        await StopHalfwayAsync(run);

        run.WriteInput(0, 0);
        await Assert.ThrowsAsync<InputException>(() => run.ExecuteAsync());

        run.WriteInput(0, SmallRun.LinksPerFile);
        Assert.Equal(RunEnd.Done, (await run.ExecuteAsync()).End);
        await run.AssertWholeAsync(SmallRun.KeptPerFile, SmallRun.LinksPerFile);
    }

    [Fact]
    public async Task Input_FinishedFileGrew_IsRefusedAndANewOneIsAppended()
    {
        await using SmallRun run = await SmallRun.StartAsync(files: 1);
        await run.ExecuteAsync();

        run.WriteInput(0, 2 * SmallRun.LinksPerFile);
        await Assert.ThrowsAsync<InputException>(() => run.ExecuteAsync());

        run.WriteInput(0, SmallRun.LinksPerFile);
        run.Inputs.Insert(0, run.Inputs[0].Replace("in-0", "in-new", StringComparison.Ordinal));
        run.WriteInput(0, SmallRun.LinksPerFile); // the same links under another name: all are duplicates
        RunReport report = await run.ExecuteAsync();

        Assert.Equal((RunEnd.Done, SmallRun.KeptPerFile), (report.End, report.Summary.Dropped["duplicate"]));
        await run.AssertWholeAsync(SmallRun.KeptPerFile, 2 * SmallRun.LinksPerFile);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Clock_JumpsAllTheTime_ChangesNothing(int seed)
    {
        await using SmallRun run = await SmallRun.StartAsync();
        var random = new Random(seed);
        TimeSpan Jump()
        {
            lock (random) { return TimeSpan.FromHours(random.Next(-100_000, 100_000)); }
        }

        await StopHalfwayAsync(run, services => services.AddSingleton<TimeProvider>(new WildClock(Jump)));
        RunReport report = await run.ExecuteAsync(services => services.AddSingleton<TimeProvider>(new WildClock(Jump)));

        Assert.Equal(RunEnd.Done, report.End);
        await run.AssertWholeAsync(2 * SmallRun.KeptPerFile, 2 * SmallRun.LinksPerFile);
    }

    [Fact]
    public async Task Stage_Throws_ThatIsTheCauseAndTheNextRunEndsTheJob()
    {
        await using SmallRun run = await SmallRun.StartAsync();
        InvalidTimeZoneException fault = await Assert.ThrowsAsync<InvalidTimeZoneException>(
            () => run.ExecuteAsync(services => services.AddSingleton<ILanguageModel>(new BrokenModel(healthyFor: 40))));

        Assert.Equal(BrokenModel.Cause, fault.Message);
        Assert.Equal(RunEnd.Done, (await run.ExecuteAsync()).End);
        await run.AssertWholeAsync(2 * SmallRun.KeptPerFile, 2 * SmallRun.LinksPerFile);
    }

    [Fact]
    public async Task Output_LeftoversOfAllKinds_OursAreDeletedOthersStayAndTheRowsAreCorrect()
    {
        await using SmallRun run = await SmallRun.StartAsync();
        foreach ((string path, string text) in new[]
        {
            ("en/.part-00000.parquet.laion-tmp", ""), ("en/.part-00007.parquet.laion-tmp", "garbage"), ("nolang/.part-00001.parquet.laion-tmp", ""),
            (".summary.json.laion-tmp", "{\"half"), ("summary.json", ""), ("state/run.json.tmp", "garbage"), ("state/hashes-000001-000001.run.tmp", ""),
            ("state/manifest.jsonl", ""), ("state/done.jsonl", ""), ("state/inputs.txt", ""), ("state/lock", ""), ("state/manifest.jsonl~", "garbage"),
            ("multi/notes.txt", "mine"), ("en/part-00003.parquet.bak", ""),
        })
        {
            string file = Path.Combine(run.Output, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, text);
        }

        Assert.Equal(RunEnd.Done, (await run.ExecuteAsync()).End);
        await run.AssertWholeAsync(2 * SmallRun.KeptPerFile, 2 * SmallRun.LinksPerFile);
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(run.Output, "multi", "notes.txt")));
        Assert.True(File.Exists(Path.Combine(run.Output, "en", "part-00003.parquet.bak")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    public async Task Output_StrangerNamedLikeAPart_IsNeverOverwrittenAndVerifyNamesIt(string content)
    {
        await using SmallRun run = await SmallRun.StartAsync();
        string stranger = Path.Combine(run.Output, "en", "part-00001.parquet");
        Directory.CreateDirectory(Path.GetDirectoryName(stranger)!);
        await File.WriteAllTextAsync(stranger, content);

        RunReport report = await run.ExecuteAsync();

        Assert.Equal((RunEnd.Done, 2 * SmallRun.KeptPerFile), (report.End, report.Summary.Kept));
        Assert.Equal(content, await File.ReadAllTextAsync(stranger));
        VerifyReport verified = await new RunVerifier(run.Output).VerifyAsync(default);
        Assert.Equal(["en/part-00001.parquet is in the folder but not in the manifest"], verified.Problems);
    }

    [Fact]
    public async Task Share_OwnFilesDone_TheOutputIsComplete()
    {
        await using SmallRun run = await SmallRun.StartAsync(files: 3);
        run.Settings["Laion:Input:Share"] = "1/2";

        RunReport report = await run.ExecuteAsync();

        Assert.Equal((RunEnd.Done, true, new FilesSummary(2, 2, "1/2")), (report.End, report.Summary.Complete, report.Summary.Files));
        await run.AssertWholeAsync(2 * SmallRun.KeptPerFile, 2 * SmallRun.LinksPerFile);

        // A retry is not given inputs or the share: the output has them.
        run.Settings.Clear();
        RunReport retried = await run.RetryAsync(new Retry(new HashSet<LaionStream.Dataset.Rows.DropReason>(), TimeSpan.Zero));
        Assert.Equal((true, new FilesSummary(2, 2, "1/2")), (retried.Summary.Complete, retried.Summary.Files));
    }

    /// <summary>Stops as by a first signal once some pictures are fetched.</summary>
    private static async Task<RunReport> StopHalfwayAsync(SmallRun run, Action<IServiceCollection>? change = null)
    {
        using var stop = new CancellationTokenSource();
        int requests = 0;
        run.OnRequest = _ =>
        {
            if (Interlocked.Increment(ref requests) == 5) { stop.Cancel(); }
        };
        RunReport report = await run.ExecuteAsync(change, stop.Token);
        run.OnRequest = _ => { };
        Assert.Equal(RunEnd.Stopped, report.End);
        Assert.InRange(report.Summary.Kept, 1, (run.Inputs.Count * SmallRun.KeptPerFile) - 1);
        return report;
    }

    private sealed class BrokenModel(int healthyFor) : ILanguageModel
    {
        public const string Cause = "the language model lost its mind";

        private readonly Cld3LanguageModel _healthy = new();
        private int _calls;

        public LanguageAnswer Identify(ReadOnlySpan<char> text) =>
            Interlocked.Increment(ref _calls) <= healthyFor ? _healthy.Identify(text) : throw new InvalidTimeZoneException(Cause);
    }
}
