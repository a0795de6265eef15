using System.Globalization;
using System.Text;
using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Removal;
using LaionStream.Dataset.Rows;
using LaionStream.Dataset.Summary;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Download;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Ledger.Verify;
using LaionStream.Engine.Output;
using LaionStream.Engine.Removal;
using LaionStream.Engine.Scoring;
using LaionStream.Engine.Tests.Ledger;
using LaionStream.Engine.Tests.Ledger.State;
using LaionStream.TestWorld;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LaionStream.Engine.Tests.Removal;

/// <summary>Rows that a list asks for leave every file of their parts, whatever happens meanwhile, and never come back.</summary>
public sealed class OutputRemovalTests
{
    [Theory]
    [InlineData(nameof(PictureContainer.Tar))]
    [InlineData(nameof(PictureContainer.Files))]
    [InlineData(nameof(PictureContainer.Parquet))]
    public async Task Remove_ByHash_EveryFileLosesTheRowsAndTheOutputStaysWhole(string container)
    {
        using var folder = new TempFolder();
        LedgerWorld world = await RunAsync(folder, Enum.Parse<PictureContainer>(container));
        RowKey[] removed = Some(world);

        RemovalReport report = await RemoveAsync(folder, Hashes(world, removed));

        Assert.Equal((removed.Length, 0), (report.Rows, report.Away));
        await AssertWithoutAsync(world, removed, "removed");
        RunSummary summary = SummaryFile.Find(folder.Root)!;
        Assert.Equal(removed.Length, summary.Dropped["removed"]);
        Assert.Equal(summary.Links, summary.Kept + summary.Dropped.Values.Sum());
        Assert.Equal(0, (await RemoveAsync(folder, Hashes(world, removed))).Rows);

        await world.RunAsync();
        await world.RetryAsync();
        await world.SummariseAsync();
        await AssertWithoutAsync(world, removed, "run and retried", isRetried: true);
        foreach (byte[] picture in removed.Select(LedgerWorld.PictureOf))
        {
            Assert.DoesNotContain(Directory.EnumerateFiles(folder.Root, "*", SearchOption.AllDirectories), path => File.ReadAllBytes(path).AsSpan()
                .IndexOf([.. picture, (byte)'\0']) >= 0);
        }
    }

    [Fact]
    public async Task Remove_EveryRow_LeavesAnEmptyWholeOutput()
    {
        using var folder = new TempFolder();
        LedgerWorld world = await RunAsync(folder);
        RowKey[] all = [.. world.Expected().Keys];
        RowKey[] first = [.. all.Where((_, i) => i % 2 == 0)];

        await RemoveAsync(folder, Hashes(world, first));
        await RemoveAsync(folder, Hashes(world, all));

        await AssertWithoutAsync(world, all, "all removed");
        Assert.Empty(Directory.EnumerateFiles(folder.Root, "part-*", SearchOption.AllDirectories));
        Assert.Empty(ManifestReader.ReadCurrent(Path.Combine(folder.Root, "state", "manifest.jsonl")));
        await world.RunAsync();
        Assert.Empty(world.Admitted);
    }

