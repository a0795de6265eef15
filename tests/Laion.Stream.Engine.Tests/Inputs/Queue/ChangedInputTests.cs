using System.IO.Compression;
using System.Text;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Summary;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Ledger.Verify;
using LaionStream.Engine.OptOuts;
using LaionStream.Engine.Output;
using LaionStream.Engine.Run;
using LaionStream.Engine.Tests.Ledger;
using LaionStream.TestWorld;
using LaionStream.TestWorld.Wats;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Tests.Inputs.Queue;

/// <summary>
/// Inputs that change between runs of <c>extract</c>: appended lines are new rows, every other change is refused or handled, none is ignored.
/// </summary>
public sealed class ChangedInputTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Output => _folder.At("out");

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> PlainLists => ["txt", "csv", "tsv", "jsonl", "ndjson"];

    [Theory]
    [MemberData(nameof(PlainLists))]
    public async Task Extract_ListGrewAfterItWasDone_NewLinesAreRowsOnceAndOrdinalsContinue(string kind)
    {
        string list = _folder.At("list." + kind);
        await File.WriteAllTextAsync(list, Head(kind) + Lines(kind, 0, 30));
        await RunAsync(list);
        await File.AppendAllTextAsync(list, Lines(kind, 30, 20));
        await RunAsync(list);
        await RunAsync(list); // nothing new
        await File.AppendAllTextAsync(list, Lines(kind, 50, 7) + Lines(kind, 0, 2)); // two of them are known
        RunSummary summary = await RunAsync(list);

        Assert.Equal((59L, 57L, 2L, 1), (summary.Links, summary.Kept, summary.Dropped["duplicate"], summary.Files.Done));
        await AssertRowsAsync(Enumerable.Range(0, 57).Select(i => ((long)i, Url(i))));
    }

    [Fact]
    public async Task Extract_ListGrewTwiceBeforeItWasDone_RowsAreThoseOfTheWholeList()
    {
        string list = _folder.At("list.csv");
        await File.WriteAllTextAsync(list, Head("csv") + Lines("csv", 0, 10));
        await RunAsync(list);
        File.Delete(Path.Combine(Output, "state", "done.jsonl")); // as a kill leaves it just before its line is written
        await File.AppendAllTextAsync(list, Lines("csv", 10, 10));
        await RunAsync(list);
        File.Delete(Path.Combine(Output, "state", "done.jsonl"));
        await File.AppendAllTextAsync(list, Lines("csv", 20, 10));

        RunSummary summary = await RunAsync(list);

        Assert.Equal((30L, 30L), (summary.Links, summary.Kept));
        await AssertRowsAsync(Enumerable.Range(0, 30).Select(i => ((long)i, Url(i))));
    }

    [Fact]
    public async Task Extract_EmptyListGetsItsHeadingLater_RowsAreRead()
    {
        string list = _folder.At("list.csv");
        await File.WriteAllTextAsync(list, "");
        await RunAsync(list, unreadable: 1);
        await File.AppendAllTextAsync(list, Head("csv"));
        await RunAsync(list);
        await File.AppendAllTextAsync(list, Lines("csv", 0, 3));

        Assert.Equal(3, (await RunAsync(list)).Kept);
        await AssertRowsAsync(Enumerable.Range(0, 3).Select(i => ((long)i, Url(i))));
    }

    [Fact]
    public async Task Extract_FileWithoutDurableRowsIsReplaced_IsNotAChange()
    {
        string list = _folder.At("list.jsonl");
        await File.WriteAllTextAsync(list, "\n");
        await RunAsync(list, unreadable: 1);
        await File.WriteAllTextAsync(list, Lines("jsonl", 0, 3));

        Assert.Equal(3, (await RunAsync(list)).Kept);
    }

    [Fact]
    public async Task Extract_QuoteLeftOpenAtTheOldEnd_RowsBeforeItKeepTheirPlace()
    {
        string list = _folder.At("list.csv");
        await File.WriteAllTextAsync(list, Head("csv") + Lines("csv", 0, 3) + "\"open\n" + Lines("csv", 3, 2));
        await RunAsync(list);
        await File.AppendAllTextAsync(list, "\"closed\",and a caption\n" + Lines("csv", 5, 2));

        RunSummary summary = await RunAsync(list);

        Assert.Equal((9L, 7L), (summary.Links, summary.Kept));
        await AssertRowsAsync(new[] { 0, 1, 2, 4, 5, 7, 8 }.Select((ordinal, i) => ((long)ordinal, Url(i))));
    }

    [Theory]
    [InlineData("front", false)]
    [InlineData("front", true)]
    [InlineData("middle", true)]
    [InlineData("shorter", false)]
    [InlineData("shorter", true)]
    [InlineData("replaced", false)]
    [InlineData("last line goes on", true)]
    [InlineData("gzip grew", true)]
    [InlineData("gzip grew", false)]
    public async Task Extract_InputChanged_IsRefusedByNameAndHandledAsConfigured(string change, bool isDone)
    {
        string list = _folder.At(change.StartsWith("gzip", StringComparison.Ordinal) ? "list.txt.gz" : "list.txt");
        string old = Lines("txt", 0, 100_000)[..^1];
        await WriteAsync(list, old);
        await RunAsync(list);
        string done = Path.Combine(Output, "state", "done.jsonl");
        if (!isDone) { File.Delete(done); }
        await WriteAsync(list, change switch
        {
            "front" => Lines("txt", 200_000, 100) + old,
            "middle" => old.Insert(old.IndexOf("/50000.", StringComparison.Ordinal), "0"),
            "shorter" => old[..^500],
            "replaced" => Lines("txt", 200_000, 200_000),
            "last line goes on" => old + "x\n",
            _ => old + "\n" + Lines("txt", 200_000, 5),
        });

        InputException refused = await Assert.ThrowsAsync<InputException>(() => RunAsync(list));
        Assert.Contains(list, refused.Message, StringComparison.Ordinal);
        Assert.Contains("Laion:Input:Changed", refused.Message, StringComparison.Ordinal);
        Assert.Equal(isDone ? 1 : 0, File.ReadAllLines(done).Count(line => line.Contains("true", StringComparison.Ordinal))); // nothing was changed

        RunSummary summary = await RunAsync(list, "again");
        Assert.Equal(2, summary.Files.Done);
        Assert.True(summary.Complete);
        string[] urls = [.. (await ReadRowsAsync()).Select(row => row.Url)];
        Assert.Equal(urls.Length, urls.Distinct().Count());
        Assert.Empty((await ReadAsync(list)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Except(urls)); // every link has its row
        Assert.Equal(Same(summary), Same(await RunAsync(list) with { WrittenAt = summary.WrittenAt, Stages = summary.Stages, Run = summary.Run }));
        await AssertWholeAsync();
    }

    [Fact]
    public async Task Extract_ChangedInputTakenForTheSame_RowsKeepTheirPlace()
    {
        string list = _folder.At("list.txt");
        await File.WriteAllTextAsync(list, Lines("txt", 0, 10));
        await RunAsync(list);
        File.Delete(Path.Combine(Output, "state", "done.jsonl"));
        await File.WriteAllTextAsync(list, Lines("txt", 100, 12));

        RunSummary summary = await RunAsync(list, "same");

        Assert.Equal(12, summary.Links);
        Assert.Equal([Url(9), Url(110), Url(111)], (await ReadRowsAsync()).OrderBy(row => row.Ordinal).Select(row => row.Url).TakeLast(3));
        await RunAsync(list); // it is known now
    }

    [Fact]
    public async Task Extract_OnlyTheTimeChanged_IsTheSameFile()
    {
        string list = _folder.At("list.txt.gz");
        await WriteAsync(list, Lines("txt", 0, 10));
        await RunAsync(list);
        File.SetLastWriteTimeUtc(list, DateTime.UtcNow.AddDays(-3));

        Assert.Equal(10, (await RunAsync(list)).Links);
    }

    [Fact]
    public async Task Extract_OutputWithoutMarks_RecordsThemOnFirstRunAndDetectsLaterChanges()
    {
        string list = _folder.At("list.txt");
        await File.WriteAllTextAsync(list, Lines("txt", 0, 10));
        await RunAsync(list);
        File.Delete(Path.Combine(Output, "state", "marks.jsonl")); // 613fb31 had none
        await RunAsync(list);
        await File.AppendAllTextAsync(list, Lines("txt", 10, 5));

        Assert.Equal(15, (await RunAsync(list)).Kept);
        await AssertRowsAsync(Enumerable.Range(0, 15).Select(i => ((long)i, Url(i))));
    }

    [Fact]
    public async Task Check_DiesAtEveryStep_GrownListIsReadOnce()
    {
        string list = _folder.At("list.jsonl");
        int last = 1;
        for (int step = 1; step <= last + 1; step++)
        {
            await File.WriteAllTextAsync(list, Lines("jsonl", 0, 20));
            await RunAsync(list);
            await File.AppendAllTextAsync(list, Lines("jsonl", 20, 10));

            var disk = new FaultDisk(step, FaultMode.Torn);
            Exception? died = await Record.ExceptionAsync(() => CheckAsync(list, disk));
            Assert.True(died is Crash || step > last, $"{step}: {died}");
            last = died is Crash ? step : last;
            RunSummary summary = await RunAsync(list);

            Assert.Equal((30L, 30L), (summary.Links, summary.Kept));
            await AssertRowsAsync(Enumerable.Range(0, 30).Select(i => ((long)i, Url(i))));
            Directory.Delete(Output, recursive: true);
        }

        Assert.True(last >= 6, $"{last} steps");
    }

    [Theory]
    [InlineData("list.txt", true)]
    [InlineData("list.txt", false)]
    [InlineData("list.txt.gz", false)]
    public async Task Extract_RemoteInputChanged_IsRefusedAndReadAgainWhenAsked(string name, bool isDone)
    {
        await WriteAsync(_folder.At(name), Lines("txt", 0, 50));
        byte[] bytes = await File.ReadAllBytesAsync(_folder.At(name));
        // its head and its rows
        await using var server = new CuttingServer(bytes, new CuttingServerManners(1, bytes.Length, bytes.Length + 1) { ChangesAfter = 2 });
        await RunAsync(server.AddressOf(name));
        if (!isDone) { File.Delete(Path.Combine(Output, "state", "done.jsonl")); }

        InputException refused = await Assert.ThrowsAsync<InputException>(() => RunAsync(server.AddressOf(name)));
        Assert.Contains("entity tag", refused.Message, StringComparison.Ordinal);

        RunSummary summary = await RunAsync(server.AddressOf(name), "again");
        Assert.Equal((100L, 50L, 50L), (summary.Links, summary.Kept, summary.Dropped["duplicate"]));
        Assert.True((await RunAsync(server.AddressOf(name))).Complete); // the new one is known now
        await AssertWholeAsync();
    }

    private static string Same(RunSummary summary) => Encoding.UTF8.GetString(summary.ToJson());

    private static string Url(int i) => $"http://example.org/{i}.jpg";

    private static string Head(string kind) => kind switch
    {
        "csv" => "url,caption\n",
        "tsv" => "url\tcaption\n",
        _ => "",
    };

    private static string Lines(string kind, int first, int count) => string.Concat(Enumerable.Range(first, count).Select(i => kind switch
    {
        "csv" => $"{Url(i)},caption number {i}\n",
        "tsv" => $"{Url(i)}\tcaption number {i}\n",
        "txt" => $"{Url(i)}\n",
        _ => $$"""{"url": "{{Url(i)}}", "caption": "caption number {{i}}"}""" + "\n",
    }));

    private static async Task WriteAsync(string path, string text)
    {
        await using FileStream file = File.Create(path);
        await using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : file;
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text));
    }

    private static async Task<string> ReadAsync(string path)
    {
        await using FileStream file = File.OpenRead(path);
        await using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    private async Task<RunSummary> RunAsync(string input, string changed = "refuse", int unreadable = 0)
    {
        await using ServiceProvider services = Services(input, changed);
        RunReport report = await services.GetRequiredService<ExtractRun>().ExecuteAsync(CancellationToken.None, CancellationToken.None)
            .WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(unreadable, report.Unreadable.Count);
        return report.Summary;
    }

    private async Task CheckAsync(string input, IDisk disk)
    {
        await using ServiceProvider services = Services(input, "refuse");
        RunFingerprint fingerprint = RunFingerprints.OfCandidates(new InputOptions(), services.GetRequiredService<IOptions<CandidateOptions>>().Value, OptOutPolicy.Of(new()));
        await using RunState state =
            RunState.Open(Output, fingerprint, [input], new LedgerTuning(TimeSpan.FromHours(1)), TimeProvider.System, NullLoggerFactory.Instance, disk);
        var watch = new InputWatch(
            state, services.GetRequiredService<CandidateReaders>(), services.GetRequiredService<LaionStream.Engine.Inputs.Opening.IInputOpener>(), new InputOptions(), NullLogger.Instance);
        await watch.CheckAsync(state.InputNumbers, CancellationToken.None);
    }

    private ServiceProvider Services(string input, string changed)
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Laion:Input:Paths:0"] = input,
            ["Laion:Input:Changed"] = changed,
            ["Laion:Writing:Path"] = Output,
        }).Build();
        return new ServiceCollection().AddLogging().AddLaionEngine(configuration).BuildServiceProvider();
    }

    private async Task<List<(long Ordinal, string Url)>> ReadRowsAsync()
    {
        var rows = new List<(long, string)>();
        foreach (string part in Directory.EnumerateFiles(Path.Combine(Output, CandidateWriter.SetName), "*.parquet"))
        {
            await using SampleFileReader reader = await SampleFileReader.OpenAsync(part);
            await foreach (IReadOnlyList<KeyValuePair<string, object?>> row in reader.ReadRowsAsync())
            {
                rows.Add((Convert.ToInt64(row.First(pair => pair.Key == "ordinal").Value, System.Globalization.CultureInfo.InvariantCulture),
                    (string)row.First(pair => pair.Key == "URL").Value!));
            }
        }

        return rows;
    }

    private async Task AssertRowsAsync(IEnumerable<(long, string)> expected)
    {
        Assert.Equal(expected, (await ReadRowsAsync()).Order());
        await AssertWholeAsync();
    }

    private async Task AssertWholeAsync()
    {
        VerifyReport report = await new RunVerifier(Output).VerifyAsync(CancellationToken.None);
        Assert.True(report.IsWhole, report.Line);
    }
}
