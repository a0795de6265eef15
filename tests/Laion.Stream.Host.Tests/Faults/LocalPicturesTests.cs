using System.Formats.Tar;
using System.Text;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Rows;
using LaionStream.Demo;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Ledger.Verify;
using LaionStream.Engine.Run;

namespace LaionStream.Host.Tests.Faults;

/// <summary>Whole runs over pictures on this machine: folders, lists of files and tars. Nothing is requested from any server.</summary>
public sealed class LocalPicturesTests : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("laion-pictures");
    private int _requests;

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Run_FolderWithoutScores_KeepsPicturesWithAndWithoutCaption()
    {
        await using SmallRun run = await StartAsync("pictures", At("in"));
        Write("in/a.png");
        Write("in/a.txt", "a caption of its own");
        Write("in/b.png");
        Write("in/c/img.png");
        Write("in/c/img.json", """{"url":"https://a.example/c.jpg","caption":"a caption in a json","license":"by"}""");
        Write("in/d.txt", "a caption of nothing");
        Write("in/broken.png", new string('x', 6000));
        Write("in/tiny.png", "x");

        RunReport report = await run.ExecuteAsync();

        await run.AssertWholeAsync(rows: 3, links: 5);
        Assert.Equal((1L, 1L), (report.Summary.Dropped["not_an_image"], report.Summary.Dropped["too_small_bytes"]));
        Dictionary<string, string?> texts = (await RowsAsync(run)).ToDictionary(row => (string)row["URL"]!, row => (string?)row["TEXT"]);
        Assert.Equal(new Dictionary<string, string?>
        {
            [$"file://{At("in/a.png")}"] = "a caption of its own",
            [$"file://{At("in/b.png")}"] = null,
            ["https://a.example/c.jpg"] = "a caption in a json",
        }, texts);
        Assert.Equal(0, _requests);
    }

    [Fact]
    public async Task Run_FolderGrowsBetweenRuns_NewPicturesAreNewRowsAndNoneTwice()
    {
        await using SmallRun run = await StartAsync("pictures", At("in"));
        for (int i = 0; i < 25; i++) { Write($"in/{i:D2}.png"); }
        await run.ExecuteAsync();
        await run.AssertWholeAsync(rows: 25, links: 25);
        Write("in/00a.png");
        File.Delete(At("in/07.png"));

        await run.ExecuteAsync();
        await run.AssertWholeAsync(rows: 26, links: 26);
        await run.ExecuteAsync();

        await run.AssertWholeAsync(rows: 26, links: 26);
        Assert.Equal(26, (await RowsAsync(run)).Select(row => row["SAMPLE_ID"]).Distinct().Count());
    }

    [Fact]
    public async Task Retry_PictureWasMissing_IsReadOnceItIsThere()
    {
        await using SmallRun run = await StartAsync("pictures", At("list.csv"));
        Write("pics/1.png");
        Write("list.csv", "url,caption,mine\npics/1.png,the first caption,x\npics/2.png,the second caption,y\n/nowhere/3.png,the third caption,z\n"
            + "https://a.example/4.png,the fourth caption,\n" + $"file://{At("pics/1.png")},another caption,w\n");

        RunReport first = await run.ExecuteAsync();
        Assert.Equal((2L, 2L, 1L), (first.Summary.Kept, first.Summary.Dropped["incomplete_body"], first.Summary.Dropped["bad_url"]));
        Write("pics/2.png");
        await run.RetryAsync(new Retry(new HashSet<DropReason>(), TimeSpan.Zero));

        await run.AssertWholeAsync(rows: 3, links: 5);
        Assert.Equal(["w", "x", "y"], (await RowsAsync(run)).Select(row => (string)row["mine"]!).Order());
        Assert.Equal(0, _requests);
    }

    [Fact]
    public async Task Run_OwnTarsAsInput_GiveTheSamePicturesUnderTheSameAddresses()
    {
        await using SmallRun first = await StartAsync("pictures", At("in"));
        first.Settings["Laion:Writing:Images"] = "original";
        first.Settings["Laion:Writing:RowsPerShard"] = "10";
        for (int i = 0; i < 25; i++)
        {
            Write($"in/{i:D2}.png");
            Write($"in/{i:D2}.txt", $"the caption with number {i}");
        }
        await first.ExecuteAsync();
        await using SmallRun second = await StartAsync("webdataset", first.Output);
        second.Settings["Laion:Writing:Images"] = "original";

        await second.ExecuteAsync();

        await second.AssertWholeAsync(rows: 25, links: 25);
        Assert.Equal(await PairsAsync(first), await PairsAsync(second));
        Assert.Equal(0, _requests);
    }

    [Fact]
    public async Task Run_TarFoundByItsName_StoppedAndResumed_EveryPictureOnce()
    {
        await using SmallRun run = await StartAsync("auto", At("shards"));
        Directory.CreateDirectory(At("shards"));
        Tar(At("shards/00000.tar"), 0, 40);
        Tar(At("shards/00001.tar"), 40, 40);
        run.Settings["Laion:Pipeline:Language:Capacity"] = "2";
        using var stop = new CancellationTokenSource();
        Task<RunReport> stopped = run.ExecuteAsync(stop: stop.Token);
        while (!stopped.IsCompleted && !HasPart(run.Output)) { await Task.Delay(1); }
        await stop.CancelAsync();
        await stopped;

        await run.ExecuteAsync();

        await run.AssertWholeAsync(rows: 80, links: 80);
        Assert.Equal(80, (await RowsAsync(run)).Select(row => row["SAMPLE_ID"]).Distinct().Count());
    }

    [Theory]
    [InlineData("pictures", "https://a.example/pictures/")]
    [InlineData("webdataset", "https://a.example/00000.tar")]
    [InlineData("auto", "https://a.example/00000.tar")]
    public async Task Run_RemoteInput_IsRefusedBeforeAnythingIsRead(string format, string input)
    {
        await using SmallRun run = await StartAsync(format, input);

        InputException refused = await Assert.ThrowsAsync<InputException>(() => run.ExecuteAsync());

        Assert.Contains("is remote", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(run.Output));
    }

    [Fact]
    public async Task Run_FolderWithModels_ScoresEmbedsAndWrites()
    {
        foreach (DemoPicture picture in DemoAssets.Pictures().Where(picture => picture.Bytes.Length >= 5000).Take(12))
        {
            Directory.CreateDirectory(At("in"));
            await File.WriteAllBytesAsync(At("in", picture.Name.Replace('/', '_')), picture.Bytes);
            await File.WriteAllTextAsync(At("in", Path.ChangeExtension(picture.Name.Replace('/', '_'), ".txt")), "a picture of something");
        }
        await File.WriteAllBytesAsync(At("in", "no-caption.png"), LoopbackFaults.SoundPicture.ToArray());
        await using DemoRun run = await DemoRun.StartAsync(
            ("Laion:Input:Paths:0", At("in")), ("Laion:Input:Format", "pictures"), ("Laion:Writing:Images", "resized"), ("Laion:Writing:Embeddings", "both"),
            ("Laion:Filtering:MinSimilarity:en", "-1"), ("Laion:Filtering:MinSimilarity:multi", "-1"), ("Laion:Filtering:MinSimilarity:nolang", "-1"));

        RunReport report = await run.ExecuteAsync();

        Assert.Equal((12L, 1L), (report.Summary.Kept, report.Summary.Dropped["no_alt"]));
        Assert.All(await run.RowsAsync(), row => Assert.NotNull(row["similarity"]));
        Assert.NotEmpty(Directory.EnumerateFiles(run.Output, "img_emb_*.npy", SearchOption.AllDirectories));
        VerifyReport verified = await new RunVerifier(run.Output).VerifyAsync(default);
        Assert.True(verified.IsWhole, verified.Line);
    }

    private static bool HasPart(string output) =>
        Directory.Exists(output) && Directory.EnumerateFiles(output, "part-*.parquet", SearchOption.AllDirectories).Any();

    private static void Tar(string path, int from, int count)
    {
        using FileStream file = File.Create(path);
        using var tar = new TarWriter(file, TarEntryFormat.Ustar);
        foreach (int i in Enumerable.Range(from, count))
        {
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"{i:D5}.png") { DataStream = new MemoryStream(LoopbackFaults.SoundPicture.ToArray()) });
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"{i:D5}.txt")
            {
                DataStream = new MemoryStream(Encoding.UTF8.GetBytes($"the caption with number {i}")),
            });
        }
    }

    private static async Task<List<(object?, object?, object?, object?)>> PairsAsync(SmallRun run) =>
        [.. (await RowsAsync(run)).Select(row => (row["URL"], row["TEXT"], row["hash"], row["md5"])).OrderBy(row => (string?)row.Item1, StringComparer.Ordinal)];

    private static async Task<List<Dictionary<string, object?>>> RowsAsync(SmallRun run)
    {
        var rows = new List<Dictionary<string, object?>>();
        foreach (string file in Directory.EnumerateFiles(run.Output, "part-*.parquet", SearchOption.AllDirectories))
        {
            await using SampleFileReader reader = await SampleFileReader.OpenAsync(file);
            await foreach (IReadOnlyList<KeyValuePair<string, object?>> row in reader.ReadRowsAsync()) { rows.Add(new Dictionary<string, object?>(row)); }
        }

        return rows;
    }

    private async Task<SmallRun> StartAsync(string format, string input)
    {
        SmallRun run = await SmallRun.StartAsync(files: 0);
        run.OnRequest = _ => Interlocked.Increment(ref _requests);
        run.Inputs.Add(input);
        run.Settings["Laion:Input:Format"] = format;
        return run;
    }

    private string At(params string[] parts) => Path.Combine([_folder.FullName, .. parts]);

    private void Write(string name, string? text = null)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllBytes(At(name), text is null ? LoopbackFaults.SoundPicture.ToArray() : Encoding.UTF8.GetBytes(text));
    }
}