    [Theory]
    [InlineData(nameof(PictureContainer.Tar), nameof(FaultMode.Before))]
    [InlineData(nameof(PictureContainer.Tar), nameof(FaultMode.Torn))]
    [InlineData(nameof(PictureContainer.Tar), nameof(FaultMode.PowerLoss))]
    [InlineData(nameof(PictureContainer.Tar), nameof(FaultMode.Full))]
    [InlineData(nameof(PictureContainer.Files), nameof(FaultMode.Before))]
    [InlineData(nameof(PictureContainer.Files), nameof(FaultMode.Torn))]
    [InlineData(nameof(PictureContainer.Files), nameof(FaultMode.Full))]
    [InlineData(nameof(PictureContainer.Parquet), nameof(FaultMode.Before))]
    public async Task Remove_DiesAtEveryStep_AnotherRemovalOrARunGoesOn(string container, string mode)
    {
        int steps = await FaultDisk.StepsOfAsync(async (folder, disk) =>
        {
            LedgerWorld world = await RunAsync(folder, Enum.Parse<PictureContainer>(container));
            await RemoveAsync(folder, Hashes(world, Some(world)), disk);
        });
        int stride = mode == nameof(FaultMode.Before) && container == nameof(PictureContainer.Tar) ? 2 : 11;
        for (int step = 1; step <= steps; step += stride)
        {
            using var folder = TempFolder.InMemory();
            LedgerWorld world = await RunAsync(folder, Enum.Parse<PictureContainer>(container));
            RowKey[] removed = Some(world);
            string when = string.Create(CultureInfo.InvariantCulture, $"{container}, {mode} at step {step} of {steps}");
            await RunStateCrashTests.CrashAsync(disk => RemoveAsync(folder, Hashes(world, removed), disk), new FaultDisk(step, Enum.Parse<FaultMode>(mode)));

            if (step % 2 == 0)
            {
                await world.RunAsync(FaultDisk.Immortal()); // a start does the rest of the commit at hand
                Assert.Empty(world.Admitted);
                await world.SummariseAsync();
                VerifyReport between = await new RunVerifier(folder.Root).VerifyAsync(CancellationToken.None);
                Assert.True(between.IsWhole, $"{when}: {between.Line}");
            }

            await RemoveAsync(folder, Hashes(world, removed));
            await AssertWithoutAsync(world, removed, when);
        }

        Assert.True(steps > 40, $"{steps} steps");
    }

    [Fact]
    public async Task Remove_OutputOfARunThatDied_EndsItsCommitFirst()
    {
        int steps = await FaultDisk.StepsOfAsync((folder, disk) => World(folder, PictureContainer.Tar).RunAsync(disk));
        for (int step = steps / 2; step <= steps; step += 9)
        {
            using var folder = TempFolder.InMemory();
            LedgerWorld world = World(folder, PictureContainer.Tar);
            await RunStateCrashTests.CrashAsync(world.RunAsync, new FaultDisk(step, FaultMode.Before));
            RowKey[] removed = Some(world);

            await RemoveAsync(folder, Hashes(world, removed));
            await world.RunAsync();
            await RemoveAsync(folder, Hashes(world, removed)); // rows that had not been committed when it was asked first

            await world.SummariseAsync();
            await AssertWithoutAsync(world, removed, $"step {step}");
        }
    }

    [Theory]
    [InlineData("url", "http://example.org/{0}")]
    [InlineData("hash", "{0}")]
    public async Task Remove_ByList_RecordsWhichListAndWhenAndNoContent(string kind, string entry)
    {
        using var folder = new TempFolder();
        LedgerWorld world = await RunAsync(folder);
        RowKey row = world.Expected().Keys.Order(Comparer<RowKey>.Create((a, b) => a.SampleId.CompareTo(b.SampleId))).First();
        string line = string.Format(CultureInfo.InvariantCulture, entry, world.HashOf(row));

        Assert.Equal(1, (await RemoveAsync(folder, List(kind, $"# asked for by mail\n\n{line}\r\n"))).Rows);

        string manifest = await File.ReadAllTextAsync(Path.Combine(folder.Root, "state", "manifest.jsonl"));
        ManifestEntry commit = Assert.Single(ManifestReader.Read(Path.Combine(folder.Root, "state", "manifest.jsonl")), one => one.Removal is not null);
        Assert.Contains($"{kind} list list.txt, sha256 ", commit.Removal!.By, StringComparison.Ordinal);
        Assert.Equal(1, commit.Removal.Count);
        Assert.DoesNotContain(line, manifest, StringComparison.Ordinal);
        Assert.Equal(RemovedDigests.OfUrl($"http://example.org/{world.HashOf(row)}"),
            Assert.Single(await File.ReadAllLinesAsync(Path.Combine(folder.Root, "state", RemovedDigests.UrlsName))));
        BlockListOptions lists = new RemovedLists(Path.Combine(folder.Root, "state")).AddTo(new BlockListOptions { Urls = ["mine.txt"] });
        Assert.Equal(["mine.txt", Path.Combine(folder.Root, "state", RemovedDigests.UrlsName)], lists.Urls);
        Assert.Empty(lists.Bytes); // the rows of this world have no digest
    }

