using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Ledger.Verify;
using LaionStream.TestWorld;

namespace LaionStream.Engine.Tests.Ledger.State;

/// <summary>
/// Parts that are moved away, replaced or truncated between sessions: no name is used twice, and only files that match the manifest become visible.
/// </summary>
public sealed class ShippingTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TempFolder _archive = new();

    public void Dispose()
    {
        _folder.Dispose();
        _archive.Dispose();
    }

    [Theory]
    [InlineData(nameof(FaultMode.Before), 250)]
    [InlineData(nameof(FaultMode.Torn), 250)]
    [InlineData(nameof(FaultMode.PowerLoss), 250)]
    [InlineData(nameof(FaultMode.Torn), 1 << 20)]
    public async Task Run_DiesAtEveryStepWithPartsShippedBefore_ArchiveHasEveryRowOnce(string mode, int segment)
    {
        for (int step = 1; ; step++)
        {
            using var folder = TempFolder.InMemory();
            using var archive = TempFolder.InMemory();
            LedgerWorld world = new(folder.Root, files: 2, rowsPerFile: 30) { Tuning = new LedgerTuning(TimeSpan.FromHours(1), segment) };
            bool isDone = await RunStateCrashTests.CrashAsync(world.RunAsync, new FaultDisk(step, Enum.Parse<FaultMode>(mode)));
            Ship(folder, archive);
            await RunStateCrashTests.CrashAsync(world.RunAsync, new FaultDisk(1 + (step % 40), FaultMode.Torn));
            Ship(folder, archive);
            await world.RunAsync(FaultDisk.Immortal());
            Ship(folder, archive);
            await world.RetryAsync(FaultDisk.Immortal());
            Ship(folder, archive);

            IReadOnlyDictionary<RowKey, string> found = await new LedgerWorld(archive.Root, files: 2, rowsPerFile: 30).ReadPartsAsync();
            Assert.Equal(Lines(world.Expected(isRetried: true)), Lines(found));
            await world.SummariseAsync();
            VerifyReport report = await new RunVerifier(folder.Root, isShipped: true).VerifyAsync(CancellationToken.None);
            Assert.True(report.IsWhole, $"{mode} at step {step}: {report.Line}");
            Assert.Contains($"{found.Count} rows in {report.Parts} files ({report.Parts} of them not here: counted by the manifest)", report.Line,
                StringComparison.Ordinal);
            Assert.Contains("is missing", (await new RunVerifier(folder.Root).VerifyAsync(CancellationToken.None)).Line, StringComparison.Ordinal);
            if (isDone) { break; }
        }
    }

    [Fact]
    public async Task Open_TornTempUnderTheCommitsName_IsRefusedAndNothingBecomesVisible()
    {
        ManifestFile listed = await CommittedAsync();
        File.Delete(_folder.At(listed.Path));
        await File.WriteAllTextAsync(_folder.At(listed.Temp), "half");

        OutputRefusedException refused = Assert.Throws<OutputRefusedException>(() => World().Open());

        Assert.Contains(listed.Temp, refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.At(listed.Path)));
        File.Delete(_folder.At(listed.Temp));
        await World().RunAsync(FaultDisk.Immortal());
    }

    [Fact]
    public async Task Open_OtherSessionsTempUnderAnOldListedName_IsDeleted()
    {
        ManifestFile listed = await CommittedAsync();
        string manifest = await File.ReadAllTextAsync(_folder.At("state/manifest.jsonl"));
        string old = TempNames.Of(listed.Path);
        await File.WriteAllTextAsync(_folder.At("state/manifest.jsonl"), manifest.Replace(listed.Temp, old, StringComparison.Ordinal)); // as 613fb31 wrote it
        File.Delete(_folder.At(listed.Path));
        await File.WriteAllTextAsync(_folder.At(old), "half of another part");

        await using RunState state = World().Open();

        Assert.False(File.Exists(_folder.At(old)));
        Assert.False(File.Exists(_folder.At(listed.Path)));
    }

    [Fact]
    public async Task Open_RightTempUnderAnOldListedName_BecomesVisible()
    {
        ManifestFile listed = await CommittedAsync();
        string manifest = await File.ReadAllTextAsync(_folder.At("state/manifest.jsonl"));
        string old = TempNames.Of(listed.Path);
        await File.WriteAllTextAsync(_folder.At("state/manifest.jsonl"), manifest.Replace(listed.Temp, old, StringComparison.Ordinal));
        File.Move(_folder.At(listed.Path), _folder.At(old));

        await using RunState state = World().Open();

        Assert.True(PartFiles.Has(_folder.At(listed.Path), listed));
    }

    [Fact]
    public async Task Open_AnotherFileAtThePathOfAPart_IsNeverOverwritten()
    {
        ManifestFile listed = await CommittedAsync();
        File.Copy(_folder.At(listed.Path), _folder.At(listed.Temp));
        await File.WriteAllTextAsync(_folder.At(listed.Path), "mine");

        OutputRefusedException refused = Assert.Throws<OutputRefusedException>(() => World().Open());
        Assert.Contains(listed.Path, refused.Message, StringComparison.Ordinal);

        File.Delete(_folder.At(listed.Temp));
        await World().RunAsync(FaultDisk.Immortal()); // a part that was replaced afterwards is the operator's; verify reports it
        Assert.Equal("mine", await File.ReadAllTextAsync(_folder.At(listed.Path)));
        await World().SummariseAsync();
        Assert.Contains(listed.Path, (await new RunVerifier(_folder.Root, isShipped: true).VerifyAsync(CancellationToken.None)).Line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_ManifestLostItsLastLine_IsRefusedWhileThePartIsThereAndItsNumberIsNotGivenAgain()
    {
        ManifestFile listed = await CommittedAsync();
        string[] lines = await File.ReadAllLinesAsync(_folder.At("state/manifest.jsonl"));
        ManifestFile lost = ManifestEntry.Parse(System.Text.Encoding.UTF8.GetBytes(lines[^1]))!.Files[0];
        await File.WriteAllTextAsync(_folder.At("state/manifest.jsonl"), string.Concat(lines[..^1].Select(line => line + "\n")));

        OutputRefusedException refused = Assert.Throws<OutputRefusedException>(() => World().Open());
        Assert.Contains(lost.Path, refused.Message, StringComparison.Ordinal);

        File.Delete(_folder.At(lost.Path));
        await using RunState state = World().Open();
        string set = lost.Path.Split('/')[0];
        Assert.True(state.TakePart(set, [PartName.Of(".parquet")]) > OutputSets.PartOf(Path.GetFileName(lost.Path)));
        Assert.NotNull(listed);
    }

    private LedgerWorld World() => new(_folder.Root, files: 2, rowsPerFile: 30) { Tuning = new LedgerTuning(TimeSpan.FromHours(1)) };

    /// <summary>Creates an output whose manifest still belongs to its first segment.</summary>
    private async Task<ManifestFile> CommittedAsync()
    {
        await World().RunAsync(FaultDisk.Immortal());
        return ManifestReader.Read(_folder.At("state/manifest.jsonl")).First().Files[0];
    }

    /// <summary>Moves every visible part away; a name that the archive already has was used twice.</summary>
    private static void Ship(TempFolder from, TempFolder to)
    {
        foreach (string part in Directory.EnumerateFiles(from.Root, "part-*.parquet", SearchOption.AllDirectories).ToArray())
        {
            string target = Path.Combine(to.Root, Path.GetRelativePath(from.Root, part));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Move(part, target, overwrite: false);
        }
    }

    private static string Lines(IReadOnlyDictionary<RowKey, string> rows) =>
        string.Join(' ', rows.OrderBy(pair => pair.Key.SampleId).Select(pair => $"{pair.Key.SampleId}:{pair.Value}"));
}