    [Fact]
    public async Task Remove_ByUrl_TakesDroppedRowsToo_AndTheyComeBackWithoutWhatTheyWere()
    {
        using var folder = new TempFolder();
        LedgerWorld world = World(folder, PictureContainer.Tar, writesDrops: true, rowsPerFile: 90);
        await world.RunAsync();
        await world.SummariseAsync();
        RowKey[] twice = [.. world.ExpectedDrops(isRetried: true).Where(row => row.Value.Attempt == 2).Select(row => row.Key)];
        RowKey[] dropped = [.. SomeDropped(world).Union(twice)];
        RowKey[] kept = Some(world);
        RowKey[] others = [.. world.ExpectedDrops().Keys.Except(dropped)];

        RemovalReport report = await RemoveAsync(folder, Urls(world, [.. dropped, .. kept]));

        Assert.Equal((kept.Length, dropped.Length), (report.Rows, report.Dropped));
        Assert.Equal(others.Order(BySampleId), (await world.ReadDroppedAsync()).Keys.Select(row => row.Key).Order(BySampleId));
        await AssertWholeAsync(world, "removed");
        Assert.Equal(others.Length, (await new RunVerifier(folder.Root).VerifyAsync(CancellationToken.None)).Dropped);
        Assert.Equal(0, (await RemoveAsync(folder, Urls(world, [.. dropped, .. kept]))).Dropped);

        await world.RetryAsync();
        await world.SummariseAsync();
        Assert.NotEmpty(twice);
        Assert.Subset((await world.ReadDroppedAsync()).Keys.Select(row => row.Key).ToHashSet(), twice.ToHashSet());
        IReadOnlyList<string?> urls = await DroppedUrlsAsync(folder);
        Assert.DoesNotContain(urls, url => dropped.Select(row => UrlOf(world, row)).Contains(url));
        Assert.Contains(null, urls);
        await AssertWholeAsync(world, "retried");
    }

    [Fact]
    public async Task Remove_EveryDroppedRow_LeavesNoFileOfThem()
    {
        using var folder = new TempFolder();
        LedgerWorld world = World(folder, PictureContainer.Tar, writesDrops: true);
        await world.RunAsync();
        await world.SummariseAsync();

        await RemoveAsync(folder, List("domain", "example.org"));

        Assert.Empty(await world.ReadDroppedAsync());
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(folder.Root, "dropped"), "*.parquet"));
        Assert.Empty(await world.ReadPartsAsync());
        await AssertWholeAsync(world, "all removed");
        await world.RunAsync();
        Assert.Empty(world.Admitted);
    }

    [Fact]
    public async Task Remove_KeptRow_TakesItsEarlierDropAlong()
    {
        using var folder = new TempFolder();
        LedgerWorld world = World(folder, PictureContainer.Tar, writesDrops: true);
        await world.RunAsync();
        await world.RetryAsync();
        await world.SummariseAsync();
        RowKey[] late = [.. world.Expected(isRetried: true).Keys.Except(world.Expected().Keys)];
        Assert.NotEmpty(late);
        Assert.Subset((await world.ReadDroppedAsync()).Keys.Select(row => row.Key).ToHashSet(), late.ToHashSet());

        await RemoveAsync(folder, Hashes(world, late));

        Assert.Empty((await world.ReadDroppedAsync()).Keys.Select(row => row.Key).Intersect(late));
        Assert.Empty((await world.ReadPartsAsync()).Keys.Intersect(late));
        await AssertWholeAsync(world, "removed");
    }

    [Theory]
    [InlineData(nameof(FaultMode.Before))]
    [InlineData(nameof(FaultMode.Torn))]
    [InlineData(nameof(FaultMode.PowerLoss))]
    public async Task Remove_DroppedRows_DiesAtEveryStep_AnotherRemovalGoesOn(string mode)
    {
        int steps = await FaultDisk.StepsOfAsync(async (folder, disk) =>
        {
            LedgerWorld world = World(folder, PictureContainer.Parquet, writesDrops: true);
            await world.RunAsync();
            await RemoveAsync(folder, Urls(world, SomeDropped(world)), disk);
        });
        for (int step = 1; step <= steps; step += mode == nameof(FaultMode.Before) ? 3 : 7)
        {
            using var folder = TempFolder.InMemory();
            LedgerWorld world = World(folder, PictureContainer.Parquet, writesDrops: true);
            await world.RunAsync();
            RowKey[] dropped = SomeDropped(world);
            string when = string.Create(CultureInfo.InvariantCulture, $"{mode} at step {step} of {steps}");
            await RunStateCrashTests.CrashAsync(disk => RemoveAsync(folder, Urls(world, dropped), disk), new FaultDisk(step, Enum.Parse<FaultMode>(mode)));

            if (step % 2 == 0)
            {
                await world.RunAsync(FaultDisk.Immortal());
                Assert.Empty(world.Admitted);
                await world.SummariseAsync();
                await AssertWholeAsync(world, when);
            }

            await RemoveAsync(folder, Urls(world, dropped));
            await world.SummariseAsync();
            await AssertWholeAsync(world, when);
            Assert.Equal(world.ExpectedDrops().Keys.Except(dropped).Order(BySampleId), (await world.ReadDroppedAsync()).Keys.Select(row => row.Key)
                .Order(BySampleId));
            Assert.Empty(TempNames.FindBelow(folder.Root));
        }

        Assert.True(steps > 15, $"{steps} steps");
    }

    [Fact]
    public async Task Verify_DroppedRowThatVanishedWithoutALine_IsNotWhole()
    {
        using var folder = new TempFolder();
        LedgerWorld world = World(folder, PictureContainer.Tar, writesDrops: true);
        await world.RunAsync();
        await world.SummariseAsync();
        await RemoveAsync(folder, Urls(world, SomeDropped(world)));
        string manifest = Path.Combine(folder.Root, "state", "manifest.jsonl");
        string[] lines = await File.ReadAllLinesAsync(manifest);
        int last = Array.FindLastIndex(lines, line => line.Contains("\"removal\"", StringComparison.Ordinal));
        ManifestEntry entry = ManifestEntry.Parse(Encoding.UTF8.GetBytes(lines[last]))!;
        lines[last] = Encoding.UTF8.GetString((entry with { Removal = entry.Removal! with { Rows = new Dictionary<int, string>() } }).ToLine());
        await File.WriteAllTextAsync(manifest, string.Join('\n', lines) + "\n");

        VerifyReport report = await new RunVerifier(folder.Root).VerifyAsync(CancellationToken.None);

        Assert.Contains(report.Problems, problem => problem.Contains("were not removed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Remove_RecordsDigestsOfRowsThatATornFileLost()
    {
        using var folder = new TempFolder();
        LedgerWorld world = await RunAsync(folder);
        RowKey row = world.Expected().Keys.First();
        string path = Path.Combine(folder.Root, "state", RemovedDigests.RowsName);
        await File.WriteAllTextAsync(path, RemovedDigests.OfRow(world.HashOf(row))); // written, but not its line end

        await RemoveAsync(folder, Hashes(world, [row]));

        Assert.Equal([RemovedDigests.OfRow(world.HashOf(row))], await File.ReadAllLinesAsync(path));
        var known = new RemovedSet();
        known.Read(Path.Combine(folder.Root, "state"));
        Assert.True(known.HasRow(world.HashOf(row)));
        Assert.True(known.HasUrl(UrlOf(world, row)));
        Assert.False(known.HasRow(world.HashOf(row) + 1));
    }

    [Fact]
    public async Task Remove_AfterAnEarlierVersion_KeepsApartWhoseRowsItDidNotList()
    {
        using var folder = new TempFolder();
        LedgerWorld world = await RunAsync(folder);
        RowKey[] rows = [.. world.Expected().Keys.Take(3)];
        string state = Path.Combine(folder.Root, "state");
        await RemoveAsync(folder, Hashes(world, rows[..1]));
        File.Delete(Path.Combine(state, RemovedDigests.RowsName)); // what an earlier version left

        await RemoveAsync(folder, Hashes(world, rows[1..2]));
        await RemoveAsync(folder, Hashes(world, rows[2..]));

        var known = new RemovedSet();
        known.Read(state);
        Assert.Equal([true, false, false], rows.Select(row => known.HasUrlWithoutRow(UrlOf(world, row))));
        Assert.Equal([false, true, true], rows.Select(row => known.HasRow(world.HashOf(row))));
    }

    [Fact]
    public async Task Remove_Trial_CountsAndChangesNothing()
    {
        using var folder = new TempFolder();
        LedgerWorld world = await RunAsync(folder);
        RowKey[] some = Some(world);
        string before = Digest(folder);

        RemovalReport report = await Removal(folder).RunAsync(Hashes(world, some), new RemovedSet(), requireLock: true, isTrial: true, CancellationToken.None);

        Assert.Equal(some.Length, report.Rows);
        Assert.Equal(before, Digest(folder));
    }

    [Fact]
    public async Task Remove_PartsThatAreAway_AreCounted()
    {
        using var folder = new TempFolder();
        LedgerWorld world = await RunAsync(folder);
        string part = Directory.EnumerateFiles(folder.Root, "part-*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        File.Delete(part);

        Assert.Equal(1, (await RemoveAsync(folder, Hashes(world, [.. world.Expected().Keys]))).Away);
    }

    [Theory]
    [InlineData("part-*.parquet", nameof(PictureContainer.Tar), true)]
    [InlineData("part-*.parquet", nameof(PictureContainer.Tar), false)]
    [InlineData("*.tar", nameof(PictureContainer.Tar), true)]
    [InlineData("*.tar", nameof(PictureContainer.Tar), false)]
    [InlineData("*.npy", nameof(PictureContainer.Tar), true)]
    [InlineData("00*", nameof(PictureContainer.Files), true)]
    [InlineData("00*", nameof(PictureContainer.Files), false)]
    [InlineData("*.jpg", nameof(PictureContainer.Files), true)]
    public async Task Remove_PartWithASymbolicLink_IsRefusedByNameUntilTheFileIsInItsPlace(string pattern, string container, bool isWhole)
    {
        using var folder = new TempFolder();
        using var elsewhere = new TempFolder();
        LedgerWorld world = await RunAsync(folder, Enum.Parse<PictureContainer>(container));
        RowKey[] removed = isWhole ? [.. world.Expected().Keys] : Some(world);
        string link = Directory.EnumerateFileSystemEntries(folder.Root, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        string target = elsewhere.At("moved");
        Move(link, target);
        File.CreateSymbolicLink(link, target);
        string before = Digest(elsewhere);

        InvalidDataException refused = await Assert.ThrowsAsync<InvalidDataException>(() => RemoveAsync(folder, Hashes(world, removed)));

        Assert.Contains($"'{link}' is a symbolic link, and the rows would stay in '{target}'", refused.Message, StringComparison.Ordinal);
        Assert.Equal((target, before), (new FileInfo(link).LinkTarget, Digest(elsewhere)));

        File.Delete(link);
        Move(target, link);
        await RemoveAsync(folder, Hashes(world, removed));
        await AssertWithoutAsync(world, removed, pattern);
    }

    private static void Move(string from, string to)
    {
        if (Directory.Exists(from)) { Directory.Move(from, to); }
        else { File.Move(from, to); }
    }

    [Fact]
    public async Task Remove_OutputWithoutItsSettings_IsRefusedAndChangesNothing()
    {
        using var folder = new TempFolder();
        LedgerWorld world = await RunAsync(folder);
        File.Delete(folder.At("state/run.json"));
        string before = Digest(folder);

        OutputRefusedException refused = await Assert.ThrowsAsync<OutputRefusedException>(() => RemoveAsync(folder, Hashes(world, Some(world))));

        Assert.Contains("state/run.json is missing", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, Digest(folder));
    }

    [Fact]
    public async Task Remove_NoOutputOrOneInUse_IsRefused()
    {
        using var folder = new TempFolder();
        await Assert.ThrowsAsync<OutputRefusedException>(() => RemoveAsync(folder, List("hash", "1")));
        LedgerWorld world = await RunAsync(folder);
        await using RunState state = world.Open();

        await Assert.ThrowsAsync<OutputRefusedException>(() => RemoveAsync(folder, List("hash", "1")));
    }

    [Fact]
    public async Task Remove_MarksTheOutput_SoThatEarlierVersionsRefuseIt()
    {
        using var folder = new TempFolder();
        LedgerWorld world = await RunAsync(folder);
        byte[] before = await File.ReadAllBytesAsync(Path.Combine(folder.Root, "state", "run.json"));

        await RemoveAsync(folder, List("hash", "12345")); // of no row
        Assert.Equal(before, await File.ReadAllBytesAsync(Path.Combine(folder.Root, "state", "run.json")));
        await RemoveAsync(folder, Hashes(world, Some(world)));

        Assert.Equal("True", RunFingerprint.Parse(await File.ReadAllBytesAsync(Path.Combine(folder.Root, "state", "run.json")))["Output:Removals"]);
    }

    [Fact]
    public async Task Verify_ReplacementThatLostMoreThanItSays_IsNotWhole()
    {
        using var folder = new TempFolder();
        LedgerWorld world = await RunAsync(folder);
        await RemoveAsync(folder, Hashes(world, Some(world)));
        string manifest = Path.Combine(folder.Root, "state", "manifest.jsonl");
        string[] lines = await File.ReadAllLinesAsync(manifest);
        int last = Array.FindLastIndex(lines, line => line.Contains("\"removal\"", StringComparison.Ordinal));
        ManifestEntry entry = ManifestEntry.Parse(Encoding.UTF8.GetBytes(lines[last]))!;
        lines[last] = Encoding.UTF8.GetString((entry with { Removal = entry.Removal! with { Count = entry.Removal.Count + 1 } }).ToLine());
        await File.WriteAllTextAsync(manifest, string.Join('\n', lines) + "\n");

        VerifyReport report = await new RunVerifier(folder.Root).VerifyAsync(CancellationToken.None);

        Assert.Contains(report.Problems, problem => problem.Contains("does not have the rows of commit", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("domain", "example.org", "http://example.org/x", true)]
    [InlineData("domain", "example.org", "https://a.b.EXAMPLE.org:8080/x", true)]
    [InlineData("domain", "Example.org.", "http://example.org/x", true)]
    [InlineData("domain", "example.org", "http://notexample.org/x", false)]
    [InlineData("domain", "a.example.org", "http://example.org/x", false)]
    [InlineData("domain", "bücher.example", "http://xn--bcher-kva.example/x", true)]
    [InlineData("domain", "10.0.0.1", "http://10.0.0.1/x", true)]
    [InlineData("url", "http://example.org/x", "http://example.org/x", true)]
    [InlineData("url", "http://example.org/x", "http://example.org/X", false)]
    [InlineData("url", "http://example.org/x", "http://example.org/x?y", false)]
    public void List_Address_IsFound(string kind, string entry, string url, bool expected) => Assert.Equal(expected, List(kind, entry).HasAddress(url));

    [Theory]
    [InlineData("hash", "12x")]
    [InlineData("hash", "99999999999999999999")]
    [InlineData("md5", "abc")]
    [InlineData("md5", "zz2a1b6d1c7c2a9ff3b9b8d25a6a6e4c")]
    [InlineData("url", "not an address")]
    [InlineData("domain", "http://example.org/")]
    [InlineData("domain", "a b")]
    public void List_LineThatIsNoEntry_IsNamed(string kind, string line) =>
        Assert.Contains("list.txt, line 2", Assert.Throws<FormatException>(() => List(kind, "# comment\n" + line)).Message, StringComparison.Ordinal);

    [Fact]
    public void List_Digests_AreComparedWithoutCase() =>
        Assert.True(List("md5", "D41D8CD98F00B204E9800998ECF8427E").HasPicture("d41d8cd98f00b204e9800998ecf8427e"));

    private static RemovalList List(string kind, string content)
    {
        var list = new RemovalList();
        list.Add(kind, "list.txt", Encoding.UTF8.GetBytes(content));
        return list;
    }

    private static RemovalList Hashes(LedgerWorld world, RowKey[] rows) => List("hash", string.Join('\n', rows.Select(world.HashOf)));

    private static readonly Comparer<RowKey> BySampleId = Comparer<RowKey>.Create((a, b) => a.SampleId.CompareTo(b.SampleId));

    private static string UrlOf(LedgerWorld world, RowKey row) => $"http://example.org/{world.HashOf(row)}";

    private static RemovalList Urls(LedgerWorld world, RowKey[] rows) => List("url", string.Join('\n', rows.Select(row => UrlOf(world, row))));

    /// <summary>Half of the rows that were dropped late, with an address.</summary>
    private static RowKey[] SomeDropped(LedgerWorld world) =>
        [.. world.ExpectedDrops().Where(row => row.Value.Outcome.Reason is DropReason.Timeout or DropReason.HttpStatus
        or DropReason.LowSimilarity or DropReason.DecodeFailed).Select(row => row.Key).Order(BySampleId).Where((_, i) => i % 2 == 0)];

    private static async Task<IReadOnlyList<string?>> DroppedUrlsAsync(TempFolder folder)
    {
        var urls = new List<string?>();
        foreach (string path in Directory.EnumerateFiles(Path.Combine(folder.Root, "dropped"), "*.parquet"))
        {
            await using SampleFileReader reader = await SampleFileReader.OpenAsync(path);
            await foreach (string? url in reader.ReadTextsAsync("URL")) { urls.Add(url); }
        }

        return urls;
    }

    private static async Task AssertWholeAsync(LedgerWorld world, string when)
    {
        VerifyReport report = await new RunVerifier(world.Folder).VerifyAsync(CancellationToken.None);
        Assert.True(report.IsWhole, $"{when}: {report.Line} {string.Join("; ", report.Problems)}");
    }

    /// <summary>A third of the kept rows.</summary>
    private static RowKey[] Some(LedgerWorld world) => [.. world.Expected().Keys.OrderBy(key => key.SampleId).Where((_, i) => i % 3 == 0)];

    private static LedgerWorld World(TempFolder folder, PictureContainer container, bool writesDrops = false, int rowsPerFile = 24)
    {
        var world = new LedgerWorld(folder.Root, files: 2, rowsPerFile)
        {
            Tuning = new LedgerTuning(TimeSpan.FromHours(1), SegmentBytes: 250),
            WritesDrops = writesDrops
        };
        world.Options.Embeddings = KeptVectors.Both;
        world.Options.Images = KeptPictures.Original;
        world.Options.Container = container;
        return world;
    }

    private static async Task<LedgerWorld> RunAsync(TempFolder folder, PictureContainer container = PictureContainer.Tar)
    {
        LedgerWorld world = World(folder, container);
        await world.RunAsync();
        await world.SummariseAsync();
        return world;
    }

    private static OutputRemoval Removal(TempFolder folder, IDisk? disk = null) =>
        new(folder.Root, new FakeTimeProvider(), NullLoggerFactory.Instance, disk ?? FaultDisk.Immortal());

    private static Task<RemovalReport> RemoveAsync(TempFolder folder, RemovalList list, IDisk? disk = null) =>
        Removal(folder, disk).RunAsync(list, new RemovedSet(), requireLock: true, isTrial: false, CancellationToken.None);

    private static string Digest(TempFolder folder) =>
        string.Join('\n', Directory.EnumerateFiles(folder.Root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Where(path => !path.EndsWith("/lock", StringComparison.Ordinal))
        .Select(path => path + Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)))));

    private static async Task AssertWithoutAsync(LedgerWorld world, RowKey[] removed, string when, bool isRetried = false)
    {
        IReadOnlyDictionary<RowKey, string> found = await world.ReadPartsAsync();
        Dictionary<RowKey, string> expected = world.Expected(isRetried).Where(row => !removed.Contains(row.Key)).ToDictionary();
        Assert.True(expected.Count == found.Count
            && expected.All(row => found.TryGetValue(row.Key, out string? set) && set == row.Value), $"{when}: {found.Count} rows instead of {expected.Count}");
        VerifyReport report = await new RunVerifier(world.Folder).VerifyAsync(CancellationToken.None);
        Assert.True(report.IsWhole, $"{when}: {report.Line}");
        Assert.Equal(expected.Count, report.Rows);
        Assert.Empty(TempNames.FindBelow(world.Folder));
    }
}
